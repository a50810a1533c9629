import QtQuick
import QtQuick.Templates as T
import Tend

// A long list that fills a page. Until somebody scrolls, its head stays in sight while it grows.
ListView {
    id: root

    property bool moved: false

    boundsBehavior: Flickable.StopAtBounds
    clip: true
    currentIndex: -1

    // A list may not be moved from within the change that made it grow.
    Timer {
        id: later

        interval: 0

        onTriggered: root.begin()
    }

    T.ScrollBar.vertical: ScrollBar {
    }

    onContentHeightChanged: root.settle()
    onMovementStarted: root.moved = true
    onOriginYChanged: root.settle()

    function settle() {
        if (!root.moved)
            later.start();
    }

    function toTop() {
        root.moved = false;
        root.begin();
    }

    function begin() {
        root.positionViewAtBeginning();
    }
}
