// tendctl: a whole replica without a screen.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <functional>

#include "app/cli/interop_verbs.h"
#include "app/cli/verbs.h"
#include "app/journal/reminder.h"
#include "app/journal/row_text.h"
#include "app/journal/words.h"
#ifdef TEND_KEYCHAIN
#include "app/platform/keychain/system_keychain.h"
#endif
#include "sync/base/near_words.h"
#include "sync/net/curl_transport.h"
#include "sync/sqlite/database.h"

namespace {

using namespace tend::cli;

struct Arguments {
    Common common;
    std::string table;
    std::string id;
    std::string invitation;
    std::string deviceName;
    std::filesystem::path file;
    std::size_t batch = 1;
    SyncOptions syncOptions;
    Attachment attachment;
    std::string customer;
    std::string on;
    std::vector<std::string> words;
    Settlement settlement;
    tend::Entry typed;
    std::string at = "08:00";
    std::size_t count = 10;
    bool isMine = false;
    std::optional<std::int64_t> number;
};

// Words of one name, with quotation marks around them or without.
std::string together(const std::vector<std::string> &words)
{
    return tend::joined(words, " ");
}

// What cannot be understood is a mistake in the call, whatever the replica holds.
const CLI::Validator isDay(
    [](const std::string &text) {
        return tend::parseDay(text) ? std::string()
                                    : "'" + text + "' is no day; write it as 2026-06-11";
    },
    "DAY");
const CLI::Validator isTimeOfDay(
    [](const std::string &text) {
        return tend::minuteOfDayIn(text) ? std::string()
                                         : "'" + text + "' is no time of day; write it as 08:00";
    },
    "HH:MM");

void addKeyOptions(CLI::App &app, Arguments &arguments)
{
    app.add_option("--replica", arguments.common.replica, "the replica's file")->required();
    app.add_option("--key-file", arguments.common.key.keyFile,
        "holds the database key (else TEND_KEY_FILE, else the keychain)");
    app.add_option(
        "--new-key-file", arguments.common.key.newKeyFile, "make a key here for a new replica");
    app.add_flag(
        "--plaintext", arguments.common.key.isPlaintext, "an unencrypted replica, on purpose");
    app.add_flag("--json", arguments.common.isJson, "one JSON object a line");
}

// A verb with what it runs. Options of tendctl may stand before or after the verb.
CLI::App *addVerb(CLI::App &app, const std::string &name, const std::string &says,
    std::function<Status()> run, std::function<Status()> &chosen)
{
    CLI::App *verb = app.add_subcommand(name, says)->fallthrough();
    verb->callback([run = std::move(run), &chosen] { chosen = run; });
    return verb;
}

void addRowVerbs(CLI::App &app, Arguments &a, std::function<Status()> &chosen)
{
    auto *putVerb = addVerb(
        app, "put", "rows from JSON Lines on stdin; prints {\"id\":…} once each is durable",
        [&] { return put(a.common, a.table, a.batch); }, chosen);
    putVerb->add_option("table", a.table)->required();
    putVerb->add_option("--batch", a.batch, "objects a transaction")
        ->check(CLI::Range(1, 1'000'000));
    auto *getVerb = addVerb(
        app, "get", "rows as JSON Lines, ordered by id",
        [&] { return get(a.common, a.table, a.id); }, chosen);
    getVerb->add_option("table", a.table)->required();
    getVerb->add_option("--id", a.id, "only this row");
    auto *deleteVerb = addVerb(
        app, "delete", "takes a row away", [&] { return erase(a.common, a.table, a.id); }, chosen);
    deleteVerb->add_option("table", a.table)->required();
    deleteVerb->add_option("id", a.id)->required();
}

void addSyncVerbs(CLI::App &app, Arguments &a, std::function<Status()> &chosen)
{
    addVerb(
        app, "init", "makes a replica with no server", [&] { return init(a.common); }, chosen);
    auto *joinVerb = addVerb(
        app, "join", "enrols this replica; made first when there is none",
        [&] { return join(a.common, a.invitation, a.deviceName); }, chosen);
    joinVerb->add_option("invitation", a.invitation, "tend://join?…")->required();
    joinVerb->add_option("--device", a.deviceName, "what people see of this device");
    auto *syncVerb = addVerb(
        app, "sync", "until nothing is left to send or fetch",
        [&] { return sync(a.common, a.syncOptions); }, chosen);
    syncVerb->add_flag("--accept-mass-change", a.syncOptions.acceptsMassChange,
        "go on where others deleted or emptied a large part of a table");
    syncVerb->add_flag(
        "!--no-files", a.syncOptions.withFiles, "words only; files stay where they are");
    auto *rescueVerb = addVerb(
        app, "rescue", "what was not sent yet, into a file",
        [&] { return rescue(a.common, a.file); }, chosen);
    rescueVerb->add_option("--to", a.file, "a new file")->required();
    auto *restoreVerb = addVerb(
        app, "restore", "lays a backup, or a rescue file's work, into this replica",
        [&] { return restore(a.common, a.file); }, chosen);
    restoreVerb->add_option("--from", a.file, "a file made by backup or rescue")->required();
    addVerb(
        app, "status", "what waits, and since when", [&] { return status(a.common); }, chosen);
    addVerb(
        app, "verify", "checks the replica's file", [&] { return verify(a.common); }, chosen);
}

void addFileVerbs(CLI::App &app, Arguments &a, std::function<Status()> &chosen)
{
    auto *attachVerb = addVerb(
        app, "attach", "keeps a copy of a file with a customer or a visit",
        [&] { return attach(a.common, a.attachment); }, chosen);
    attachVerb->add_option("table", a.attachment.table, "customer or visit")->required();
    attachVerb->add_option("id", a.attachment.id)->required();
    attachVerb->add_option("file", a.attachment.file)->required();
    attachVerb->add_option(
        "--thumbnail", a.attachment.thumbnail, "a small picture of it, at most 16 KiB");
    attachVerb->add_option("--media-type", a.attachment.mediaType, "else by the file's name");
    auto *listVerb = addVerb(
        app, "attachments", "what there is, and whether its file is here and at the server",
        [&] { return attachments(a.common, a.customer); }, chosen);
    listVerb->add_option(
        "--customer", a.customer, "id or name: only of this one and of visits there");
    auto *fetchVerb = addVerb(
        app, "fetch-attachment", "writes an attachment's file, fetched first where it is not here",
        [&] { return fetchAttachment(a.common, a.id, a.file); }, chosen);
    fetchVerb->add_option("id", a.id)->required();
    fetchVerb->add_option("--to", a.file, "a new file, or - for stdout")->required();
}

void addPeopleVerbs(CLI::App &app, Arguments &a, std::function<Status()> &chosen)
{
    addVerb(
        app, "conflicts", "what needs a person", [&] { return conflicts(a.common); }, chosen);
    auto *resolveVerb = addVerb(
        app, "resolve", "settles a conflict", [&] { return resolve(a.common, a.settlement); },
        chosen);
    resolveVerb->add_option("conflict", a.settlement.conflict)->required();
    auto *how = resolveVerb->add_option_group("how");
    how->add_option("--take", a.settlement.take, "mine, theirs, or the name of whoever wrote it");
    how->add_option("--value", a.settlement.value, "another value, as JSON");
    how->require_option(1);
    auto *historyVerb = addVerb(
        app, "history", "every value a row ever had",
        [&] { return history(a.common, a.table, a.id); }, chosen);
    historyVerb->add_option("table", a.table)->required();
    historyVerb->add_option("id", a.id)->required();
    addVerb(
        app, "refused", "what the server would not take", [&] { return refused(a.common); },
        chosen);
    addVerb(
        app, "merged", "what merged by itself", [&] { return merged(a.common); }, chosen);
    auto *undoVerb = addVerb(
        app, "undo-merge", "brings back what stood here before a merge",
        [&] { return undo(a.common, a.id); }, chosen);
    undoVerb->add_option("id", a.id, "from merged")->required();
    auto *recentVerb = addVerb(
        app, "recent", "what was written on this device, newest first",
        [&] { return recent(a.common, a.count); }, chosen);
    recentVerb->add_option("--count", a.count, "how many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    auto *takeBackVerb = addVerb(
        app, "undo",
        "takes back what was written last, or the action of that number, by a new change; once "
        "more takes that back: to go further, name a number",
        [&] { return undoAction(a.common, a.number); }, chosen);
    takeBackVerb->add_option("number", a.number, "from recent or history")
        ->check(CLI::PositiveNumber);
}

void addJournalVerbs(CLI::App &app, Arguments &a, std::function<Status()> &chosen)
{
    const auto addDay = [&a](CLI::App *verb) {
        verb->add_option("--on", a.on, "as on that day, 2026-06-11; else today")->check(isDay);
    };
    addDay(addVerb(
        app, "today", "whom to talk to, about what, and why", [&] { return today(a.common, a.on); },
        chosen));
    auto *searchVerb = addVerb(
        app, "search", "everything said and known that holds these words, people first",
        [&] { return search(a.common, a.words); }, chosen);
    searchVerb->add_option("words", a.words, "beginnings of words, or digits of a number")
        ->required();
    addVerb(
        app, "heard", "what customers said that waits for an answer, and answers that came back",
        [&] { return heard(a.common); }, chosen);
    auto *profileVerb = addVerb(
        app, "profile", "how the relationship stands, with what that rests on",
        [&] { return profile(a.common, together(a.words), a.on); }, chosen);
    profileVerb->add_option("customer", a.words, "id, or the beginning of a name; else all");
    addDay(profileVerb);
    auto *whoVerb = app.add_subcommand("who", "ready questions about everybody");
    whoVerb->require_subcommand(1);
    const auto addQuestion = [&](const char *name, const char *says, tend::ReadyQuestion question) {
        auto *verb = addVerb(
            *whoVerb, name, says,
            [&a, question] { return who(a.common, question, together(a.words), a.on); }, chosen);
        addDay(verb);
        return verb;
    };
    using tend::ReadyQuestion;
    whoVerb->fallthrough();
    addQuestion("quiet", "was not talked to within their rhythm", ReadyQuestion::NotSeenLately);
    addQuestion("unhappy", "said so the last time they said how it is", ReadyQuestion::Unhappy);
    addQuestion("promised", "has a promise of ours that is open", ReadyQuestion::Promised);
    addQuestion("said", "said something about these words", ReadyQuestion::SaidSomethingAbout)
        ->add_option("words", a.words)
        ->required();
    addQuestion("changed", "has something going on there now", ReadyQuestion::LifeChanged);
    auto *remindVerb = addVerb(
        app, "remind", "what is due today, said once a day; for a timer",
        [&] { return remind(a.common, a.at); }, chosen);
    remindVerb->add_option("--at", a.at, "not before this time of day")
        ->capture_default_str()
        ->check(isTimeOfDay);
    auto *planVerb = addVerb(
        app, "plan", "goals and what is done for them, measured by the visits themselves",
        [&] { return plan(a.common, together(a.words), a.on); }, chosen);
    planVerb->add_option("customer", a.words, "id, or the beginning of a name; else all");
    addDay(planVerb);
    auto *briefVerb = addVerb(
        app, "brief", "one page before a visit",
        [&] { return brief(a.common, together(a.words), a.on); }, chosen);
    briefVerb->add_option("customer", a.words, "id, or the beginning of a name")->required();
    addDay(briefVerb);
}

// Entries that may be one person.
void addDoublesVerbs(CLI::App &app, Arguments &a, std::function<Status()> &chosen)
{
    auto *doublesVerb = addVerb(
        app, "doubles", "customers who look alike, or like what is given here",
        [&] { return doubles(a.common, a.typed); }, chosen);
    doublesVerb->add_option("name", a.typed.name);
    doublesVerb->add_option("--phone", a.typed.phone);
    doublesVerb->add_option("--email", a.typed.email);
    doublesVerb->add_option("--card", a.typed.card);
    auto *uniteVerb = addVerb(
        app, "unite", "one page for two rows that are one person; nothing is moved or lost",
        [&] { return uniteCustomers(a.common, a.customer, a.id); }, chosen);
    uniteVerb->add_option("keep", a.customer, "id or name: whose page stays")->required();
    uniteVerb->add_option("double", a.id, "id or name")->required();
    auto *partVerb = addVerb(
        app, "part", "takes back what unite did",
        [&] { return partCustomer(a.common, together(a.words)); }, chosen);
    partVerb->add_option("double", a.words, "id or name")->required();
}

// What all customers together say.
void addReportVerbs(CLI::App &app, Arguments &a, std::function<Status()> &chosen)
{
    const auto add = [&](const char *name, const char *says, std::function<Status()> run) {
        auto *verb = addVerb(app, name, says, std::move(run), chosen);
        verb->add_option("--on", a.on, "as on that day, 2026-06-11; else today")->check(isDay);
        return verb;
    };
    CLI::App *asked = add("radar", "five figures about all customers, each opens its people",
        [&] { return radar(a.common, a.table, a.on, a.isMine); });
    asked
        ->add_option("figure", a.table, "measured, relationships, their_terms, planned, their_word")
        ->check(
            CLI::IsMember({"measured", "relationships", "their_terms", "planned", "their_word"}));
    asked->add_flag("--mine", a.isMine, "only customers this replica's member looks after");
    add("retention", "who stays, may leave, left and came back, and why they left",
        [&] { return retention(a.common, a.on); });
    add("why", "where they buy, why, and what would change it", [&] {
        return why(a.common, together(a.words), a.on);
    })->add_option("words", a.words, "only who would change for that");
    add("says", "what a client wants, what it is worth to them, how, and whether at all",
        [&] { return says(a.common, together(a.words), a.on); })
        ->add_option("customer", a.words, "id, or the beginning of a name")
        ->required();
    addVerb(
        app, "looks", "who opened a customer's page without looking after them",
        [&] { return looks(a.common, together(a.words)); }, chosen)
        ->add_option("customer", a.words, "id, or the beginning of a name")
        ->required();
    add("questions", "what is asked at the counter, and the answers in their words",
        [&] { return questions(a.common, a.on); });
    add("notes", "news from the office, and whom they concern", [&] {
        return notes(a.common, together(a.words), a.on);
    })->add_option("customer", a.words, "only what concerns this one");
}

// The verb that was said so far, as far as it is one that others stand behind.
const CLI::App &innermost(const CLI::App &app)
{
    const auto said = app.get_subcommands();
    const bool isChoice = said.size() == 1 && said.front()->get_require_subcommand_min() > 0;
    return isChoice ? innermost(*said.front()) : app;
}

// The word that stands where a verb should, when that is what was wrong with the call.
std::string unknownVerb(const CLI::App &app, const CLI::App &choice)
{
    if (!choice.get_subcommands().empty())
        return {};
    for (const std::string &word : app.remaining(true)) {
        if (word.rfind('-', 0) != 0)
            return word;
    }
    return {};
}

// An option that no verb knows, where there is no verb to say so.
std::string unknownOption(const CLI::App &app)
{
    for (const std::string &word : app.remaining(true)) {
        if (word.rfind('-', 0) == 0)
            return word;
    }
    return {};
}

// A verb that wants another was given none.
bool saysNoVerb(const CLI::App &choice)
{
    const auto all = choice.get_subcommands([](const CLI::App *) { return true; });
    return !all.empty() && choice.get_subcommands().empty();
}

std::vector<std::string> verbs(const CLI::App &app)
{
    std::vector<std::string> names;
    for (const CLI::App *verb : app.get_subcommands([](const CLI::App *) { return true; }))
        names.push_back(verb->get_name());
    return names;
}

}  // namespace

