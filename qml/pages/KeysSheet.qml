import QtQuick
import Tend

// The keys of a laptop.
Sheet {
    id: root

    readonly property list<string> keys: ["Ctrl N", "Ctrl Shift N", "Ctrl K", "Ctrl Enter", "1 – 5", "Esc", "Ctrl Z", "Ctrl R", "Ctrl ,", "G  T / C / S", "J / K", "L / D", "C / S", "E"]
    readonly property list<string> words: [qsTr("Log a visit"), qsTr("Log a call"), qsTr("Search"), qsTr("Save"), qsTr("Choose a feeling"), qsTr("Close, or back"), qsTr("Undo"), qsTr("Sync now"), qsTr("Settings"), qsTr("Go to Today, Customers, Sync"), qsTr("Down and up the list"), qsTr("On Today: log, done"), qsTr("On Today: copy the number, put off until tomorrow"), qsTr("Correct your last note on this customer")]

    objectName: "keysSheet"
    part: "keys"
    title: qsTr("Keys")

    onShownChanged: {
        if (root.shown)
            root.forceActiveFocus();
    }

    onClosed: root.shown = false

    Repeater {
        model: root.keys

        Row {
            id: row

            required property int index
            required property string modelData

            spacing: 16
            width: parent.width

            Item {
                height: cap.implicitHeight
                width: 120

                Keycap {
                    id: cap

                    text: row.modelData
                }
            }

            Label {
                size: 14
                text: root.words[row.index]
            }
        }
    }
}
