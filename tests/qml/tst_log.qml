import QtQuick
import QtTest
import Tend.Models

// Writing down what a customer said.
Scene {
    id: scene

    Hands {
        name: "Log"
        scene: scene

        function init() {
            begin(0);
        }

        function test_aChosenAnswerHasATick_data() {
            return [0, 1, 2, 3].map(index => ({
                            "tag": "answer" + index
                        }));
        }

        function test_aChosenAnswerHasATick(data) {
            scene.bench.app.logCall();
            scene.bench.settle();
            wait(30);
            press(data.tag);
            for (let index = 0; index < 4; ++index) {
                const part = item("answer" + index);
                const tick = scene.bench.find(part, "tick");
                compare(tick !== null, part.objectName === data.tag);
            }
        }

        function test_P1_3_threePressesLogAVisit() {
            press("logButton");
            press("feeling2");
            press("saveButton");
            compare(scene.bench.savedCount(), 1);
            const visit = scene.bench.lastSaved();
            compare(visit.customerId, "person-1");
            compare(visit.kind, LogModel.Visit);
            compare(visit.feeling, -1);
            compare(visit.theySaidSo, true);
            verify(gone("logSheet"));
            compare(item("snackbar").words, "Saved. On this phone, waiting.");
        }

        function test_undoTakesTheVisitBack() {
            const before = scene.bench.contactsOf("person-1");
            press("logButton");
            press("feeling4");
            press("saveButton");
            compare(scene.bench.contactsOf("person-1"), before + 1);
            press("undoButton");
            compare(scene.bench.contactsOf("person-1"), before);
        }

        function test_withoutAServerTheBarSaysSavedOnThisPhone() {
            scene.bench.setSync(0, 0, "");
            press("logButton");
            press("saveButton");
            compare(item("snackbar").words, "Saved on this phone.");
        }

        function test_noAnswerIsAnAttemptWithoutAFeeling() {
            press("logButton");
            press("kind1");
            press("feeling5");
            press("answer1");
            verify(gone("feeling5"));
            press("saveButton");
            const call = scene.bench.lastSaved();
            compare(call.kind, LogModel.Call);
            compare(call.outcome, 1);
            compare(call.feeling, LogModel.DidntSay);
        }

        function test_theyCalledIsATalkFromTheirSide() {
            press("logButton");
            press("kind1");
            press("answer3");
            press("saveButton");
            compare(scene.bench.lastSaved().outcome, 0);
            compare(scene.bench.lastSaved().direction, 1);
        }

        function test_theirWordsAndOurImpressionStayApart() {
            press("logButton");
            press("saidField");
            write("too late");
            press("impressionField");
            write("tired");
            press("source1");
            press("feeling1");
            press("saveButton");
            const visit = scene.bench.lastSaved();
            compare(visit.said, "too late");
            compare(visit.impression, "tired");
            compare(visit.theySaidSo, false);
        }

        function test_aDraftOutlivesACrash() {
            press("logButton");
            press("saidField");
            write("we open at six");
            tryVerify(() => scene.bench.draft().said === "we open at six", 600);
            scene.bench.restart();
            wait(50);
            verify(item("draftRow").text.includes("You were writing about Ana Ruiz"));
            press("draftRow");
            compare(item("saidField").text, "we open at six");
            press("saveButton");
            compare(scene.bench.lastSaved().said, "we open at six");
            compare(Object.keys(scene.bench.draft()).length, 0);
            verify(gone("draftRow"));
        }

        function test_aRemarkOutlivesACrash() {
            press("remarkButton");
            write("nobody called");
            tryVerify(() => scene.bench.remarkDraft() === "nobody called", 600);
            scene.bench.restart();
            wait(50);
            compare(item("draftRow").text, "You were writing a remark – continue");
            press("draftRow");
            compare(item("remarkField").text, "nobody called");
            press("saveRemark");
            compare(scene.bench.remarks(), ["nobody called"]);
            compare(scene.bench.remarkDraft(), "");
            verify(gone("draftRow"));
        }

        function test_closingARemarkKeepsIt() {
            press("remarkButton");
            write("later");
            press("remarkClose");
            compare(scene.bench.remarkDraft(), "later");
            verify(!gone("draftRow"));
            press("remarkButton");
            compare(item("remarkField").text, "later");
        }

        function test_aDraftIsNotLostToAnotherCustomers() {
            press("logButton");
            press("saidField");
            write("first");
            press("logClose");
            scene.bench.app.logVisit("person-2");
            scene.bench.settle();
            press("saidField");
            write("second");
            press("logClose");
            compare(scene.bench.draftCount(), 2);
            press("draftRow1");
            compare(item("saidField").text, "first");
            press("saveButton");
            compare(scene.bench.lastSaved().customerId, "person-1");
            compare(scene.bench.draftCount(), 1);
        }

        function test_aSavedVisitCanBeCorrected() {
            scene.bench.app.openCustomer("person-1");
            scene.bench.settle();
            wait(50);
            const before = scene.bench.contactsOf("person-1");
            const story = item("storyList").model;
            const id = story.keyAt(0);
            press("story0");
            verify(item("logSheet").title.startsWith("Correct"));
            const words = item("saidField").text;
            press("saidField");
            keyClick(Qt.Key_End, Qt.ControlModifier);
            write("!");
            press("saveButton");
            compare(scene.bench.lastSaved().visitId, id);
            compare(scene.bench.lastSaved().said, words + "!");
            compare(scene.bench.contactsOf("person-1"), before);
            verify(item("story0").title.endsWith("corrected"));
            press("undoButton");
            compare(scene.bench.lastSaved().said, words);
            compare(scene.bench.contactsOf("person-1"), before);
        }

        function test_aCorrectionIsKeptAsADraftOfItsOwn() {
            scene.bench.app.openCustomer("person-1");
            scene.bench.settle();
            wait(50);
            press("story0");
            press("saidField");
            keyClick(Qt.Key_End, Qt.ControlModifier);
            write("!");
            press("logClose");
            compare(scene.bench.draftCount(), 1);
            press("backButton");
            verify(item("draftRow").text.startsWith("You were correcting a note on Ana Ruiz"));
            // It stands in nobody's way.
            press("logButton");
            compare(item("saidField").text, "");
            press("logClose");
            press("draftRow");
            verify(item("saidField").text.endsWith("!"));
            press("saidField");
            keyClick(Qt.Key_End, Qt.ControlModifier);
            keyClick(Qt.Key_Backspace);
            press("logClose");
            compare(scene.bench.draftCount(), 0);
        }

        function test_closingKeepsWhatWasWritten() {
            press("logButton");
            press("saidField");
            write("later");
            press("logClose");
            verify(gone("logSheet"));
            compare(scene.bench.draft().said, "later");
            press("logButton");
            compare(item("saidField").text, "later");
        }

        function test_nobodyChosenIsSaidAndTheWordsStay() {
            press("logButton");
            press("saidField");
            write("hello");
            press("who0");
            press("saveButton");
            compare(scene.bench.savedCount(), 0);
            compare(item("whoError").text, "Choose who this was.");
            compare(item("saidField").text, "hello");
            press("who1");
            press("saveButton");
            compare(scene.bench.lastSaved().customerId, "person-2");
        }

        function test_aFullDiskKeepsTheSheetOpen() {
            press("logButton");
            press("saidField");
            write("hello");
            scene.bench.fail("saveVisit", "full");
            press("saveButton");
            compare(item("logError").text, "Disk is full. Free some space; your note is still open here.");
            compare(item("saidField").text, "hello");
            scene.bench.heal();
            press("saveButton");
            compare(scene.bench.lastSaved().said, "hello");
        }

        function test_somebodyNewIsMadeOnSaving() {
            press("logButton");
            press("whoOther");
            press("whoSearch");
            write("Jans");
            wait(200);
            press("foundNew");
            press("saveButton");
            compare(scene.bench.lastSaved().newCustomer, "Jans");
        }

        function test_somebodyElseIsFoundByName() {
            press("logButton");
            press("whoOther");
            press("whoSearch");
            write("lena");
            wait(250);
            press("found0");
            press("saveButton");
            compare(scene.bench.lastSaved().customerId, "person-6");
        }

        function test_aNextStepHasWordsAndADay() {
            press("logButton");
            press("nextStepChip");
            press("nextStepField");
            write("bring times");
            scene.bench.app.log.nextStepIn = 7;
            press("saveButton");
            compare(scene.bench.lastSaved().nextStep, "bring times");
            compare(scene.bench.lastSaved().hasDay, true);
        }

        function test_theKeyboardAloneLogsAVisit() {
            scene.shell.forceActiveFocus();
            keyClick(Qt.Key_N, Qt.ControlModifier);
            scene.bench.settle();
            item("logSheet").forceActiveFocus();
            keyClick(Qt.Key_4);
            keyClick(Qt.Key_Return, Qt.ControlModifier);
            scene.bench.settle();
            compare(scene.bench.savedCount(), 1);
            compare(scene.bench.lastSaved().feeling, 1);
        }

        function test_escapeKeepsADraft() {
            press("logButton");
            press("saidField");
            write("x");
            keyClick(Qt.Key_Escape);
            scene.bench.settle();
            verify(gone("logSheet"));
            compare(scene.bench.draft().said, "x");
        }

        function test_C2_aRemarkTakesTwoPressesAndItsWords() {
            press("remarkButton");
            write("nobody called me back");
            press("saveRemark");
            compare(scene.bench.remarks(), ["nobody called me back"]);
            verify(gone("remarkSheet"));
        }

        // A sheet that is not open is nowhere, not even on its way out, however the window grows.
        function test_noSheetCrossesThePageAtTheStart() {
            scene.bench.app.settings.reduceMotion = false;
            begin(0);
            verify(gone("logSheet") && gone("remarkSheet"));
            scene.height = 900;
            verify(gone("logSheet") && gone("remarkSheet"));
            scene.height = 844;
            scene.bench.app.settings.reduceMotion = true;
        }

        function test_aRemarkWithoutWordsSaysSo() {
            press("remarkButton");
            press("saveRemark");
            compare(scene.bench.remarks().length, 0);
            verify(!gone("remarkSheet"));
            compare(scene.bench.app.remark.wordsError, "Write down what was said first.");
        }

        function test_whatIsOpenedByKeyIsSeen() {
            scene.width = 1280;
            scene.height = 800;
            begin(0);
            scene.bench.app.logCall();
            scene.bench.settle();
            wait(50);
            item("nextStepChip").forceActiveFocus(Qt.TabFocusReason);
            keyClick(Qt.Key_Space);
            wait(80);
            const field = item("nextStepField");
            verify(field.activeFocus);
            const save = item("saveButton");
            verify(field.mapToItem(scene.shell, 0, field.height).y < save.mapToItem(scene.shell, 0, 0).y);
            scene.width = 390;
            scene.height = 844;
        }

        function test_aRemarkIsGoneOnWithAtItsEnd() {
            begin(0);
            press("remarkButton");
            write("Late");
            press("remarkClose");
            press("remarkButton");
            compare(item("remarkField").text, "Late");
            compare(item("remarkField").cursorPosition, 4);
        }
    }
}
