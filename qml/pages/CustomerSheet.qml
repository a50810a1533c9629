import QtQuick
import Tend
import Tend.Models

// Adds a customer: a name is enough.
Sheet {
    id: root

    required property AppState app
    readonly property NewCustomerModel model: root.app.newCustomer

    objectName: "customerSheet"
    part: "newCustomer"
    shown: root.model.open
    title: qsTr("Add a customer")

    footer: SaveButton {
        name: "saveCustomer"
        width: parent.width

        onClicked: root.model.save()
    }

    onClosed: root.model.close()
    onShownChanged: {
        if (root.shown)
            name.forceActiveFocus();
    }

    Field {
        id: name

        error: root.model.nameError
        input.objectName: "newName"
        label: qsTr("Name")
        text: root.model.name
        width: parent.width

        onAccepted: root.model.save()
        onEdited: text => root.model.name = text
    }

    Field {
        input.objectName: "newPlace"
        label: qsTr("Where to find them (optional)")
        text: root.model.place
        width: parent.width

        onAccepted: root.model.save()
        onEdited: text => root.model.place = text
    }

    Field {
        input.objectName: "newPhone"
        inputHints: Qt.ImhDialableCharactersOnly
        label: qsTr("Phone (optional)")
        text: root.model.phone
        width: parent.width

        onAccepted: root.model.save()
        onEdited: text => root.model.phone = text
    }
}
