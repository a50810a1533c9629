import QtQuick
import QtQuick.Layouts
import Tend
import Tend.Models

// The destinations at the foot of a phone.
RowLayout {
    id: root

    required property AppState app

    Accessible.name: qsTr("Pages")
    Accessible.role: Accessible.PageTabList
    spacing: 0

    NavItem {
        Layout.fillWidth: true
        chosen: root.app.page === AppState.Today
        glyph: Icons.today
        objectName: "navToday"
        text: qsTr("Today")

        onClicked: root.app.go(AppState.Today)
    }

    NavItem {
        Layout.fillWidth: true
        chosen: root.app.page === AppState.Customers
        glyph: Icons.customers
        objectName: "navCustomers"
        text: qsTr("Customers")

        onClicked: root.app.go(AppState.Customers)
    }
}
