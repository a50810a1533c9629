import QtQuick
import Tend

// A 1 px line.
Rectangle {
    color: Theme.line
    implicitHeight: 1
    implicitWidth: 1
}
