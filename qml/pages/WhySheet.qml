import QtQuick
import Tend

// Why Today stands in this order, in whole sentences.
Sheet {
    id: root

    objectName: "whySheet"
    part: "why"
    title: qsTr("Why this order?")

    footer: Button {
        look: Button.Filled
        objectName: "whyDone"
        size: 56
        text: qsTr("Good")
        width: parent.width

        onClicked: root.closed()
    }

    onShownChanged: {
        if (root.shown)
            root.forceActiveFocus();
    }

    onClosed: root.shown = false

    Repeater {
        model: [qsTr("Now: what you promised or agreed on, and calls after a sale, due today or late, the oldest first."), qsTr("Soon: what comes due in the next days, talks that are due as you usually have them, and customers you have not talked to yet."), qsTr("Gone quiet: no talk for twice as long as is usual between you."), qsTr("Nothing else counts: no deal, no size, no mark.")]

        Label {
            required property string modelData

            text: modelData
            width: parent.width
        }
    }
}
