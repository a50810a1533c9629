import QtQuick
import Tend
import Tend.Models

// The window.
Window {
    id: root

    required property AppState app

    color: Theme.bg
    height: 800
    minimumHeight: 480
    minimumWidth: 320
    title: qsTr("Tend")
    width: 1280

    Shell {
        anchors.fill: parent
        app: root.app
        focus: true
    }
}
