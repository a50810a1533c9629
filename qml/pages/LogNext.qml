import QtQuick
import Tend
import Tend.Models

// What comes next, when there is something: words and a day.
Column {
    id: root

    required property LogModel model
    property bool shown: root.model.nextStep !== ""
    readonly property list<int> days: [1, 3, 7, 30]
    readonly property list<string> dayWords: [qsTr("Tomorrow"), qsTr("In 3 days"), qsTr("In a week"), qsTr("In a month")]

    Chip {
        chosen: root.shown
        glyph: Icons.nextStep
        objectName: "nextStepChip"
        text: qsTr("Next step")

        onClicked: {
            root.shown = !root.shown;
            if (root.shown)
                field.forceActiveFocus();
        }
    }

    Field {
        id: field

        input.objectName: "nextStepField"
        label: qsTr("What comes next?")
        text: root.model.nextStep
        visible: root.shown
        width: root.width

        onEdited: text => root.model.nextStep = text
    }

    Flow {
        spacing: 8
        topPadding: 4
        visible: root.shown
        width: root.width

        Repeater {
            model: root.days

            Chip {
                required property int index
                required property int modelData

                chosen: root.model.nextStepIn === modelData
                objectName: "nextIn" + modelData
                text: root.dayWords[index]

                onClicked: root.model.nextStepIn = chosen ? 0 : modelData
            }
        }
    }
}
