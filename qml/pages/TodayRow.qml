import QtQuick
import QtQuick.Templates as T
import Tend
import Tend.Models

// One reason to talk to somebody: who, about what, why. The first row of a group bears its head.
Column {
    id: root

    required property AppState app
    required property int index
    required property string customerId
    required property string who
    required property string initials
    required property string about
    required property string why
    required property int because
    required property int offer
    required property string evidenceId
    required property string groupTitle
    required property int groupCount
    required property bool isNow
    required property bool first
    required property bool last
    required property string spoken
    property bool panes: false
    readonly property bool chosen: root.panes && root.app.selected === root.customerId
    signal explain

    SectionHead {
        count: root.groupCount
        link: root.index === 0 && !root.panes ? qsTr("Why this order?") : ""
        objectName: "group" + root.index
        small: root.panes
        title: root.groupTitle
        visible: root.first
        width: root.width - 2 * x
        x: root.panes ? 24 : 16

        onLinked: root.explain()
    }

    T.AbstractButton {
        id: row

        Accessible.name: root.spoken
        Accessible.role: Accessible.ListItem
        focusPolicy: Qt.StrongFocus
        height: Math.max(root.panes ? 78 : 86, words.implicitHeight + 20)
        objectName: "todayRow" + root.index
        width: root.width - 2 * x
        x: root.panes ? 12 : 16

        background: Item {
            CardSlice {
                anchors.fill: parent
                first: root.first
                last: root.last
                visible: !root.panes
            }

            Rectangle {
                anchors.fill: parent
                anchors.margins: root.panes ? 0 : 1
                color: root.chosen ? Theme.container : row.down ? Theme.pressed : row.hovered ? (root.panes ? Theme.alt : Theme.pressed) : "transparent"
                radius: root.panes ? 12 : 0
            }

            Divider {
                anchors.bottom: parent.bottom
                anchors.left: parent.left
                anchors.leftMargin: Theme.large ? 16 : 68
                anchors.right: parent.right
                visible: !root.last && !root.panes
            }

            FocusRing {
                anchors.margins: root.panes ? 2 : 4
                shown: row.visualFocus
            }
        }
        contentItem: Item {
            TodayWords {
                id: words

                anchors.left: parent.left
                anchors.leftMargin: root.panes ? 12 : 16
                anchors.right: parent.right
                anchors.rightMargin: root.panes ? 12 : action.width + 12
                anchors.verticalCenter: parent.verticalCenter
                about: root.about
                because: root.because
                chosen: root.chosen
                initials: root.initials
                objectName: "todayWords"
                panes: root.panes
                who: root.who
                why: root.why
            }
        }

        onClicked: root.panes ? root.app.select(root.customerId) : root.app.openCustomer(root.customerId)

        IconButton {
            id: action

            anchors.right: parent.right
            anchors.rightMargin: Theme.large ? 12 : 4
            anchors.verticalCenter: parent.verticalCenter
            glyph: Icons.offer(root.offer)
            objectName: "todayAction" + root.index
            text: root.offer === TodayModel.Call ? qsTr("Call %1").arg(root.who) : root.offer === TodayModel.Done ? qsTr("Done: %1").arg(root.about) : qsTr("Log a visit to %1").arg(root.who)
            tonal: root.isNow
            visible: !root.panes

            onClicked: root.act()
        }
    }

    function act() {
        if (root.offer === TodayModel.Call)
            root.app.call(root.customerId);
        else if (root.offer === TodayModel.Done)
            root.app.markDone(root.evidenceId);
        else
            root.app.logVisit(root.customerId);
    }
}
