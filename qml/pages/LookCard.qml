import QtQuick
import Tend
import Tend.Models

// How it looks: light or dark, the size of the words, and whether things move.
Card {
    id: root

    required property SettingsModel model

    spacing: 8

    Label {
        Accessible.role: Accessible.Heading
        bottomPadding: 4
        size: 16
        text: qsTr("How it looks")
        weight: Font.DemiBold
        width: parent.width
    }

    Label {
        color: Theme.muted
        size: 12
        text: qsTr("Theme")
        weight: Font.Medium
        width: parent.width
    }

    Segments {
        current: root.model.theme
        name: qsTr("Theme")
        names: [qsTr("As the device"), qsTr("Light"), qsTr("Dark")]
        part: "theme"
        width: parent.width

        onPicked: index => root.model.theme = index
    }

    Label {
        color: Theme.muted
        size: 12
        text: qsTr("Size of the words, %1").arg(root.model.textScaleWords)
        topPadding: 8
        weight: Font.Medium
        width: parent.width
    }

    ScaleSlider {
        Accessible.name: qsTr("Size of the words")
        objectName: "textScale"
        value: root.model.textScale
        width: parent.width

        onMoved: root.model.textScale = value
    }

    Toggle {
        checked: root.model.reduceMotion
        objectName: "reduceMotion"
        text: qsTr("Less movement")
        width: parent.width

        onToggled: root.model.reduceMotion = checked
    }

    Toggle {
        checked: root.model.letterKeys
        objectName: "letterKeys"
        text: qsTr("Keys of one letter")
        visible: Theme.laptop
        width: parent.width

        onToggled: root.model.letterKeys = checked
    }
}
