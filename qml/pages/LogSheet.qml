import QtQuick
import Tend
import Tend.Models

// What a customer said and felt, in three presses: Log, a face, Save.
Sheet {
    id: root

    required property AppState app
    readonly property LogModel model: root.app.log
    readonly property bool met: root.model.answer === LogModel.Talked || root.model.answer === LogModel.TheyCalled
    property bool showKinds: false
    property bool showWhen: false

    error: root.model.error
    objectName: "logSheet"
    part: "log"
    shown: root.model.open
    tall: true
    title: root.model.title

    footer: LogFooter {
        model: root.model
        showWhen: root.showWhen
        width: parent.width

        onChange: root.showWhen = !root.showWhen
    }

    onClosed: root.model.close()
    onShownChanged: {
        root.showWhen = false;
        root.showKinds = false;
        root.scroller.contentY = 0;
        if (root.shown && root.dialog)
            said.forceActiveFocus();
        else if (root.shown)
            root.forceActiveFocus();
    }

    Keys.onPressed: event => {
        if (event.modifiers === Qt.NoModifier && event.key >= Qt.Key_1 && event.key <= Qt.Key_5 && root.met) {
            root.model.feeling = event.key - Qt.Key_1 - 2;
            event.accepted = true;
        }
    }

    LinkButton {
        atEnd: false
        objectName: "otherKind"
        text: qsTr("Not a visit?")
        visible: Theme.large && !root.showKinds

        onClicked: root.showKinds = true
    }

    Segments {
        current: root.model.kind === LogModel.Message ? 3 : root.model.kind
        name: qsTr("Kind")
        names: [qsTr("Visit"), qsTr("Call"), qsTr("Counter"), qsTr("Message")]
        part: "kind"
        visible: !Theme.large || root.showKinds
        width: parent.width

        onPicked: index => root.model.kind = index === 3 ? LogModel.Message : index
    }

    Segments {
        current: root.model.answer
        name: qsTr("How did it go?")
        names: [qsTr("Talked"), qsTr("No answer"), qsTr("Left message"), qsTr("They called")]
        part: "answer"
        visible: root.model.kind === LogModel.Call
        width: parent.width

        onPicked: index => root.model.answer = index
    }

    LogWho {
        model: root.model
        width: parent.width
    }

    LogFeeling {
        model: root.model
        visible: root.met
        width: parent.width
    }

    TextArea {
        id: said

        input.objectName: "saidField"
        label: root.met ? qsTr("What did they say?") : qsTr("What do you want to remember?")
        text: root.model.said
        width: parent.width

        onEdited: text => root.model.said = text
    }

    TextArea {
        input.objectName: "impressionField"
        label: qsTr("Your impression")
        rows: 1
        text: root.model.impression
        width: parent.width

        onEdited: text => root.model.impression = text
    }

    LogNext {
        model: root.model
        width: parent.width
    }
}
