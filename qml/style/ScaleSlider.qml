import QtQuick
import QtQuick.Templates as T
import Tend

// The size of the words, from a little smaller to twice as large.
T.Slider {
    id: root

    Accessible.role: Accessible.Slider
    focusPolicy: Qt.StrongFocus
    from: 0.85
    implicitHeight: 48
    snapMode: T.Slider.SnapAlways
    stepSize: 0.05
    to: 2

    background: Rectangle {
        color: Theme.outline
        height: 2
        radius: 1
        width: root.width
        y: (root.height - height) / 2

        Rectangle {
            color: Theme.primary
            height: 4
            radius: 2
            width: root.visualPosition * parent.width
            y: -1
        }
    }
    handle: Rectangle {
        color: Theme.primary
        height: 20
        radius: 10
        width: 20
        x: root.visualPosition * (root.width - width)
        y: (root.height - height) / 2

        FocusRing {
            around: parent.radius
            shown: root.visualFocus
        }
    }
}
