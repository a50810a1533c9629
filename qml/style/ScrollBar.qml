import QtQuick
import QtQuick.Templates as T
import Tend

// A thin bar that shows how far one has read; it stands only while it moves or is pointed at.
T.ScrollBar {
    id: root

    implicitWidth: 8
    padding: 2
    visible: root.size < 1

    contentItem: Rectangle {
        color: Theme.outline
        implicitWidth: 4
        opacity: root.active || root.hovered ? 0.8 : 0
        radius: 2

        Behavior on opacity  {
            NumberAnimation {
                duration: Theme.fadeMs
            }
        }
    }
}
