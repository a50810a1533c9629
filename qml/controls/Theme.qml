pragma Singleton
import QtQuick

// Every colour, size, space and duration. Pages name what a thing is, never a number of a colour.
QtObject {
    id: root

    property bool dark: false
    property real scale: 1
    property bool reduceMotion: false
    property bool laptop: false
    property bool mirrored: false

    readonly property color bg: root.dark ? "#141311" : "#FAF8F4"
    readonly property color surface: root.dark ? "#1E1C19" : "#FFFFFF"
    readonly property color alt: root.dark ? "#292622" : "#F1EEE7"
    readonly property color text: root.dark ? "#ECE7DD" : "#1D1B16"
    readonly property color muted: root.dark ? "#B9B3A6" : "#5A564C"
    readonly property color primary: root.dark ? "#7FCBC3" : "#1F5F5B"
    readonly property color primaryInk: root.dark ? "#00302D" : "#FFFFFF"
    readonly property color container: root.dark ? "#164844" : "#CFE6E2"
    readonly property color containerInk: root.dark ? "#CFE6E2" : "#0B3B38"
    readonly property color accent: root.dark ? "#F2A482" : "#A6431E"
    readonly property color accentInk: root.dark ? "#4A1905" : "#FFFFFF"
    readonly property color good: root.dark ? "#7FCB97" : "#1E6B3A"
    readonly property color warn: root.dark ? "#E7B25C" : "#8A5300"
    readonly property color bad: root.dark ? "#F2A09A" : "#B3261E"
    readonly property color outline: root.dark ? "#8F897C" : "#7D786C"
    readonly property color line: root.dark ? "#35312B" : "#E4DFD4"
    readonly property color scrim: root.dark ? "#99000000" : "#701D1B16"
    readonly property color pressed: root.dark ? "#14ECE7DD" : "#141D1B16"
    readonly property var feelings: root.dark ? ["#F09A9A", "#F0B071", "#BDB7AA", "#A2D0AC", "#74D1A0"] : ["#9C2A2A", "#A4550A", "#5F5B52", "#3C6E47", "#17643F"]

    // Where rows drop their discs and cells become rows.
    readonly property bool large: root.scale >= 1.6
    readonly property int body: root.laptop ? 14 : 16
    readonly property int target: root.laptop ? 36 : 48
    readonly property int margin: root.laptop ? 24 : 16

    readonly property int pressMs: root.reduceMotion ? 0 : 50
    readonly property int fadeMs: root.reduceMotion ? 0 : 100
    readonly property int pageMs: root.reduceMotion ? 0 : 200
    readonly property int sheetInMs: root.reduceMotion ? 0 : 250
    readonly property int sheetOutMs: root.reduceMotion ? 0 : 200

    // A colour by its feeling, -2 to 2; 3 is "not known".
    function feeling(value: int): color {
        return value > 2 ? root.muted : root.feelings[value + 2];
    }

    function lineHeight(size: int): real {
        const heights = {
            "12": 16,
            "14": 20,
            "16": 22,
            "20": 28,
            "24": 32,
            "32": 40
        };
        return Math.round((heights[size] ?? size * 1.4) * root.scale);
    }
}
