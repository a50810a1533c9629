import QtQuick
import QtQuick.Templates as T
import Tend

// One's own disc; pressing it opens the settings.
T.AbstractButton {
    id: root

    property string initials: ""

    Accessible.name: root.text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.StrongFocus
    implicitHeight: 48
    implicitWidth: 48

    contentItem: Item {
        Avatar {
            anchors.centerIn: parent
            color: Theme.container
            initials: root.initials
            ink: Theme.containerInk
            size: Theme.large ? 40 : 32

            FocusRing {
                around: parent.radius
                shown: root.visualFocus
            }
        }
    }
}
