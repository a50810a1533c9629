#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sync/base/clock.h"
#include "sync/base/result.h"

// What the pages of Tend ask of the journal, and what it answers: plain values, no Qt, no SQL, no
// words of ours. A view model turns the enums and dates here into sentences.
namespace tend {

using replica::Result;
using replica::Status;
using replica::WallTime;

// A row's UUID as text, lower case with dashes.
using Id = std::string;

// A day in the user's own calendar, days since 1970-01-01.
enum class Day : std::int32_t {};

enum class VisitKind { FaceToFace, Call, Counter, Group, Message };
enum class Outcome { Met, NoAnswer, LeftMessage };
enum class Direction { Us, Them };
// Whether we said that we are there for them, or they asked us to be.
enum class Help { None, Offered, Asked };
enum class StepState { Open, Done };

// -2 upset, -1 unhappy, 0 so-so, 1 happy, 2 delighted. "Didn't say" is no value at all.
using Feeling = std::optional<int>;

// Where a row's newest change is. SeenByOffice is for relayed remarks only.
enum class Whereabouts { Waiting, OnServer, SeenByOffice, NeedsYou };

// ---- Today -------------------------------------------------------------------------------------

enum class TodayGroup { Now, Soon, GoneQuiet };
enum class ReasonKind {
    NextStepDue,  // the next step agreed at a visit; day = when
    FollowUpDue,  // follow_up.due_on
    PromiseDue,  // promise.due_on, by us
    GoneQuiet,  // no contact for more than twice the rhythm; day = last contact
    NeverTalked,  // a customer without any contact; day = when added
    RhythmDue,  // longer without contact than the rhythm, not yet twice; day = when it fell due
    CallAfterSale,  // 3, 30 and 90 days after a sale, then every year
    CircumstanceEnds,  // what was going on there comes to its end: ask again
    NeedToConfirm,  // given, and nobody heard yet whether it was right; day = last contact
    InitiativeDue,  // what the plan for this customer says is to be done by then
    HandoverToTell,  // somebody else of us looks after them, and they were not told
    AnswerToTell,  // what they said was answered, and they were not told
};

struct TodayRow {
    TodayGroup group = TodayGroup::Now;
    Id customerId;
    std::string who;
    std::string about;  // at most 40 characters; empty when only the reason speaks
    ReasonKind reason = ReasonKind::NextStepDue;
    Day day{};
    Id evidenceId;  // the row the reason rests on; never empty
    bool hasPhone = false;
    bool shouldGoThere = false;  // two tries reached nobody
    bool shouldHandOver = false;  // whose it is left us, and nobody was named to go on
};

// ---- Customers ---------------------------------------------------------------------------------

struct CustomerRow {
    Id id;
    std::string name;
    std::string place;  // organisation or address, one line; may be empty
    std::optional<WallTime> lastContactAt;
    VisitKind lastKind = VisitKind::FaceToFace;
    Feeling lastFeeling;  // as the customer said it
    std::string matchedWords;  // the sentence a search matched, when it was not the name
};

struct NewCustomer {
    std::string name;
    std::string place;
    std::string phone;
};

struct StoryEntry {
    Id visitId;
    VisitKind kind = VisitKind::FaceToFace;
    Outcome outcome = Outcome::Met;
    WallTime at{};
    std::string said;  // the customer's own words
    std::string impression;  // ours
    Feeling customerFeeling;  // they said so
    Feeling repFeeling;  // our impression
    std::string nextStep;
    bool nextStepDone = false;
    std::string by;  // who of us wrote it; empty for this device's own person
    Whereabouts whereabouts = Whereabouts::Waiting;
    bool corrected = false;  // changed after it was first saved
};

struct CustomerPage {
    Id id;
    std::string name;
    std::string place;
    std::string phone;
    std::string terms;  // how they like to be contacted, in their words
    std::string note;
    std::optional<StoryEntry> lastTime;  // the last contact with words
    Feeling feeling;
    bool theySaidSo = false;
    std::string nextStep;  // ask about / do next
    std::optional<Day> nextStepOn;
    std::vector<StoryEntry> story;  // newest first
};

// ---- Writing -----------------------------------------------------------------------------------

// What one visit says, as the Log sheet holds it. Only the customer is needed to save.
struct VisitFields {
    Id customerId;
    std::string newCustomerName;  // set instead of customerId for a customer made on saving
    VisitKind kind = VisitKind::FaceToFace;
    Outcome outcome = Outcome::Met;
    Direction direction = Direction::Us;
    std::optional<WallTime> startedAt;  // none: the moment of saving
    Feeling feeling;
    bool theySaidSo = true;  // whose feeling it is: the customer's words or our impression
    std::string said;
    std::string impression;
    std::string nextStep;
    std::optional<Day> nextStepOn;
    Help help = Help::None;

