// export, backup, and restore from one.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/cli/interop_verbs.h"
#include "app/cli/lines.h"
#include "app/cli/output_file.h"
#include "app/interop/backup.h"
#include "app/interop/calendar.h"
#include "app/interop/export.h"

namespace tend::cli {

using namespace replica;

namespace {

struct ExportArguments {
    std::string format;
    std::string to = "-";
    std::string table;
    std::string cardVersion = "3";
    bool hasMark = false;
};

// Whose photos stayed behind; on stderr, for the cards may be on stdout.
void tellLeftOut(const std::vector<std::string> &names, const std::string &why)
{
    constexpr std::size_t toldMax = 20;
    if (names.empty())
        return;
    std::string whose;
    for (std::size_t i = 0; i < std::min(names.size(), toldMax); ++i)
        whose += (i == 0 ? "" : ", ") + flat(names[i]);
    if (names.size() > toldMax)
        whose += " and " + std::to_string(names.size() - toldMax) + " more";
    std::fprintf(stderr, "tendctl: %s left out (%s): %s\n",
        counted(names.size(), "photo was", "photos were").c_str(), whose.c_str(), why.c_str());
}

Status writeCards(const Interop &interop, CardVersion version, const Sink &sink)
{
    const PhotosLeftOut left = TRY(exportCards(interop, version, sink));
    tellLeftOut(left.tooLarge,
        "a card holds one of " + std::to_string(cardPhotoOctetsMax >> 20U)
            + " MiB at most; a backup holds them all");
    tellLeftOut(left.notHere, "their files are not on this device yet");
    return {};
}

Status exportAs(const Interop &interop, const ExportArguments &arguments, const Sink &sink)
{
    if (arguments.format == "csv")
        return exportCsv(interop,
            {arguments.table.empty() ? "customer" : arguments.table, arguments.hasMark}, sink);
    if (arguments.format == "vcard")
        return writeCards(
            interop, arguments.cardVersion == "4" ? CardVersion::V4 : CardVersion::V3, sink);
    return arguments.format == "ical" ? exportCalendar(interop, sink)
                                      : exportJson(interop, arguments.table, sink);
}

Status exportTo(const Common &common, const ExportArguments &arguments)
{
    if (!arguments.table.empty() && (arguments.format == "vcard" || arguments.format == "ical"))
        return fail(ErrorCode::Invalid,
            "--table is for csv and json; " + arguments.format + " has "
                + (arguments.format == "vcard" ? "customers" : "visits and follow-ups") + " alone");
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Interop interop = interopOf(*open);
    auto file = TRY(OutputFile::open(arguments.to));
    const Sink sink = [&](std::string_view text) {
        return file.write(text);
    };
    TRY_STATUS(exportAs(interop, arguments, sink));
    return file.finish();
}

Status backup(const Common &common, const std::filesystem::path &to)
{
    if (to == "-")
        return fail(ErrorCode::Invalid, "a backup is a file: say which");
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const BackupContent content = TRY(writeBackup(interopOf(*open), to));
    if (common.isJson)
        return print(Json{{"rows", content.rows()}, {"files", content.files.size()},
            {"missing_files", content.missing.size()}, {"state", content.state}});
    TRY_STATUS(printLine(counted(content.rows(), "row", "rows") + " and "
        + counted(content.files.size(), "file", "files") + " are in " + to.string()
        + ". It is not encrypted: keep it private."));
    if (!content.missing.empty())
        TRY_STATUS(printLine(counted(content.missing.size(), "file is", "files are")
            + " not on this device, and so not in it."));
    return printLine("state " + content.state);
}

void addExport(CLI::App &app, const Common &common, std::function<Status()> &chosen)
{
    const auto a = std::make_shared<ExportArguments>();
    auto *verb = addInteropVerb(
        app, "export", "customers as vCard or CSV, visits as iCalendar, all rows as JSON Lines",
        [&common, a] { return exportTo(common, *a); }, chosen);
    verb->add_option("--format", a->format)
        ->required()
        ->check(CLI::IsMember({"csv", "vcard", "ical", "json"}));
    verb->add_option("--to", a->to, "a file, or - for stdout");
    verb->add_option("--table", a->table, "of csv (else customer) and json (else all)");
    verb->add_option("--vcard-version", a->cardVersion, "3 or 4")->check(CLI::IsMember({"3", "4"}));
    verb->add_flag("--bom", a->hasMark, "begin CSV with a byte order mark, for old spreadsheets");
}

}  // namespace

Status restoreFromBackup(const Common &common, const std::filesystem::path &from)
{
    // First, so that a damaged one makes no replica.
    const BackupContent content = TRY(checkBackup(from));
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Make));
    const Restored restored = TRY(restoreBackup(interopOf(*open), from, content));
    if (common.isJson)
        return print(Json{{"rows", restored.rows}, {"files", restored.files},
            {"left_to_server", restored.leftToServer}, {"missing_files", content.missing.size()},
            {"state", restored.state}});
    TRY_STATUS(printLine(restored.rows == 0 && content.rows() > 0
            ? std::string("All of it is here already; nothing was changed.")
            : counted(restored.rows, "row", "rows") + " and "
                + counted(restored.files, "file", "files") + " were restored."));
    if (restored.leftToServer > 0)
        TRY_STATUS(printLine(counted(restored.leftToServer, "row", "rows")
            + " of territories, members and devices were left out: a workspace's server gives "
              "them."));
    return printLine("state " + restored.state);
}

Interop interopOf(OpenReplica &open)
{
    return {*open.store, *open.replica, open.random, open.files.get()};
}

CLI::App *addInteropVerb(CLI::App &app, const std::string &name, const std::string &says,
    std::function<Status()> run, std::function<Status()> &chosen)
{
    CLI::App *verb = app.add_subcommand(name, says)->fallthrough();
    verb->callback([run = std::move(run), &chosen] { chosen = run; });
    return verb;
}

void addInteropVerbs(CLI::App &app, const Common &common, std::function<Status()> &chosen)
{
    addImportVerbs(app, common, chosen);
    addExport(app, common, chosen);
    const auto to = std::make_shared<std::filesystem::path>();
    auto *backupVerb = addInteropVerb(
        app, "backup", "all rows and files into one ZIP that any program can read",
        [&common, to] { return backup(common, *to); }, chosen);
    backupVerb->add_option("--to", *to, "a new file")->required();
}

}  // namespace tend::cli
