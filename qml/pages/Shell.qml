import QtQuick
import Tend
import Tend.Models

// Everything inside the window: the page, the bars for its width, the sheets, the bar with Undo.
Rectangle {
    id: root

    required property AppState app
    readonly property bool phone: root.width < 600
    readonly property bool panes: root.width >= 1024
    readonly property bool sheetOpen: root.app.log.open || root.app.remark.open || root.app.newCustomer.open || why.shown || keys.shown
    readonly property bool typing: root.Window.activeFocusItem instanceof TextInput || root.Window.activeFocusItem instanceof TextEdit
    readonly property bool listed: root.app.page === AppState.Today || root.app.page === AppState.Customers

    LayoutMirroring.childrenInherit: true
    LayoutMirroring.enabled: root.app.rightToLeft
    color: Theme.bg
    objectName: "shell"

    onPhoneChanged: root.app.wide = !root.phone

    Component.onCompleted: root.app.wide = !root.phone

    Binding {
        property: "dark"
        target: Theme
        value: root.app.settings.dark
    }

    Binding {
        property: "scale"
        target: Theme
        value: root.app.settings.textScale
    }

    Binding {
        property: "reduceMotion"
        target: Theme
        value: root.app.settings.reduceMotion
    }

    Binding {
        property: "mirrored"
        target: Theme
        value: root.app.rightToLeft
    }

    Binding {
        property: "laptop"
        target: Theme
        value: !root.phone
    }

    Shortcuts {
        id: shortcuts

        app: root.app
        customer: root.listed && root.app.selected !== "" && (root.panes || root.app.detailOpen)
        free: !root.typing && !root.sheetOpen
        sheet: root.sheetOpen

        onKeys: keys.shown = true
        onMove: step => pages.move(step)
        onSearch: pages.search()
    }

    NavRail {
        id: rail

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.top: parent.top
        app: root.app
        enabled: !root.sheetOpen
        visible: !root.phone
    }

    Pages {
        id: pages

        anchors.bottom: strip.visible ? strip.top : bar.visible ? bar.top : parent.bottom
        anchors.left: root.phone ? parent.left : rail.right
        anchors.right: parent.right
        anchors.top: parent.top
        app: root.app
        enabled: !root.sheetOpen
        panes: root.panes

        onWhy: why.shown = true
    }

    Strip {
        id: strip

        anchors.bottom: bar.top
        anchors.left: parent.left
        anchors.right: parent.right
        app: root.app
        enabled: !root.sheetOpen
        visible: root.phone && root.listed && !root.app.detailOpen && !root.app.today.firstRun
    }

    NavBar {
        id: bar

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        app: root.app
        enabled: !root.sheetOpen
        height: visible ? implicitHeight : 0
        visible: root.phone && root.listed && !root.app.detailOpen
    }

    Snackbar {
        anchors.bottom: strip.visible ? strip.top : bar.visible ? bar.top : parent.bottom
        anchors.bottomMargin: root.panes ? 24 : 16
        anchors.left: pages.left
        // Beside a list it begins where the words of the reading pane begin.
        anchors.leftMargin: pages.reading > 0 ? pages.reading : Math.round((pages.width - width) / 2)
        objectName: "snackbar"
        undoable: root.app.undoable
        width: Math.min(pages.width - 32, 480)
        words: root.app.notice

        onUndo: root.app.undo()
    }

    LogSheet {
        app: root.app
    }

    RemarkSheet {
        app: root.app
    }

    CustomerSheet {
        app: root.app
    }

    WhySheet {
        id: why
    }

    KeysSheet {
        id: keys
    }
}
