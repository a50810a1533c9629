import QtQuick
import Tend.Models

// The keys of a laptop. Those of one letter work only while nobody types and can be switched off.
Item {
    id: root

    required property AppState app
    required property bool free
    // A sheet lies over the page; Escape is its own.
    required property bool sheet
    signal search
    signal keys
    signal move(int step)

    // A customer's page is open, alone or beside a list.
    required property bool customer
    readonly property bool letters: root.free && root.app.settings.letterKeys

    Shortcut {
        sequence: "Ctrl+N"

        onActivated: root.app.logVisit()
    }

    Shortcut {
        sequence: "Ctrl+Shift+N"

        onActivated: root.app.logCall()
    }

    Shortcut {
        sequences: ["Ctrl+K", "Ctrl+F"]

        onActivated: root.search()
    }

    Shortcut {
        enabled: root.letters
        sequence: "/"

        onActivated: root.search()
    }

    Shortcut {
        sequences: ["Ctrl+Return", "Ctrl+Enter"]

        onActivated: {
            if (root.app.log.open)
                root.app.log.save();
            else if (root.app.remark.open)
                root.app.remark.save();
            else if (root.app.newCustomer.open)
                root.app.newCustomer.save();
        }
    }

    Shortcut {
        enabled: root.app.undoable && root.free
        sequence: "Ctrl+Z"

        onActivated: root.app.undo()
    }

    Shortcut {
        sequence: "Ctrl+R"

        onActivated: root.app.syncNow()
    }

    Shortcut {
        sequence: "Ctrl+,"

        onActivated: root.app.go(AppState.Settings)
    }

    Shortcut {
        enabled: !root.sheet
        sequences: ["Escape", "Alt+Left"]

        onActivated: root.app.back()
    }

    Shortcut {
        enabled: root.letters
        sequence: "?"

        onActivated: root.keys()
    }

    Shortcut {
        enabled: root.letters
        sequence: "J"

        onActivated: root.move(1)
    }

    Shortcut {
        enabled: root.letters
        sequence: "K"

        onActivated: root.move(-1)
    }

    Shortcut {
        enabled: root.letters && root.customer
        sequence: "E"

        onActivated: root.app.correctLast()
    }

    Shortcut {
        enabled: root.letters && root.app.page === AppState.Today
        sequence: "L"

        onActivated: root.app.actOnToday(AppState.LogKey)
    }

    Shortcut {
        enabled: root.letters && root.app.page === AppState.Today
        sequence: "D"

        onActivated: root.app.actOnToday(AppState.DoneKey)
    }

    Shortcut {
        enabled: root.letters && root.app.page === AppState.Today
        sequence: "C"

        onActivated: root.app.actOnToday(AppState.CallKey)
    }

    Shortcut {
        enabled: root.letters && root.app.page === AppState.Today
        sequence: "S"

        onActivated: root.app.actOnToday(AppState.SnoozeKey)
    }

    Shortcut {
        enabled: root.letters
        sequence: "G,T"

        onActivated: root.app.go(AppState.Today)
    }

    Shortcut {
        enabled: root.letters
        sequence: "G,C"

        onActivated: root.app.go(AppState.Customers)
    }

    Shortcut {
        enabled: root.letters
        sequence: "G,S"

        onActivated: root.app.go(AppState.Sync)
    }
}
