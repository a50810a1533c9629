import QtQuick
import QtTest
import Tend
import Tend.Bench

// A window of a given size with the whole app in it, and the hands of a user.
Item {
    id: root

    readonly property alias bench: bench
    readonly property alias shell: loader.item

    height: 844
    width: 390

    Bench {
        id: bench
    }

    Loader {
        id: loader

        active: bench.app !== null
        anchors.fill: parent
        sourceComponent: Shell {
            app: bench.app
            focus: true
        }
    }
}
