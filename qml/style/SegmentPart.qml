import QtQuick
import QtQuick.Templates as T
import Tend

// One choice of Segments.
T.AbstractButton {
    id: root

    enum Edge {
        First,
        Middle,
        Last,
        Only
    }

    property bool chosen: false
    property bool stacked: false
    property bool ticked: true
    // Little room: 6 at each end and 4 beside the tick.
    property bool narrow: false
    readonly property real bareWidth: label.implicitWidth + 12
    readonly property real narrowWidth: root.bareWidth + (root.chosen && root.ticked && !Theme.large ? 22 : 0)
    property int edge: SegmentPart.Middle
    readonly property real round: root.edge === SegmentPart.Middle ? 0 : Theme.target / 2
    readonly property color ink: root.chosen ? Theme.containerInk : Theme.text

    Accessible.checkable: true
    Accessible.checked: root.chosen
    Accessible.name: root.text
    Accessible.role: Accessible.RadioButton
    focusPolicy: Qt.StrongFocus
    implicitHeight: Math.max(Theme.target, label.implicitHeight + 12)
    implicitWidth: label.implicitWidth + (root.chosen && !Theme.large ? 24 : 0) + 24

    background: Item {
        clip: true

        // The end parts are round on their outer side only: the round rectangle reaches out of
        // the part on its inner side and is cut there.
        Rectangle {
            readonly property real outer: root.edge === SegmentPart.First || root.edge === SegmentPart.Only ? 0 : -root.round - 1
            readonly property real inner: root.edge === SegmentPart.Last || root.edge === SegmentPart.Only ? 0 : -root.round - 1

            anchors.bottomMargin: root.stacked ? inner : 0
            anchors.fill: parent
            anchors.leftMargin: root.stacked ? 0 : outer
            anchors.rightMargin: root.stacked ? 0 : inner
            anchors.topMargin: root.stacked ? outer : 0
            border.color: Theme.outline
            border.width: 1
            color: root.chosen ? Theme.container : "transparent"
            radius: root.round
        }

        Rectangle {
            anchors.fill: parent
            color: Theme.pressed
            radius: root.round
            visible: root.down || root.hovered
        }

        Rectangle {
            anchors.bottom: parent.bottom
            anchors.right: parent.right
            color: Theme.outline
            height: root.stacked ? 1 : parent.height
            visible: root.edge === SegmentPart.First || root.edge === SegmentPart.Middle
            width: root.stacked ? parent.width : 1
        }

        FocusRing {
            anchors.margins: 3
            around: root.round
            shown: root.visualFocus
        }
    }
    contentItem: Item {
        Row {
            anchors.centerIn: parent
            spacing: root.narrow ? 4 : 8

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                color: root.ink
                size: 18
                objectName: "tick"
                text: Icons.tick
                visible: root.chosen && root.ticked && !Theme.large
            }

            Label {
                id: label

                color: root.ink
                size: 14
                text: root.text
                weight: root.chosen ? Font.DemiBold : Font.Medium
                wrapMode: Text.NoWrap
            }
        }
    }
}
