import QtQuick
import Tend

// Where the next letter goes.
Rectangle {
    id: root

    property bool shown: false

    color: Theme.primary
    visible: root.shown && blink.on
    width: 2

    Timer {
        id: blink

        property bool on: true

        interval: 530
        repeat: true
        running: root.shown && !Theme.reduceMotion

        onRunningChanged: blink.on = true
        onTriggered: blink.on = !blink.on
    }
}
