import QtQuick
import QtTest
import Tend
import Tend.Models

// Everybody can read and reach everything: names, sizes, contrast, no word cut, no red without
// need.
Scene {
    id: scene

    Hands {
        name: "Fit"
        scene: scene

        readonly property var places: ["today", "customers", "customer", "log", "call", "remark", "add", "sync", "settings", "about"]

        function go(place) {
            const app = scene.bench.app;
            switch (place) {
            case "customers":
                app.go(AppState.Customers);
                break;
            case "customer":
                app.openCustomer("person-1");
                break;
            case "log":
                app.logVisit();
                break;
            case "call":
                app.logCall();
                break;
            case "remark":
                app.writeRemark();
                break;
            case "add":
                app.addCustomer();
                break;
            case "sync":
                app.go(AppState.Sync);
                break;
            case "settings":
                app.go(AppState.Settings);
                break;
            case "about":
                app.go(AppState.About);
                break;
            }
            scene.bench.settle();
            wait(40);
        }

        function cleanup() {
            scene.width = 390;
            scene.height = 844;
        }

        function test_everythingIsNamedAndLargeEnough_data() {
            return places.map(place => ({
                            "tag": place
                        }));
        }

        function test_everythingIsNamedAndLargeEnough(data) {
            begin(0);
            go(data.tag);
            compare(scene.bench.unreachable(scene.shell, 48), []);
        }

        function test_everythingIsNamedOnALaptop_data() {
            return test_everythingIsNamedAndLargeEnough_data();
        }

        function test_everythingIsNamedOnALaptop(data) {
            scene.width = 1280;
            scene.height = 800;
            begin(0);
            go(data.tag);
            compare(scene.bench.unreachable(scene.shell, 32), []);
        }

        function test_noWordIsCut_data() {
            const rows = [];
            for (const place of places) {
                for (const scale of [0.85, 1, 1.3, 2]) {
                    rows.push({
                            "tag": place + " phone " + scale,
                            "place": place,
                            "scale": scale,
                            "width": 390,
                            "height": 844
                        });
                    rows.push({
                            "tag": place + " laptop " + scale,
                            "place": place,
                            "scale": scale,
                            "width": 1280,
                            "height": 800
                        });
                }
            }
            return rows;
        }

        function test_noWordIsCut(data) {
            scene.width = data.width;
            scene.height = data.height;
            begin(0);
            scene.bench.app.settings.textScale = data.scale;
            go(data.place);
            compare(scene.bench.cutWords(scene.shell), []);
        }

        function test_beingOfflineIsNotRed() {
            begin(0);
            verify(!scene.bench.shows(scene.shell, Theme.bad));
            scene.bench.app.go(AppState.Sync);
            wait(60);
            verify(scene.bench.shows(scene.shell, Theme.bad), "a conflict is");
        }

        function test_wordsStandOutFromWhatTheyLieOn_data() {
            return [{
                    "tag": "light",
                    "dark": false
                }, {
                    "tag": "dark",
                    "dark": true
                }];
        }

        function test_wordsStandOutFromWhatTheyLieOn(data) {
            begin(0);
            scene.bench.app.settings.theme = data.dark ? SettingsModel.Dark : SettingsModel.Light;
            for (const ground of [Theme.bg, Theme.surface, Theme.alt]) {
                for (const ink of [Theme.text, Theme.muted, Theme.primary, Theme.accent, Theme.good, Theme.warn, Theme.bad])
                    verify(scene.bench.contrast(ink, ground) >= 4.5, ink + " on " + ground);
                verify(scene.bench.contrast(Theme.outline, ground) >= 3);
                for (let feeling = -2; feeling <= 2; ++feeling)
                    verify(scene.bench.contrast(Theme.feeling(feeling), ground) >= 4.5);
            }
            verify(scene.bench.contrast(Theme.primaryInk, Theme.primary) >= 4.5);
            verify(scene.bench.contrast(Theme.accentInk, Theme.accent) >= 4.5);
            verify(scene.bench.contrast(Theme.containerInk, Theme.container) >= 4.5);
            scene.bench.app.settings.theme = SettingsModel.Light;
        }
    }
}
