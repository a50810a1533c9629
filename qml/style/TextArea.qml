import QtQuick
import QtQuick.Templates as T
import Tend

// Several lines to type in; it grows with the words.
FocusScope {
    id: root

    property string label: ""
    property string error: ""
    property real rows: 2
    property alias text: input.text
    property alias input: input
    // How long the words were before they last changed.
    property int before: 0
    signal edited(string text)

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

        T.TextArea {
            id: input

            Accessible.description: root.error
            Accessible.name: root.label
            Accessible.role: Accessible.EditableText
            KeyNavigation.priority: KeyNavigation.BeforeItem
            KeyNavigation.tab: input.nextItemInFocusChain(true)
            color: Theme.text
            focus: true
            font.family: "Inter"
            font.pixelSize: Math.round(Theme.body * Theme.scale)
            height: Math.max(Theme.target, Math.max(input.contentHeight, root.rows * Theme.lineHeight(Theme.body)) + 24)
            leftPadding: 16
            padding: 12
            rightPadding: 16
            selectByMouse: true
            selectedTextColor: Theme.containerInk
            selectionColor: Theme.container
            width: column.width
            wrapMode: TextEdit.Wrap

            cursorDelegate: Cursor {
                shown: input.cursorVisible
            }
            background: Rectangle {
                border.color: root.error !== "" ? Theme.bad : input.activeFocus ? Theme.primary : Theme.outline
                border.width: input.activeFocus || root.error !== "" ? 2 : 1
                color: input.activeFocus ? Theme.surface : Theme.alt
                radius: 12
            }

            onTextChanged: {
                // What comes back from a draft is gone on with at its end.
                if (root.before === 0 && input.cursorPosition === 0)
                    input.cursorPosition = input.length;
                root.before = input.length;
                if (input.activeFocus)
                    root.edited(input.text);
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
