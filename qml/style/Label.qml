import QtQuick
import QtQuick.Templates as T
import Tend

// All words on screen: a size of the scale with its line height, never cut unless asked.
T.Label {
    id: root

    property int size: Theme.body
    property int weight: Font.Normal
    // Arabic letters come from a font with more room above.
    readonly property bool tall: /[\u0600-\u06ff]/.test(root.text)

    color: Theme.text
    font.family: "Inter"
    font.pixelSize: Math.round(root.size * Theme.scale)
    font.weight: root.weight
    font.letterSpacing: root.size >= 32 ? -0.6 : root.size >= 24 ? -0.3 : root.size >= 20 ? -0.1 : 0
    // Said plainly so that it mirrors, whatever the script of the words.
    horizontalAlignment: Text.AlignLeft
    lineHeight: Theme.lineHeight(root.size)
    lineHeightMode: Text.FixedHeight
    textFormat: Text.PlainText
    // Qt sets a fixed line's room below its letters; half of it belongs above them.
    transform: Translate {
        y: Math.max(0, (root.lineHeight - 1.21 * root.font.pixelSize) / 2) - (root.tall ? 0.36 * root.font.pixelSize : 0)
    }
    wrapMode: Text.Wrap
}
