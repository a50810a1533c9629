import QtQuick
import Tend

// The keys that work here, at the foot of a pane. A screen reader reads them on the page of keys.
Item {
    id: root

    property list<string> keys
    property list<string> words

    implicitHeight: 40

    Divider {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
    }

    Row {
        anchors.left: parent.left
        anchors.leftMargin: 24
        anchors.verticalCenter: parent.verticalCenter
        spacing: 8

        Repeater {
            model: root.keys

            Row {
                id: hint

                required property int index
                required property string modelData

                spacing: 8

                Keycap {
                    text: hint.modelData
                }

                Label {
                    Accessible.ignored: true
                    anchors.verticalCenter: parent.verticalCenter
                    color: Theme.muted
                    font.pixelSize: 12
                    lineHeight: 16
                    rightPadding: 8
                    text: root.words[hint.index]
                    visible: text !== ""
                    wrapMode: Text.NoWrap
                }
            }
        }
    }
}
