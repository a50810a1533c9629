import QtQuick
import Tend
import Tend.Models

// Over which networks files go. Words are not asked about: they always go.
Card {
    id: root

    required property SettingsModel model

    spacing: 8

    Label {
        Accessible.role: Accessible.Heading
        bottomPadding: 4
        size: 16
        text: qsTr("Pictures and other files")
        weight: Font.DemiBold
        width: parent.width
    }

    Toggle {
        checked: root.model.filesOnWifiOnly
        objectName: "filesOnWifiOnly"
        text: qsTr("Only over Wi-Fi or cable")
        width: parent.width

        onToggled: root.model.filesOnWifiOnly = checked
    }

    Label {
        color: Theme.muted
        size: 12
        text: qsTr("Words go over any network, and before the files.")
        width: parent.width
        wrapMode: Text.Wrap
    }
}
