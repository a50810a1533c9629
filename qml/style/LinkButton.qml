import QtQuick
import QtQuick.Templates as T
import Tend

// Words in the primary colour that do something; the area to press is 48 high on a phone.
T.Button {
    id: root

    property int weight: Font.Medium
    property int size: 14
    // At the end of a line its word ends where the line ends.
    property bool atEnd: true

    Accessible.name: root.text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.StrongFocus
    implicitHeight: Math.max(Theme.target, label.implicitHeight)
    implicitWidth: Math.max(48, label.implicitWidth)

    background: Item {
        FocusRing {
            around: 8
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        implicitHeight: label.implicitHeight
        implicitWidth: label.implicitWidth

        Label {
            id: label

            anchors.left: root.atEnd ? undefined : parent.left
            anchors.right: root.atEnd ? parent.right : undefined
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.primary
            font.underline: root.hovered
            opacity: root.down ? 0.7 : 1
            size: root.size
            text: root.text
            weight: root.weight
            wrapMode: Text.NoWrap
        }
    }
}
