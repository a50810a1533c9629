import QtQuick
import QtQuick.Templates as T
import Tend

// One line to type in, its label above and what is wrong below. What was typed stays.
FocusScope {
    id: root

    property string label: ""
    property string hint: ""
    property string error: ""
    property alias text: input.text
    property alias inputHints: input.inputMethodHints
    property alias input: input
    signal edited(string text)
    signal accepted

    implicitHeight: column.implicitHeight
    implicitWidth: 200

    Column {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        spacing: 8

        Label {
            color: Theme.muted
            size: 12
            text: root.label
            visible: root.label !== ""
            weight: Font.Medium
            width: column.width
        }

        T.TextField {
            id: input

            Accessible.description: root.error
            Accessible.name: root.label !== "" ? root.label : root.hint
            Accessible.role: Accessible.EditableText
            bottomPadding: 12
            color: Theme.text
            focus: true
            font.family: "Inter"
            font.pixelSize: Math.round(Theme.body * Theme.scale)
            height: Math.max(Theme.target, input.contentHeight + 24)
            leftPadding: 16
            placeholderText: ""
            rightPadding: 16
            selectByMouse: true
            selectedTextColor: Theme.containerInk
            selectionColor: Theme.container
            topPadding: 12
            verticalAlignment: TextInput.AlignVCenter
            width: column.width

            cursorDelegate: Cursor {
                shown: input.cursorVisible
            }
            background: Rectangle {
                border.color: root.error !== "" ? Theme.bad : input.activeFocus ? Theme.primary : Theme.outline
                border.width: input.activeFocus || root.error !== "" ? 2 : 1
                color: input.activeFocus ? Theme.surface : Theme.alt
                radius: 12
            }

            onAccepted: root.accepted()
            onTextEdited: root.edited(input.text)

            Label {
                anchors.left: parent.left
                anchors.leftMargin: 16
                anchors.right: parent.right
                anchors.rightMargin: 16
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.muted
                elide: Text.ElideRight
                text: root.hint
                visible: input.text === "" && input.preeditText === ""
                wrapMode: Text.NoWrap
            }
        }

        Label {
            color: Theme.bad
            size: 14
            text: root.error
            visible: root.error !== ""
            width: column.width
        }
    }
}
