import QtQuick
import QtQuick.Templates as T
import Tend

// A round field to search as one types.
T.TextField {
    id: root

    property string hint: ""
    signal edited(string text)
    signal entered

    Accessible.name: root.hint
    Accessible.role: Accessible.EditableText
    Accessible.searchEdit: true
    bottomPadding: 8
    color: Theme.text
    font.family: "Inter"
    font.pixelSize: Math.round(Theme.body * Theme.scale)
    implicitHeight: Math.max(Theme.target, contentHeight + 16)
    leftPadding: 44
    rightPadding: clearer.visible ? 48 : 16
    selectByMouse: true
    selectedTextColor: Theme.containerInk
    selectionColor: Theme.container
    topPadding: 8
    verticalAlignment: TextInput.AlignVCenter

    cursorDelegate: Cursor {
        shown: root.cursorVisible
    }
    background: Rectangle {
        border.color: root.activeFocus ? Theme.primary : Theme.outline
        border.width: root.activeFocus ? 2 : 1
        color: Theme.surface
        radius: height / 2
    }

    onAccepted: root.entered()
    onTextEdited: root.edited(root.text)

    Keys.onEscapePressed: event => {
        event.accepted = root.text !== "";
        root.clear();
        root.edited("");
    }

    Icon {
        anchors.left: parent.left
        anchors.leftMargin: 14
        anchors.verticalCenter: parent.verticalCenter
        size: 20
        text: Icons.search
    }

    Label {
        anchors.left: parent.left
        anchors.leftMargin: 44
        anchors.right: parent.right
        anchors.rightMargin: 12
        anchors.verticalCenter: parent.verticalCenter
        color: Theme.muted
        elide: Text.ElideRight
        text: root.hint
        visible: root.text === "" && root.preeditText === ""
        wrapMode: Text.NoWrap
    }

    IconButton {
        id: clearer

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        focusPolicy: Qt.NoFocus
        glyph: Icons.close
        glyphSize: 20
        objectName: root.objectName + "Clear"
        text: qsTr("Clear the search")
        visible: root.text !== ""

        onClicked: {
            root.clear();
            root.edited("");
            root.forceActiveFocus();
        }
    }
}
