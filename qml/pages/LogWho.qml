import QtQuick
import Tend
import Tend.Models

// Who it was: the best guesses as chips, a search for the others, and a new name.
Column {
    id: root

    required property LogModel model
    property bool searching: false

    // The chips have 8 of their target below what one sees.
    bottomPadding: root.searching ? 0 : -8

    Label {
        color: Theme.muted
        size: 12
        text: qsTr("Who was it?")
        weight: Font.Medium
        width: root.width
    }

    Flow {
        spacing: 8
        width: root.width

        Repeater {
            model: root.model.people

            Chip {
                required property int index
                required property string customerId
                required property string name
                required property bool picked

                chosen: picked
                objectName: "who" + index
                text: name
                width: Math.min(implicitWidth, root.width)

                onClicked: root.model.choose(customerId, name)
            }
        }

        Chip {
            Accessible.name: qsTr("Somebody else")
            glyph: Icons.search
            objectName: "whoOther"
            text: Theme.large ? qsTr("Other") : ""
            width: Math.max(48, implicitWidth)

            onClicked: {
                root.searching = !root.searching;
                if (root.searching)
                    other.forceActiveFocus();
            }
        }
    }

    Label {
        Accessible.role: Accessible.AlertMessage
        bottomPadding: 8
        color: Theme.bad
        objectName: "whoError"
        size: 14
        text: root.model.whoError
        visible: text !== ""
        width: root.width
    }

    SearchField {
        id: other

        hint: qsTr("Name")
        objectName: "whoSearch"
        text: root.model.search
        visible: root.searching
        width: root.width

        onEdited: text => root.model.search = text
        onEntered: root.pickFirst()
    }

    Repeater {
        model: root.searching ? root.model.found : null

        FoundRow {
            required property int index
            required property string customerId
            required property string name

            objectName: "found" + index
            text: name
            width: root.width

            onClicked: {
                root.model.choose(customerId, name);
                root.searching = false;
            }
        }
    }

    FoundRow {
        glyph: Icons.addPerson
        objectName: "foundNew"
        text: qsTr("Add %1").arg(root.model.search)
        visible: root.searching && root.model.search.trim() !== ""
        width: root.width

        onClicked: {
            root.model.chooseNew(root.model.search);
            root.searching = false;
        }
    }

    function pickFirst() {
        const id = root.model.found.keyAt(0);
        if (id !== "")
            root.model.choose(id, root.model.found.nameAt(0));
        else
            root.model.chooseNew(root.model.search);
        root.searching = false;
    }
}
