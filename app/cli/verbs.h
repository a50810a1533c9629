#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/journal/likeness.h"
#include "app/journal/ready_questions.h"
#include "app/session/open_replica.h"

// The verbs of tendctl, one function each. Each prints its result on stdout and answers what went
// wrong; main turns that into a sentence on stderr and the exit code.
namespace tend::cli {

using replica::Status;

struct Common {
    std::filesystem::path replica;
    KeyChoice key;
    bool isJson = false;
};

[[nodiscard]] Status init(const Common &common);
[[nodiscard]] Status join(
    const Common &common, const std::string &invitation, const std::string &deviceName);

[[nodiscard]] Status put(const Common &common, const std::string &table, std::size_t batch);
[[nodiscard]] Status get(const Common &common, const std::string &table, const std::string &id);
[[nodiscard]] Status erase(const Common &common, const std::string &table, const std::string &id);

struct SyncOptions {
    // Goes on where others delete or empty more than anybody is trusted with unasked.
    bool acceptsMassChange = false;
    bool withFiles = true;
};

[[nodiscard]] Status sync(const Common &common, const SyncOptions &options);

struct Attachment {
    std::string table;  // what it hangs on
    std::string id;
    std::filesystem::path file;
    std::filesystem::path thumbnail;  // a small picture of it, made already; empty: none
    std::string mediaType;  // empty: by the file's name
};

// Keeps a copy of the file, then the row that names it. Errors: NotFound, Invalid (no such row, too
// large, empty), Full.
[[nodiscard]] Status attach(const Common &common, const Attachment &attachment);
[[nodiscard]] Status attachments(const Common &common, const std::string &customer);
// Reads every file that is here. Answers what cannot be read any more.
[[nodiscard]] replica::Result<std::vector<std::string>> damagedFiles(OpenReplica &open);
// Writes an attachment's file, fetched first where it is not here. Errors: NotFound (no such row,
// or its author has not sent the file yet), Conflict (there is a file of that name).
[[nodiscard]] Status fetchAttachment(
    const Common &common, const std::string &text, const std::filesystem::path &to);
// Writes what no server has accepted yet into a file of its own. Errors: Conflict when it is there.
[[nodiscard]] Status rescue(const Common &common, const std::filesystem::path &to);
// Lays a backup (see restoreFromBackup) or a rescue file's work into this replica; a second time
// changes nothing. Errors: Invalid when
// it is no rescue file or was cut, NotFound when some of it is about rows that are not here (the
// rest was laid in).
[[nodiscard]] Status restore(const Common &common, const std::filesystem::path &from);
[[nodiscard]] Status status(const Common &common);
[[nodiscard]] Status verify(const Common &common);

[[nodiscard]] Status conflicts(const Common &common);

struct Settlement {
    std::string conflict;
    std::string take;  // mine or theirs; empty when a value is given
    std::string value;  // JSON
};

[[nodiscard]] Status resolve(const Common &common, const Settlement &settlement);
[[nodiscard]] Status history(const Common &common, const std::string &table, const std::string &id);
[[nodiscard]] Status refused(const Common &common);
[[nodiscard]] Status merged(const Common &common);
[[nodiscard]] Status undo(const Common &common, const std::string &mergedId);
// What was written on this device, newest first, with the number to undo it by.
[[nodiscard]] Status recent(const Common &common, std::size_t countMax);
// Takes back one action; without a number the last one of this device. Errors: NotFound, Conflict.
[[nodiscard]] Status undoAction(const Common &common, std::optional<std::int64_t> number);

// Whom to talk to, about what and why, on that day; empty: today where this machine is.
[[nodiscard]] Status today(const Common &common, const std::string &on);
// The relationship profile of one customer, or of all when `customer` is empty. Named by id or by
// the beginning of a name that only one has.
[[nodiscard]] Status profile(
    const Common &common, const std::string &customer, const std::string &on);
// Five figures about all customers; the people behind one where it is named.
[[nodiscard]] Status radar(
    const Common &common, const std::string &figure, const std::string &on, bool isMine);
// Who stays, may leave, left and came back; reasons of loss by year.
[[nodiscard]] Status retention(const Common &common, const std::string &on);
// Where they buy and why; with words, those who would change for that.
[[nodiscard]] Status why(const Common &common, const std::string &words, const std::string &on);
[[nodiscard]] Status says(const Common &common, const std::string &customer, const std::string &on);
[[nodiscard]] Status questions(const Common &common, const std::string &on);
[[nodiscard]] Status notes(
    const Common &common, const std::string &customer, const std::string &on);
// Who answers to one of the ready questions; `about` is for what was said.
[[nodiscard]] Status who(
    const Common &common, ReadyQuestion question, const std::string &about, const std::string &on);
// What is due today, once a day from that time of day on (HH:MM); nothing when it was said.
[[nodiscard]] Status remind(const Common &common, const std::string &at);
// Who looks like what was typed; all pairs that look alike where nothing was.
[[nodiscard]] Status doubles(const Common &common, const Entry &typed);
[[nodiscard]] Status uniteCustomers(
    const Common &common, const std::string &keep, const std::string &other);
[[nodiscard]] Status partCustomer(const Common &common, const std::string &customer);
// Plans with their goals measured, of one customer or all.
[[nodiscard]] Status plan(const Common &common, const std::string &customer, const std::string &on);
// Remarks on their way to whoever can act on them, and answers on their way back.
[[nodiscard]] Status heard(const Common &common);
// Who opened that customer's page without looking after them.
[[nodiscard]] Status looks(const Common &common, const std::string &customer);
// Rows that hold all these words, people first.
[[nodiscard]] Status search(const Common &common, const std::vector<std::string> &words);
// One page before a visit. Errors: NotFound, Invalid when several names begin so.
[[nodiscard]] Status brief(
    const Common &common, const std::string &customer, const std::string &on);

// The declared table of that name. Errors: Invalid naming those there are.
[[nodiscard]] replica::Result<const replica::Table *> tableNamed(const std::string &name);
// Prints one line and makes sure it left. Errors: Io.
[[nodiscard]] Status printLine(const std::string &words);

}  // namespace tend::cli
