import QtQuick
import QtTest
import "../qml"

// Drawing a customer's page while it scrolls, without a graphics card: a story of a lifetime beside one of a year.
Scene {
    id: scene

    Hands {
        name: "Story"
        scene: scene

        function test_scroll_data() {
            return [{
                    "tag": "200",
                    "entries": 200
                }, {
                    "tag": "5000",
                    "entries": 5000
                }];
        }

        function test_scroll(data) {
            begin(0);
            scene.bench.addVisits("person-1", data.entries);
            scene.bench.app.openCustomer("person-1");
            scene.bench.settle();
            wait(100);
            const list = item("storyList");
            verify(list.count >= data.entries);
            list.moved = true;  // by a finger
            const frames = scene.bench.scroll(list, 300, 40);
            verify(list.contentY > 5000);
            console.info("frames", data.entries, frames.middle.toFixed(2), frames.slowest.toFixed(2));
        }
    }
}
