import QtQuick
import QtQuick.Layouts
import Tend
import Tend.Models

// Five faces with their words. Where the words grow too large they stand below each other, with
// "Didn't say" as the sixth.
Item {
    id: root

    property int value: LogModel.DidntSay
    property list<string> words: [qsTr("Upset"), qsTr("Unhappy"), qsTr("So-so"), qsTr("Happy"), qsTr("Delighted"), qsTr("Didn’t say")]
    readonly property bool stacked: Theme.scale >= 1.3
    signal picked(int value)

    implicitHeight: grid.implicitHeight

    GridLayout {
        id: grid

        anchors.left: parent.left
        anchors.right: parent.right
        columnSpacing: 0
        columns: root.stacked ? 1 : 5
        rowSpacing: 4

        Repeater {
            model: root.stacked ? 6 : 5

            FeelingCell {
                required property int index

                Layout.fillWidth: true
                Layout.preferredWidth: 1
                chosen: root.value === feeling
                feeling: index - 2
                objectName: "feeling" + (index + 1)
                stacked: root.stacked
                text: root.words[index]

                onClicked: root.picked(chosen ? LogModel.DidntSay : feeling)
            }
        }
    }
}
