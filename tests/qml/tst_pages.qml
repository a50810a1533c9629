import QtQuick
import QtTest
import Tend.Models

// The pages: what they say in each state, and where a press leads.
Scene {
    id: scene

    // Where one would paste what was copied.
    TextInput {
        id: elsewhere

        visible: false
    }

    Hands {
        name: "Pages"
        scene: scene

        function init() {
            begin(0);
        }

        function test_todaySaysWhoWhatAndWhy() {
            const row = item("todayRow0");
            compare(row.Accessible.name, "Piet de Vries, Hand over the oven quote, You promised it by tomorrow");
            compare(item("offlineLine").text, "Offline. 3 notes wait on this phone.");
        }

        function test_aRowOpensItsCustomerAndBackReturns() {
            press("todayRow1");
            compare(item("customerName").text, "Ana Ruiz");
            compare(item("lastWords").words, "“The van came at seven again. We open at six.”");
            press("backButton");
            verify(gone("customerName"));
            verify(!gone("todayRow0"));
        }

        function test_theListCountsPeopleNotRows() {
            compare(item("todayList").Accessible.name, "Today, %1 customer(s)".arg(scene.bench.app.today.people));
            verify(scene.bench.app.today.people > 0);
            verify(scene.bench.app.today.people <= scene.bench.app.today.count);
        }

        function laptop() {
            scene.width = 1280;
            scene.height = 800;
            begin(0);
            scene.shell.forceActiveFocus();
        }

        function cleanup() {
            scene.width = 390;
            scene.height = 844;
        }

        function test_theKeysOfTodayActOnTheChosenRow() {
            laptop();
            scene.bench.app.select("person-1");
            scene.bench.settle();
            keyClick(Qt.Key_L);
            scene.bench.settle();
            wait(50);
            verify(!gone("logSheet"));
            press("logClose");
            scene.shell.forceActiveFocus();
            keyClick(Qt.Key_C);
            compare(item("snackbar").words, "Number copied.");
        }

        function test_escapeClosesThePageOfKeysAndNothingElse() {
            laptop();
            scene.bench.app.go(AppState.Sync);
            wait(30);
            keyClick("?");
            wait(30);
            verify(!gone("keysSheet"));
            keyClick(Qt.Key_Escape);
            tryVerify(() => gone("keysSheet"), 1000);
            compare(scene.bench.app.page, AppState.Sync);
        }

        function test_doneAndPutOffCanBeUndone() {
            laptop();
            const today = scene.bench.app.today;
            let step = "";
            for (let row = 0; row < today.count && step === ""; ++row) {
                if (today.data(today.index(row, 0), TodayModel.Because) === TodayModel.NextStepDue)
                    step = today.data(today.index(row, 0), TodayModel.CustomerId);
            }
            scene.bench.app.select(step);
            scene.bench.settle();
            const before = today.count;
            keyClick(Qt.Key_D);
            scene.bench.settle();
            compare(item("snackbar").words, "Done.");
            verify(today.count < before);
            press("undoButton");
            compare(today.count, before);
            scene.bench.app.select(step);
            scene.bench.settle();
            scene.shell.forceActiveFocus();
            keyClick(Qt.Key_S);
            scene.bench.settle();
            compare(item("snackbar").words, "Put off until tomorrow.");
            press("undoButton");
            compare(today.count, before);
        }

        function test_aStepThatIsDoneLeavesToday() {
            const before = scene.bench.app.today.count;
            scene.bench.app.markDone("visit-5");
            scene.bench.settle();
            compare(scene.bench.calls("setNextStep"), 1);
            verify(scene.bench.app.today.count < before);
        }

        function test_aJournalThatCannotBeOpenedSaysWhy() {
            scene.bench.fail("open", "tooNew");
            scene.bench.restart();
            wait(50);
            compare(item("failureLine").text, "A newer Tend wrote this. Update the app to go on.");
            verify(gone("firstRun"));
        }

        function test_theFirstRunAsksForACustomer() {
            begin(2);
            press("addFirst");
            write("Ana");
            press("saveCustomer");
            compare(item("customerName").text, "Ana");
        }

        function test_theFirstRunBeginsWithWhoeverIsPressed() {
            begin(2);
            press("beginWith2");
            write("Ana");
            press("saveCustomer");
            compare(item("customerName").text, "Ana");
        }

        function test_withoutAServerNothingWaitsForOne() {
            begin(2);
            press("addFirst");
            write("Ana");
            press("saveCustomer");
            scene.bench.app.logCall();
            scene.bench.settle();
            press("answer1");
            press("saveButton");
            const call = item("story0");
            verify(call.Accessible.name.endsWith("no answer, On this phone"), call.Accessible.name);
            compare(scene.bench.find(call, "storyQuote"), null);
        }

        function test_aCustomerWithoutANameIsSaid() {
            begin(2);
            press("addFirst");
            press("saveCustomer");
            compare(scene.bench.app.newCustomer.nameError, "Enter a name, or pick one from the list.");
        }

        function test_searchFindsNamesAndWords() {
            press("navCustomers");
            press("customerSearch");
            write("school order");
            wait(250);
            compare(scene.bench.app.customers.count, 1);
            verify(item("customerRow0").Accessible.name.includes("Late deliveries cost me the school order."));
        }

        function test_whatASearchMatchedIsBold_data() {
            return [{
                    "tag": "words",
                    "search": "school ORDER",
                    "label": "customerRowDetail",
                    "text": "“Late deliveries cost me the <b>school</b> <b>order</b>.”"
                }, {
                    "tag": "name",
                    "search": "ruiz",
                    "label": "customerRowName",
                    "text": "Ana <b>Ruiz</b>"
                }];
        }

        function test_whatASearchMatchedIsBold(data) {
            press("navCustomers");
            press("customerSearch");
            write(data.search);
            wait(250);
            const row = item("customerRow0");
            compare(scene.bench.find(row, data.label).text, data.text);
            verify(!row.Accessible.name.includes("<"));
        }

        function test_aStepThatWasDoneHasATickInTheStory() {
            scene.bench.app.openCustomer("person-1");
            scene.bench.settle();
            wait(30);
            const story = item("story0");
            verify(story.Accessible.name.includes("Next: Ask about the new baby"));
            compare(scene.bench.find(story, "storyTick"), null);
            scene.bench.app.markDone(story.visitId);
            scene.bench.settle();
            wait(30);
            verify(item("story0").Accessible.name.includes("Done: Ask about the new baby"));
            verify(scene.bench.find(item("story0"), "storyTick"));
        }

        // What is not on the screen is not there: a story of a lifetime opens and scrolls as one of a week.
        function test_R9_ofALongStoryOnlyWhatIsSeenIsMade() {
            scene.bench.addVisits("person-1", 5000);
            scene.bench.app.openCustomer("person-1");
            scene.bench.settle();
            wait(50);
            const list = item("storyList");
            verify(list.count >= 5000);
            const most = 60;
            verify(list.contentItem.children.length < most);
            let last = list.itemAtIndex(0).y;
            list.moved = true;  // by a finger
            for (let at = 0; at < 5000; at += 250) {
                list.positionViewAtIndex(at, ListView.Beginning);
                wait(1);
                verify(list.contentItem.children.length < most);
                const node = list.itemAtIndex(at);
                compare(node.objectName, "story" + at);
                verify(at === 0 || node.y > last);
                last = node.y;
            }
        }

        // Somebody's voice first, then going there; writing to them is the last thing offered.
        function test_P1_69_aCallThenAVisitThenAMessage_data() {
            return [{
                    "tag": "phone",
                    "large": false
                }, {
                    "tag": "laptop",
                    "large": true
                }];
        }

        function test_P1_69_aCallThenAVisitThenAMessage(data) {
            if (data.large)
                laptop();
            scene.bench.app.openCustomer("person-1");
            scene.bench.settle();
            wait(30);
            const at = name => {
                const button = item(name);
                verify(button.visible && button.width > 0);
                return button.mapToItem(scene.shell, 0, 0).x;
            };
            verify(at("callButton") < at("logThis"));
            verify(at("logThis") < at("messageButton"));
        }

        function test_theBriefSaysTheLastWordsOnce() {
            laptop();
            scene.bench.app.select("person-1");
            scene.bench.settle();
            wait(30);
            compare(item("lastWords").words, "“The van came at seven again. We open at six.”");
            compare(scene.bench.find(item("story0"), "storyQuote"), null);
            compare(scene.bench.find(item("story1"), "storyQuote").words, "“It is a boy! Mateo.”");
        }

        function test_searchThatFindsNobodyOffersToAdd() {
            press("navCustomers");
            press("customerSearch");
            write("Jans");
            wait(250);
            compare(item("customersEmpty").text, "Nobody with “Jans”");
            press("addFound");
            compare(item("newName").text, "Jans");
        }

        function test_conflictButtons_data() {
            return [{
                    "tag": "mine",
                    "button": "takeMine",
                    "take": SyncModel.Mine
                }, {
                    "tag": "theirs",
                    "button": "takeTheirs",
                    "take": SyncModel.Theirs
                }, {
                    "tag": "both",
                    "button": "takeBoth",
                    "take": SyncModel.Both
                }];
        }

        function test_conflictButtons(data) {
            press("offlineLine");
            press(data.button);
            compare(scene.bench.resolved(), [data.take]);
            verify(gone(data.button));
        }

        function test_aMergeCanBeUndone() {
            press("offlineLine");
            press("merged0");
            compare(scene.bench.mergedCount(), 0);
        }

        function test_tryNowAsksForASync() {
            press("offlineLine");
            const before = scene.bench.calls("syncSoon");
            press("tryNow");
            tryVerify(() => scene.bench.calls("syncSoon") === before + 1, 1000);
        }

        function test_syncTitles_data() {
            return [{
                    "tag": "no server",
                    "phase": 0,
                    "waiting": 0,
                    "problem": "",
                    "title": "All on this phone"
                }, {
                    "tag": "in step",
                    "phase": 1,
                    "waiting": 0,
                    "problem": "",
                    "title": "All on the server"
                }, {
                    "tag": "one waits",
                    "phase": 1,
                    "waiting": 1,
                    "problem": "",
                    "title": "1 note waits on this phone"
                }, {
                    "tag": "working",
                    "phase": 2,
                    "waiting": 2,
                    "problem": "",
                    "title": "2 notes wait on this phone"
                }, {
                    "tag": "offline",
                    "phase": 3,
                    "waiting": 0,
                    "problem": "offline",
                    "title": "Offline, and nothing waits"
                }, {
                    "tag": "revoked",
                    "phase": 4,
                    "waiting": 1,
                    "problem": "unauthorized",
                    "title": "Join again to send"
                }, {
                    "tag": "too new",
                    "phase": 4,
                    "waiting": 0,
                    "problem": "tooNew",
                    "title": "Update the app or the server"
                }, {
                    "tag": "untrusted",
                    "phase": 4,
                    "waiting": 0,
                    "problem": "untrusted",
                    "title": "This server could not prove who it is"
                }];
        }

        function test_syncTitles(data) {
            scene.bench.setSync(data.phase, data.waiting, data.problem);
            scene.bench.app.go(AppState.Sync);
            wait(30);
            compare(item("syncTitle").text, data.title);
        }

        function test_whatWaitsThoughTheServerAnswersIsSaid() {
            scene.bench.setSync(1, 2, "");
            scene.bench.setStuck(11);
            compare(item("offlineLine").text, "Not sent since 14:09.");
            press("offlineLine");
            compare(item("syncTitle").text, "Not sent since 14:09");
            compare(item("syncDetail").text, "The server answers, but takes nothing; Tend began anew. Your 2 notes are safe here.");
        }

        function test_joinErrors_data() {
            return [{
                    "tag": "invalid",
                    "words": "This is not an invitation. Copy the whole line that begins with tend://join and paste it here."
                }, {
                    "tag": "refused",
                    "words": "This invitation was used or has run out. Ask for a new one."
                }, {
                    "tag": "untrusted",
                    "words": "This server could not prove who it is. Nothing was sent. Ask for a new invitation."
                }, {
                    "tag": "offline",
                    "words": "There is no connection to this server. Try again where there is one."
                }];
        }

        function test_joinErrors(data) {
            begin(2);
            scene.bench.app.go(AppState.Settings);
            wait(30);
            scene.bench.fail("join", data.tag);
            press("invitation");
            write("abc");
            press("join");
            compare(scene.bench.app.settings.joinError, data.words);
            compare(item("invitation").text, "abc");
        }

        function test_aGoodInvitationJoins() {
            begin(2);
            scene.bench.app.go(AppState.Settings);
            wait(30);
            press("invitation");
            write("tend://join?x");
            press("join");
            compare(scene.bench.app.settings.workspace, "Mill Lane");
            verify(gone("invitation"));
        }

        function pasted() {
            elsewhere.clear();
            elsewhere.paste();
            return elsewhere.text;
        }

        function test_aRowWithoutAboutIsCentred_data() {
            return [{
                    "tag": "phone",
                    "wide": false
                }, {
                    "tag": "laptop",
                    "wide": true
                }];
        }

        function test_aRowWithoutAboutIsCentred(data) {
            if (data.wide)
                laptop();
            const today = scene.bench.app.today;
            let without = -1;
            for (let row = 0; row < today.count; ++row) {
                if (today.data(today.index(row, 0), TodayModel.About) === "")
                    without = row;
            }
            verify(without >= 0, "somebody is there whom one has nothing to ask");
            item("todayList").positionViewAtIndex(without, ListView.End);
            wait(20);
            const row = item("todayRow" + without);
            const words = scene.bench.find(row, "todayWords");
            compare(row.height, item("todayRow0").height);
            const middle = words.mapToItem(row, 0, words.height / 2).y;
            verify(Math.abs(middle - row.height / 2) <= 1, "the words are at " + middle + " of " + row.height);
        }

        function test_detailsOfSyncAreCopied() {
            begin(4);
            scene.bench.app.go(AppState.Sync);
            wait(30);
            press("syncDetails");
            press("copySyncDetails");
            compare(pasted(), "401 from https://tend.example.org:8470: device was removed");
            compare(item("snackbar").words, "Details copied.");
        }

        function test_detailsOfJoiningAreCopied() {
            begin(2);
            scene.bench.app.go(AppState.Settings);
            wait(30);
            scene.bench.fail("join", "refused");
            press("invitation");
            write("abc");
            press("join");
            press("joinDetails");
            press("copyJoinDetails");
            verify(scene.bench.app.settings.joinErrorDetails !== "");
            compare(pasted(), scene.bench.app.settings.joinErrorDetails);
        }

        function test_theBarWithUndoIsSpoken() {
            scene.bench.listen(scene.shell);
            scene.bench.app.markDone("visit-5");
            scene.bench.settle();
            compare(scene.bench.alerts(), ["Done."]);
            press("undoButton");
            compare(scene.bench.alerts(), ["Done."]);
        }

        function test_aSearchIsClearedInOnePress() {
            press("navCustomers");
            press("customerSearch");
            verify(gone("customerSearchClear"));
            write("Jans");
            wait(250);
            press("customerSearchClear");
            wait(250);
            compare(item("customerSearch").text, "");
            verify(item("customerSearch").activeFocus);
            verify(scene.bench.app.customers.count > 1);
        }

        function test_whatNeedsOneIsSaidOnceOnToday() {
            compare(item("offlineLine").Accessible.name, "Offline. 3 notes wait on this phone. Needs you: 1");
            verify(gone("syncButton"));
            press("navCustomers");
            verify(!gone("syncButton"));
        }

        function test_theFirstRunHasTheWholeWindowOfALaptop() {
            scene.width = 1280;
            scene.height = 800;
            begin(2);
            verify(gone("customerPage"));
            press("addFirst");
            write("Ana");
            press("saveCustomer");
            verify(!gone("customerPage"));
        }

        function test_filesWaitForAnotherNetworkUntilTheyNeedNot() {
            const settings = scene.bench.app.settings;
            scene.bench.settle();
            verify(scene.bench.filesMayGo());
            settings.networkIsDear = true;
            scene.bench.settle();
            verify(!scene.bench.filesMayGo());
            scene.bench.app.go(AppState.Settings);
            wait(30);
            press("filesOnWifiOnly");
            scene.bench.settle();
            verify(scene.bench.filesMayGo());
            press("filesOnWifiOnly");
            scene.bench.settle();
            verify(!scene.bench.filesMayGo());
            settings.networkIsDear = false;
            scene.bench.settle();
            verify(scene.bench.filesMayGo());
        }

        function test_darkIsChosenInSettings() {
            scene.bench.app.go(AppState.Settings);
            wait(30);
            press("theme2");
            compare(scene.bench.app.settings.dark, true);
            press("theme1");
            compare(scene.bench.app.settings.dark, false);
        }
    }
}
