pragma Singleton
import QtQuick
import Tend
import Tend.Models

// Codepoints of the Material icon font, by what they mean here.
QtObject {
    id: root

    readonly property string today: "\ue8df"
    readonly property string customers: "\ue7fb"
    readonly property string settings: "\ue8b8"
    readonly property string search: "\ue8b6"
    readonly property string log: "\ue3c9"
    readonly property string remark: "\ue244"
    readonly property string phone: "\ue0cd"
    readonly property string message: "\ue0cb"
    readonly property string copy: "\ue14d"
    readonly property string tick: "\ue5ca"
    readonly property string ticks: "\ue877"
    readonly property string clock: "\ue8b5"
    readonly property string needsYou: "\ue645"
    readonly property string back: "\ue5c4"
    readonly property string forward: "\ue5c8"
    readonly property string close: "\ue5cd"
    readonly property string add: "\ue145"
    readonly property string addPerson: "\ue7fe"
    readonly property string people: "\ue7ef"
    readonly property string person: "\ue7fd"
    readonly property string shop: "\uea12"
    readonly property string counter: "\ue8d1"
    readonly property string nextStep: "\ue878"
    readonly property string promise: "\uebcb"
    readonly property string quiet: "\ue88b"
    readonly property string cloudOff: "\ue2c1"
    readonly property string cloudDone: "\ue2bf"
    readonly property string cloudWaits: "\ue2c2"
    readonly property string sync: "\ue627"
    readonly property string device: "\ue32c"
    readonly property string laptop: "\ue31e"
    readonly property string note: "\ue26c"
    readonly property string none: "\ue15b"
    readonly property string more: "\ue5cf"
    readonly property string less: "\ue5ce"
    readonly property string onward: "\ue5cc"
    readonly property string link: "\ue157"
    readonly property string info: "\ue88e"

    function feeling(value: int): string {
        return value > 2 ? root.none : ["\ue814", "\ue811", "\ue812", "\ue813", "\ue815"][value + 2];
    }

    function kind(value: int): string {
        switch (value) {
        case LogModel.Call:
            return root.phone;
        case LogModel.Group:
            return root.people;
        case LogModel.Message:
            return root.message;
        case LogModel.Counter:
            return root.person;
        default:
            return root.shop;
        }
    }

    function reason(value: int): string {
        switch (value) {
        case TodayModel.FollowUpDue:
        case TodayModel.CallAfterSale:
            return root.phone;
        case TodayModel.PromiseDue:
            return root.promise;
        case TodayModel.GoneQuiet:
        case TodayModel.RhythmDue:
            return root.quiet;
        case TodayModel.NeverTalked:
            return root.addPerson;
        default:
            return root.nextStep;
        }
    }

    function offer(value: int): string {
        return value === TodayModel.Call ? root.phone : value === TodayModel.Done ? root.tick : root.log;
    }

    function mark(value: int): string {
        return [root.clock, root.tick, root.ticks, root.needsYou, Theme.laptop ? root.laptop : root.device][value];
    }

    function syncMark(value: int): string {
        switch (value) {
        case AppState.NoServerMark:
            return Theme.laptop ? root.laptop : root.device;
        case AppState.WaitingMark:
            return root.cloudWaits;
        case AppState.OfflineMark:
            return root.cloudOff;
        case AppState.PersonMark:
            return root.needsYou;
        default:
            return root.cloudDone;
        }
    }

    function table(name: string): string {
        switch (name) {
        case "visit":
            return root.shop;
        case "remark":
            return root.remark;
        case "promise":
            return root.promise;
        case "follow_up":
            return root.phone;
        default:
            return root.person;
        }
    }
}