    friend bool operator==(const VisitFields &, const VisitFields &) = default;
};

// The Log sheet while it is open; also what is kept of it.
struct VisitDraft : VisitFields {
    std::string key;  // tells the drafts apart; the sheet makes one when it is opened
    Id visitId;  // set when a saved visit is being corrected
    // What the visit said when its correction began. Only what differs from it is written, so that
    // what others changed meanwhile stays.
    std::optional<VisitFields> before;
};

struct RemarkDraft {
    std::string words;
    Id customerId;  // may be empty
};

// What was being written when a sheet last closed or the program last died.
struct Drafts {
    std::vector<VisitDraft> visits;  // the last touched one first
    std::optional<RemarkDraft> remark;
};

struct SavedVisit {
    Id visitId;
    Id customerId;
    std::string who;
};

// ---- Sync page ---------------------------------------------------------------------------------

// One thing of this device that the server has not confirmed yet.
struct WaitingItem {
    Id rowId;
    std::string table;
    std::string title;  // the customer's name, or the first words
    WallTime at{};
};

struct Side {
    std::string value;  // as text a person reads
    std::string by;  // member name; empty: this device's own person
    std::string device;
    WallTime at{};
};

struct ConflictItem {
    std::string id;
    std::string table;
    Id rowId;
    std::string rowTitle;  // "Ana Ruiz"
    std::string column;  // "phone"; empty when one side deleted the row
    std::string base;
    Side mine;
    Side theirs;
    bool mineDeleted = false;
    bool theirsDeleted = false;
    bool canKeepBoth = false;  // text that can hold both
};

// Two people changed the same row and nothing needed asking.
struct MergedItem {
    std::string id;
    std::string table;
    Id rowId;
    std::string rowTitle;
    std::vector<std::string> mineColumns;
    std::vector<std::string> theirColumns;
    std::string by;  // empty: this device's own person, on another device
    std::string device;
    WallTime at{};
};

struct RefusedItem {
    std::string id;
    std::string title;
    std::string reason;
    WallTime at{};
};

enum class SyncPhase {
    NoServer,  // the replica has never joined one; everything works
    Idle,  // nothing waits, or the next try is planned
    Working,
    Offline,  // the last try found no route
    NeedsPerson,  // revoked, pin mismatch, server newer: see problem
};

struct SyncState {
    SyncPhase phase = SyncPhase::NoServer;
    int waiting = 0;  // groups, one per thing a person did
    std::optional<WallTime> oldestWaitingAt;
    std::optional<WallTime> lastSyncedAt;
    int conflicts = 0;
    int refused = 0;
    std::optional<replica::ErrorCode> problem;  // why the last try failed
    std::string problemDetails;  // for the Details disclosure
    // Nothing went out since then, though the server can be reached; the link was made anew.
    std::optional<WallTime> notSentSince;
};

struct SyncReport {
    SyncState state;
    std::vector<WaitingItem> waiting;  // oldest first
    std::vector<ConflictItem> conflicts;
    std::vector<MergedItem> merged;  // newest first, at most 50
    std::vector<RefusedItem> refused;
};

enum class Take { Mine, Theirs, Both };

struct Account {
    std::string server;  // https://host:port; empty while there is none
    std::string workspace;
    std::string person;
    std::string device;
};

// ---- The port ----------------------------------------------------------------------------------

// The journal of one open replica. Each call is one short transaction on local data: none waits for
// the network. Called from one thread, the one that opened it. Realised by StoreJournal over a
// replica and by FakeJournal in the tests.
class Journal {
public:
    virtual ~Journal() = default;

    [[nodiscard]] virtual Result<std::vector<TodayRow>> today(Day today) = 0;
    // All customers by name, or those whose name, place, phone or words said match every word of
    // `search`.
    [[nodiscard]] virtual Result<std::vector<CustomerRow>> customers(const std::string &search) = 0;
    // Errors: NotFound, also when it was deleted.
    [[nodiscard]] virtual Result<CustomerPage> customer(const Id &id) = 0;
    // That their page was opened, for those who look after them to see. Errors: NotFound, Full.
    [[nodiscard]] virtual Status noteLook(const Id &id, Day today) = 0;
    // Whom a new visit is probably about, best guess first, at most three.
    [[nodiscard]] virtual Result<std::vector<CustomerRow>> suggestions() = 0;

    // Errors: Invalid with a sentence for the field, Full.
    [[nodiscard]] virtual Result<Id> addCustomer(const NewCustomer &customer) = 0;
    // Durable when it returns. Removes the draft of this key in the same transaction. A correction
    // is an ordinary change: what stood there before stays in the history. Errors: Invalid (no
    // customer), NotFound (the visit is gone), Full.
    [[nodiscard]] virtual Result<SavedVisit> saveVisit(const VisitDraft &draft) = 0;
    // A saved visit, ready to be corrected. Errors: NotFound, also when it was deleted.
    [[nodiscard]] virtual Result<VisitDraft> visit(const Id &visitId) = 0;
    // The ten-second remark; no customer needed. Removes its draft in the same transaction. Errors:
    // Invalid when there are no words.
    [[nodiscard]] virtual Result<Id> saveRemark(const std::string &words, const Id &customerId) = 0;
    // Undo of a save: the row goes, its history stays.
    [[nodiscard]] virtual Status removeVisit(const Id &visitId) = 0;
    [[nodiscard]] virtual Status removeRemark(const Id &remarkId) = 0;
    [[nodiscard]] virtual Status setNextStep(const Id &visitId, StepState state) = 0;

    [[nodiscard]] virtual Result<Drafts> drafts() = 0;
    // In place of the draft with its key, if there is one.
    [[nodiscard]] virtual Status keepDraft(const VisitDraft &draft) = 0;
    [[nodiscard]] virtual Status dropDraft(const std::string &key) = 0;
    // Without words there is nothing to keep, and what was kept goes.
    [[nodiscard]] virtual Status keepRemarkDraft(const RemarkDraft &draft) = 0;

    [[nodiscard]] virtual Result<SyncReport> syncReport() = 0;
    // Errors: NotFound when it was settled meanwhile, Invalid when both cannot be kept.
    [[nodiscard]] virtual Status resolve(const std::string &conflictId, Take take) = 0;
    // Brings back what this device had before the merge, as a new change.
    [[nodiscard]] virtual Status undoMerge(const std::string &mergedId) = 0;
    [[nodiscard]] virtual Result<Account> account() = 0;
};

}  // namespace tend