// What throws here is our mistake or no memory, and ends the process.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    Arguments arguments;
#ifdef TEND_KEYCHAIN
    arguments.common.key.keychain = tend::Keychain{&tend::readFromKeychain, &tend::writeToKeychain};
#endif
    std::function<Status()> chosen;
    CLI::App app("A whole Tend replica without a screen: for scripts, tests, imports.", "tendctl");
    app.set_version_flag(
        "--version", "tendctl " TEND_VERSION " (" + replica::sqlite::libraryVersion() + ")");
    app.require_subcommand(1);
    addKeyOptions(app, arguments);
    addSyncVerbs(app, arguments, chosen);
    addRowVerbs(app, arguments, chosen);
    addFileVerbs(app, arguments, chosen);
    addPeopleVerbs(app, arguments, chosen);
    addJournalVerbs(app, arguments, chosen);
    addDoublesVerbs(app, arguments, chosen);
    addReportVerbs(app, arguments, chosen);
    addInteropVerbs(app, arguments.common, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        const CLI::App &choice = innermost(app);
        const std::string called = &choice == &app ? "tendctl" : "tendctl " + choice.get_name();
        if (const std::string word = unknownVerb(app, choice); !word.empty()) {
            std::fprintf(stderr, "tendctl: %s\nTry %s --help.\n",
                replica::notAVerb(called, word, verbs(choice)).c_str(), called.c_str());
            return 2;
        }
        const bool isAnyMissing = error.get_name() == "RequiredError";
        if (const std::string option = unknownOption(app); isAnyMissing && !option.empty()) {
            std::fprintf(stderr, "%s: there is no option '%s'\nTry %s --help.\n", called.c_str(),
                option.c_str(), called.c_str());
            return 2;
        }
        if (isAnyMissing && saysNoVerb(choice)) {
            std::string known;
            for (const std::string &verb : verbs(choice))
                known += (known.empty() ? "" : ", ") + verb;
            std::fprintf(stderr, "%s: say which: %s\nTry %s --help.\n", called.c_str(),
                known.c_str(), called.c_str());
            return 2;
        }
        // Help and version are answers; anything else is a mistake in the call.
        return app.exit(error) == 0 ? 0 : 2;
    }
    const replica::net::CurlGlobal curl;
    const Status done = chosen();
    // What was not written was not said.
    const bool isSaid = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (done && !isSaid)
        std::fprintf(stderr, "tendctl: stdout could not be written\n");
    if (done)
        return isSaid ? 0 : 1;
    std::fprintf(stderr, "tendctl: %s\n", done.error().message.c_str());
    return 1;
}
