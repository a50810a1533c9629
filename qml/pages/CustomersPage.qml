import QtQuick
import Tend
import Tend.Models

// Everybody one looks after, and the search over names, numbers and what was said.
Item {
    id: root

    required property AppState app
    readonly property CustomersModel model: root.app.customers
    property bool panes: false

    objectName: "customersPage"

    TopBar {
        id: bar

        anchors.left: parent.left
        anchors.right: parent.right
        app: root.app
        plain: Theme.laptop
        searchable: false
        title: qsTr("Customers")
        visible: !root.panes

        onSearch: field.forceActiveFocus()
    }

    PaneHead {
        id: paneHead

        anchors.left: parent.left
        anchors.right: parent.right
        aside: root.model.search === "" && list.count > 0 ? list.count : ""
        title: qsTr("Customers")
        visible: root.panes
    }

    SearchField {
        id: field

        anchors.left: parent.left
        anchors.leftMargin: root.panes ? 16 : 16
        anchors.right: add.left
        anchors.rightMargin: 8
        anchors.top: root.panes ? paneHead.bottom : bar.bottom
        hint: Theme.scale >= 1.3 ? qsTr("Search") : qsTr("Name, or what they said")
        objectName: "customerSearch"
        text: root.model.search

        onEdited: text => root.model.search = text
        onEntered: {
            list.currentIndex = 0;
            root.app.openCustomer(root.model.keyAt(0));
        }
    }

    IconButton {
        id: add

        anchors.right: parent.right
        anchors.rightMargin: 12
        anchors.verticalCenter: field.verticalCenter
        glyph: Icons.addPerson
        objectName: "addCustomer"
        text: qsTr("Add a customer")

        onClicked: root.app.addCustomer()
    }

    PageList {
        id: list

        Accessible.name: qsTr("Customers, %n customer(s)", "", list.count)
        Accessible.role: Accessible.List
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: field.bottom
        anchors.topMargin: 8
        bottomMargin: 16
        focus: true
        model: root.model
        objectName: "customerList"

        delegate: CustomerRow {
            app: root.app
            panes: root.panes
            width: list.width
        }
        footer: CustomersEmpty {
            app: root.app
            side: root.panes ? 24 : 16
            visible: root.model.emptyLine !== ""
            width: list.width
        }
    }

    function beginSearch() {
        field.forceActiveFocus();
        field.selectAll();
    }
}
