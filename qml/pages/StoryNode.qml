import QtQuick
import QtQuick.Templates as T
import Tend
import Tend.Models

// One contact on the thread: what kind and when, where the note is, and the words. One of our own
// can be pressed to correct it.
T.AbstractButton {
    id: root

    required property AppState app
    required property int index
    required property string visitId
    required property bool mine

    required property string year
    required property int kind
    required property string title
    required property string said
    required property string impression
    required property string nextStep
    required property bool kept
    required property int where
    required property string whereWords
    required property bool first
    required property bool last
    required property string spoken
    property bool panes: false
    property bool brief: false
    // The brief says these words large, right above.
    readonly property bool told: root.brief && root.visitId === root.app.customer.lastVisitId
    readonly property real text0: Theme.large ? 0 : 44

    Accessible.description: root.mine ? qsTr("Press to correct it") : ""
    Accessible.name: root.spoken
    Accessible.role: Accessible.ListItem
    enabled: root.mine
    focusPolicy: root.mine ? Qt.StrongFocus : Qt.NoFocus
    implicitHeight: column.implicitHeight + 16
    leftInset: -8
    objectName: "story" + root.index
    rightInset: -8
    topInset: -4

    background: Rectangle {
        color: root.down || (root.hovered && root.mine) ? Theme.pressed : "transparent"
        radius: 12

        FocusRing {
            shown: root.visualFocus
        }
    }

    onClicked: root.app.correct(root.visitId)

    Rectangle {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.leftMargin: 15.5
        anchors.top: parent.top
        anchors.topMargin: root.year !== "" ? 36 : 0
        color: Theme.line
        visible: !Theme.large && !root.last
        width: 1
    }

    Column {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right

        Label {
            bottomPadding: 8
            color: Theme.muted
            size: 14
            text: root.year
            visible: text !== ""
            weight: Font.DemiBold
            width: column.width
        }

        Item {
            height: Math.max(32, head.implicitHeight)
            width: column.width

            Rectangle {
                anchors.left: parent.left
                border.color: Theme.line
                border.width: 1
                color: Theme.surface
                height: 32
                radius: 16
                visible: !Theme.large
                width: 32

                Icon {
                    anchors.centerIn: parent
                    size: 16
                    text: Icons.kind(root.kind)
                }
            }

            Flow {
                id: head

                anchors.left: parent.left
                anchors.leftMargin: root.text0
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter

                Label {
                    id: title

                    size: 14
                    text: root.title
                    weight: Font.DemiBold
                    width: Math.min(implicitWidth, head.width)
                }

                Item {
                    height: 20
                    visible: width > 0
                    width: Math.max(0, head.width - title.width - mark.implicitWidth)
                }

                StateMark {
                    id: mark

                    mark: root.where
                    topPadding: Theme.large ? 0 : 2
                    words: root.whereWords
                }
            }
        }

        Column {
            id: words

            anchors.left: parent.left
            anchors.leftMargin: root.text0
            anchors.right: parent.right
            bottomPadding: 8
            spacing: 8

            Quote {
                objectName: "storyQuote"
                size: 16
                visible: root.said !== "" && !root.told
                width: words.width
                words: root.said
            }

            Label {
                color: Theme.muted
                size: 14
                text: root.impression
                visible: text !== ""
                width: words.width
            }

            Item {
                height: next.implicitHeight
                visible: root.nextStep !== ""
                width: words.width

                Icon {
                    id: tick

                    anchors.left: parent.left
                    color: Theme.good
                    objectName: "storyTick"
                    size: 20
                    text: Icons.tick
                    visible: root.kept
                }

                Label {
                    id: next

                    anchors.left: parent.left
                    anchors.leftMargin: tick.visible ? 28 * Theme.scale : 0
                    anchors.right: parent.right
                    color: Theme.muted
                    size: 14
                    text: root.nextStep
                }
            }
        }
    }
}
