import QtQuick
import QtQuick.Templates as T
import Tend

// All words on screen: a size of the scale with its line height, never cut unless asked.
T.Label {
    id: root

    property int size: Theme.body
    property int weight: Font.Normal

    color: Theme.text
    font.family: "Inter"
    font.pixelSize: Math.round(root.size * Theme.scale)
    font.weight: root.weight
    font.letterSpacing: root.size >= 32 ? -0.6 : root.size >= 24 ? -0.3 : root.size >= 20 ? -0.1 : 0
    lineHeight: Theme.lineHeight(root.size)
    lineHeightMode: Text.FixedHeight
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
}
