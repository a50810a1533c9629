import QtQuick
import QtQuick.Templates as T
import Tend

// A page that comes over another: from below on a phone, a dialog on a laptop. Whatever lies under
// it stays as it was. Closing never loses what was typed.
FocusScope {
    id: root

    default property alias content: body.data
    property alias footer: foot.data
    property string title: ""
    property bool shown: false
    property string error: ""
    property string part: "sheet"
    // Takes its full height whatever is on it, so that nothing jumps while one writes.
    property bool tall: false
    readonly property bool dialog: parent && parent.width >= 600
    readonly property alias scroller: flick
    readonly property Item focused: root.Window.activeFocusItem
    signal closed

    onFocusedChanged: later.start()

    anchors.fill: parent
    visible: root.shown || panel.slid > 0

    // The body has its size only after what was opened on it is laid out.
    Timer {
        id: later

        interval: 0

        onTriggered: root.reveal()
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.scrim
        opacity: root.shown ? 1 : 0

        Behavior on opacity  {
            NumberAnimation {
                duration: root.shown ? Theme.sheetInMs : Theme.sheetOutMs
            }
        }

        // Whatever lies below is not to be pressed, and pressing beside the sheet closes it.
        MouseArea {
            anchors.fill: parent
            enabled: root.shown

            onClicked: root.closed()
        }
    }

    Rectangle {
        id: panel

        readonly property real most: root.dialog ? root.height - 96 : root.height * 0.92
        // How far it has come in, from 0 to 1. Not the place itself: that moves with the window too,
        // at the start from nowhere, and then nothing may slide over the page.
        property real slid: root.shown ? 1 : 0
        readonly property real wanted: head.height + flick.contentHeight + bottom.height
        readonly property real rest: root.dialog ? Math.max(48, (root.height - panel.height) / 2) : root.height - panel.height

        Accessible.name: root.title
        Accessible.role: Accessible.Dialog
        border.color: Theme.line
        border.width: root.dialog ? 1 : 0
        color: Theme.bg
        height: Math.round(Math.min(most, root.tall && !root.dialog ? most : wanted))
        radius: root.dialog ? 16 : 28
        width: Math.min(root.width, 640)
        x: Math.round((root.width - width) / 2)
        y: Math.round(root.height - panel.slid * (root.height - panel.rest))

        Behavior on slid  {
            NumberAnimation {
                duration: root.shown ? Theme.sheetInMs : Theme.sheetOutMs
                easing.type: Easing.OutCubic
            }
        }

        MouseArea {
            anchors.fill: parent
        }

        // The lower corners are square where the sheet stands on the edge of the screen.
        Rectangle {
            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.right: parent.right
            color: parent.color
            height: 28
            visible: !root.dialog
        }

        SheetHead {
            id: head

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: parent.top
            handle: !root.dialog
            part: root.part
            title: root.title

            onClosed: root.closed()
        }

        Flickable {
            id: flick

            anchors.bottom: bottom.top
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: head.bottom
            boundsBehavior: Flickable.StopAtBounds
            clip: true
            contentHeight: body.implicitHeight + 16

            onContentHeightChanged: later.start()

            T.ScrollBar.vertical: ScrollBar {
            }

            Column {
                id: body

                spacing: 16
                width: flick.width - 32
                x: 16
            }
        }

        Item {
            id: bottom

            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.right: parent.right
            height: foot.implicitHeight > 0 ? foot.implicitHeight + 32 : 0
            visible: height > 0

            Divider {
                anchors.left: parent.left
                anchors.right: parent.right
            }

            Column {
                id: foot

                anchors.left: parent.left
                anchors.leftMargin: 16
                anchors.right: parent.right
                anchors.rightMargin: 16
                anchors.top: parent.top
                anchors.topMargin: 16
                spacing: 8

                Label {
                    Accessible.role: Accessible.AlertMessage
                    color: Theme.bad
                    objectName: root.part + "Error"
                    size: 14
                    text: root.error
                    visible: root.error !== ""
                    width: foot.width
                }
            }
        }
    }

    Keys.onEscapePressed: root.closed()

    // What one types in is never below the foot.
    function reveal() {
        let inside = root.focused;
        while (inside && inside !== body)
            inside = inside.parent;
        if (!inside || !root.shown)
            return;
        const top = root.focused.mapToItem(body, 0, 0).y;
        const end = top + root.focused.height + 56;
        if (end > flick.contentY + flick.height)
            flick.contentY = Math.min(end, flick.contentHeight) - flick.height;
        else if (top - 24 < flick.contentY)
            flick.contentY = Math.max(0, top - 24);
    }
}
