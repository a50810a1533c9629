import QtQuick
import QtQuick.Layouts
import Tend

// One choice of a few that stand side by side; where the words grow too large, below each other.
FocusScope {
    id: root

    property list<string> names
    property int current: 0
    property string name: ""
    // Test names of the parts: prefix and index.
    property string part: "segment"
    signal picked(int index)

    // Where side by side is narrow they move together; where even that is not enough the tick goes,
    // and fill and weight still say which.
    readonly property bool bare: root.tight && grid.least > root.width
    readonly property bool tight: !root.stacked && root.width > 0 && grid.wanted - 10 * root.names.length > root.width
    readonly property bool stacked: Theme.scale >= 1.3 && grid.wanted > root.width

    Accessible.name: root.name
    Accessible.role: Accessible.PageTabList
    implicitHeight: grid.implicitHeight
    implicitWidth: grid.wanted

    Rectangle {
        anchors.fill: parent
        border.color: Theme.outline
        border.width: 1
        color: Theme.surface
        radius: Math.min(height, Theme.target) / 2
    }

    GridLayout {
        id: grid

        property real wanted: 0
        property real least: 0

        anchors.fill: parent
        columnSpacing: 0
        columns: root.stacked ? 1 : root.names.length
        rowSpacing: 0

        Repeater {
            id: parts

            model: root.names

            SegmentPart {
                required property int index
                required property string modelData

                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredWidth: root.tight ? narrowWidth : implicitWidth
                chosen: root.current === index
                edge: index === 0 ? (index === root.names.length - 1 ? SegmentPart.Only : SegmentPart.First) : index === root.names.length - 1 ? SegmentPart.Last : SegmentPart.Middle
                narrow: root.tight
                objectName: root.part + index
                stacked: root.stacked
                text: modelData
                ticked: !root.bare

                onClicked: root.picked(index)
                onBareWidthChanged: root.measure()
                onImplicitWidthChanged: root.measure()
            }

            onItemAdded: root.measure()
        }
    }

    function measure() {
        let sum = 0;
        let least = Theme.large ? 0 : 22;
        for (let i = 0; i < parts.count; ++i) {
            const part = parts.itemAt(i) as SegmentPart;
            sum += part ? part.implicitWidth : 0;
            least += part ? part.bareWidth : 0;
        }
        grid.wanted = sum;
        grid.least = least;
    }
}
