import QtQuick
import Tend
import Tend.Models

// All that stands above a customer's story.
Column {
    id: root

    required property AppState app
    readonly property CustomerModel model: root.app.customer
    property bool panes: false
    property bool brief: false

    Item {
        height: Math.max(words.implicitHeight, root.panes ? 40 : disc.visible ? 48 : 0)
        width: root.width

        Column {
            id: words

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.rightMargin: root.panes ? buttons.width + 16 : disc.visible ? 56 : 0
            spacing: 0

            Label {
                Accessible.role: Accessible.Heading
                objectName: "customerName"
                size: root.brief ? 32 : 24
                text: root.model.name
                weight: Font.DemiBold
                width: parent.width
            }

            Label {
                color: Theme.muted
                size: 14
                text: root.model.place
                visible: text !== "" && !root.panes
                width: parent.width
            }
        }

        Avatar {
            id: disc

            anchors.right: parent.right
            initials: root.model.initials
            visible: !root.panes && !Theme.large
            y: 4
        }

        CustomerButtons {
            id: buttons

            anchors.right: parent.right
            app: root.app
            panes: true
            visible: root.panes
            y: 2
        }
    }

    Label {
        color: Theme.muted
        size: 14
        text: root.model.terms === "" ? root.model.place : root.model.place === "" ? root.model.terms : qsTr("%1. %2").arg(root.model.place).arg(root.model.terms)
        topPadding: 4
        visible: root.panes && text !== ""
        width: root.width
    }

    Label {
        objectName: "customerTerms"
        size: 14
        text: root.model.terms
        topPadding: 8
        visible: text !== "" && !root.panes
        width: root.width
    }

    CustomerButtons {
        app: root.app
        topPadding: 12
        visible: !root.panes
        width: root.width
    }

    Item {
        height: root.brief ? 28 : 16
        width: 1
    }

    BriefCard {
        brief: root.brief
        model: root.model
        panes: root.panes
        visible: root.model.lastWords !== "" || root.model.feelingWords !== "" || root.model.nextStep !== ""
        width: root.width
    }

    Item {
        height: root.brief ? 24 : 16
        width: 1
    }

    Divider {
        visible: root.brief && root.model.story.count > 0
        width: root.width
    }

    SectionHead {
        implicitHeight: 48
        objectName: "storyHead"
        title: root.brief ? qsTr("The whole story") : qsTr("Story")
        visible: root.model.story.count > 0
        width: root.width
    }

    Column {
        spacing: 16
        topPadding: 8
        visible: root.model.ready && root.model.story.count === 0
        width: root.width

        Label {
            color: Theme.muted
            text: qsTr("Nothing noted yet.\nWhat did they say last time?")
            width: parent.width
        }
    }
}
