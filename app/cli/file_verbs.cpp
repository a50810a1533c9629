// attach, attachments, fetch-attachment.
#include <algorithm>
#include <fstream>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli/asked.h"
#include "app/cli/lines.h"
#include "app/cli/new_file.h"
#include "app/journal/same_customers.h"
#include "app/journal/tables.h"
#include "app/session/server_link.h"
#include "sync/records/named_files.h"

namespace tend::cli {

using namespace replica;

namespace {

const Table &attachmentTable()
{
    return *journalSchema().table("attachment");
}

ColumnId columnOf(const char *name)
{
    return attachmentTable().column(name)->id;
}

Result<Uuid> idOf(const std::string &text)
{
    const auto id = parseUuid(text);
    if (!id)
        return fail(ErrorCode::Invalid, "'" + text + "' is no UUID");
    return *id;
}

const Value *valueOf(const Change &row, const char *name)
{
    for (const Assignment &given : row.assignments) {
        if (given.column == columnOf(name))
            return &given.value;
    }
    return nullptr;
}

std::string textOf(const Change &row, const char *name)
{
    const Value *value = valueOf(row, name);
    const auto *text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string();
}

std::optional<Uuid> linkOf(const Change &row, const char *name)
{
    const Value *value = valueOf(row, name);
    const auto *blob = value ? std::get_if<Blob>(value) : nullptr;
    return blob ? uuidOf(blob->octets) : std::nullopt;
}

std::string mediaTypeOf(const std::filesystem::path &file)
{
    static const std::vector<std::pair<std::string, std::string>> types
        = {{".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"}, {".png", "image/png"},
            {".webp", "image/webp"}, {".heic", "image/heic"}, {".gif", "image/gif"},
            {".pdf", "application/pdf"}, {".txt", "text/plain"}, {".csv", "text/csv"},
            {".m4a", "audio/mp4"}, {".mp3", "audio/mpeg"}, {".mp4", "video/mp4"}};
    std::string ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
        [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    const auto known = std::find_if(
        types.begin(), types.end(), [&](const auto &type) { return type.first == ending; });
    return known == types.end() ? "application/octet-stream" : known->second;
}

Result<Bytes> thumbnailFrom(const std::filesystem::path &path)
{
    const std::size_t octetsMax = attachmentTable().column("thumbnail")->octetsMax;
    std::ifstream file(path, std::ios::binary);
    Bytes octets(octetsMax + 1, '\0');
    file.read(octets.data(), static_cast<std::streamsize>(octets.size()));
    octets.resize(static_cast<std::size_t>(file.gcount()));
    if (octets.empty())
        return fail(ErrorCode::NotFound, path.string() + " cannot be read, or is empty");
    if (octets.size() > octetsMax)
        return fail(ErrorCode::Invalid,
            path.string()
                + " is too large for a thumbnail: it travels with the words, and may have "
                + std::to_string(octetsMax >> 10U) + " KiB");
    return octets;
}

// What the attachment hangs on, as the one column that says so.
Result<Assignment> hangsOn(OpenReplica &open, const Attachment &attachment)
{
    if (attachment.table != "customer" && attachment.table != "visit")
        return fail(ErrorCode::Invalid,
            "files are attached to a customer or a visit, not to '" + attachment.table + "'");
    const Uuid id = TRY(idOf(attachment.id));
    const Table &table = *journalSchema().table(attachment.table);
    if (!TRY(open.replica->records().row(table.id, id)))
        return fail(ErrorCode::NotFound, attachment.table + " " + attachment.id + " is not there");
    const char *column = attachment.table == "visit" ? "visit_id" : "customer_id";
    return Assignment{columnOf(column), Blob{Bytes(id.bytes())}};
}

std::int64_t changedAtMs(const std::filesystem::path &file)
{
    struct stat found { };

    return ::stat(file.c_str(), &found) == 0
        ? std::int64_t{found.st_mtim.tv_sec} * 1000 + found.st_mtim.tv_nsec / 1'000'000
        : 0;
}

Result<bool> belongsTo(Records &records, const Change &row, const std::set<Uuid> &customers)
{
    const auto own = linkOf(row, "customer_id");
    if (own && customers.contains(*own))
        return true;
    const auto visit = linkOf(row, "visit_id");
    const Table &visits = *journalSchema().table("visit");
    const auto visited = visit ? TRY(records.row(visits.id, *visit)) : std::nullopt;
    const ColumnId column = visits.column("customer_id")->id;
    return visited
        && std::any_of(
            visited->assignments.begin(), visited->assignments.end(), [&](const Assignment &given) {
                const auto *blob = std::get_if<Blob>(&given.value);
                const auto whose = blob ? uuidOf(blob->octets) : std::nullopt;
                return given.column == column && whose && customers.contains(*whose);
            });
}

// Its json may take memory; where there is none the process ends.
// NOLINTNEXTLINE(bugprone-exception-escape)
struct Whereabouts {
    const char *here = "no";  // or part, whole
    Json atServer = nullptr;  // true, false, or null where only the server knows
};

Result<Whereabouts> whereabouts(OpenReplica &open, const std::optional<Manifest> &manifest)
{
    Whereabouts found;
    if (!manifest)
        return found;
    const std::size_t missing = TRY(open.files->missing(*manifest)).size();
    if (missing == manifest->chunkCount())
        return found;
    found.here = missing == 0 ? "whole" : "part";
    if (missing > 0)
        return found;
    const auto receipt = TRY(open.files->receipt(*manifest));
    const auto &epochs = open.replica->facts().epochs;
    found.atServer = receipt && !epochs.empty() && receipt->epoch == epochs.back().id;
    return found;
}

std::string wordsOf(const Whereabouts &found)
{
    const std::string here = found.here;
    if (here == "no")
        return "not here yet";
    if (here == "part")
        return "here in part";
    return found.atServer == Json(true) ? "here and at the server" : "here, waits to be sent";
}

// Steps until this one file is here, or is not to be had now.
Status fetch(OpenReplica &open, const RowName &row, const Manifest &manifest)
{
    auto link = TRY(linkToServer(open));
    if (!link)
        return fail(ErrorCode::NotFound,
            "the file is not here, and this replica has joined no workspace to fetch it from");
    link->files->wantOnly(row);
    link->engine->syncSoon();
    const auto isOver = [&] {
        return link->engine->status().phase != EnginePhase::Working
            && !link->engine->isExchanging();
    };
    while (!isOver()) {
        const auto wait = TRY(link->engine->step());
        if (!isOver() && wait.count() > 0)
            link->transport->wait(wait);
    }
    if (TRY(open.files->isWhole(manifest)))
        return {};
    const FileProgress &files = link->files->progress();
    if (link->engine->status().problem)
        return tl::unexpected<Error>(*link->engine->status().problem);
    if (files.problem)
        return tl::unexpected<Error>(*files.problem);
    if (!files.refused.empty())
        return fail(ErrorCode::Refused, files.refused.front().reason);
    return fail(ErrorCode::NotFound,
        "the file is not here yet: its author's device has not sent it. Try again later");
}

Status writeTo(FileStore &files, const Manifest &manifest, const std::filesystem::path &to)
{
    const auto copy = [&](const auto &write) -> Status {
        for (std::size_t i = 0; i < manifest.chunkCount(); ++i)
            TRY_STATUS(write(TRY(files.read(manifest, i))));
        return {};
    };
    if (to == "-")
        return copy([](BytesView octets) { return writeAll(STDOUT_FILENO, octets, "stdout"); });
    NewFile file = TRY(NewFile::make(to));
    TRY_STATUS(copy([&](BytesView octets) { return file.write(octets); }));
    return file.finish();
}

}  // namespace

Status attach(const Common &common, const Attachment &attachment)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    Change row{attachmentTable().id, makeUuid7(open->clock.wallNow(), open->random),
        ChangeKind::Insert, {TRY(hangsOn(*open, attachment))}};
    const auto set = [&](const char *column, Value value) {
        row.assignments.push_back({columnOf(column), std::move(value)});
    };
    if (!attachment.thumbnail.empty())
        set("thumbnail", Blob{TRY(thumbnailFrom(attachment.thumbnail))});
    // From the first octet until the row is saved nobody may take the file for one without a row.
    const auto held = TRY(open->files->hold());
    const Manifest manifest = TRY(open->files->add(attachment.file));
    set("name", attachment.file.filename().string());
    set("media_type",
        attachment.mediaType.empty() ? mediaTypeOf(attachment.file) : attachment.mediaType);
    set("size", static_cast<std::int64_t>(manifest.size()));
    set("digest", toHex(manifest.digest()));
    set("chunks", Blob{manifest.chunks()});
    set("taken_at", changedAtMs(attachment.file));
    std::sort(row.assignments.begin(), row.assignments.end(),
        [](const Assignment &one, const Assignment &other) { return one.column < other.column; });
    static_cast<void>(TRY(open->replica->commit({row})));
    return printLine("{\"id\":\"" + toText(row.row) + "\"}");
}

Status attachments(const Common &common, const std::string &customer)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    std::set<Uuid> wanted;  // all rows that are this person
    if (!customer.empty()) {
        const Id person = TRY(customerNamed(*open, customer));
        for (const Id &row : TRY(SameCustomers::read(open->store->database())).all(person))
            wanted.insert(parseUuid(row).value_or(Uuid{}));
    }
    Records &records = open->replica->records();
    for (const RowId &id : TRY(records.rowIds(attachmentTable().id))) {
        const auto row = TRY(records.row(attachmentTable().id, id));
        if (!row || (!customer.empty() && !TRY(belongsTo(records, *row, wanted))))
            continue;
        const auto manifest = TRY(fileOf(records, journalSchema(), {attachmentTable().id, id}));
        const auto found = TRY(whereabouts(*open, manifest));
        const std::uint64_t size = manifest ? manifest->size() : 0;
        if (!common.isJson) {
            TRY_STATUS(printLine(toText(id) + "  " + flat(textOf(*row, "name")) + "  "
                + std::to_string(size) + " octets  "
                + (manifest ? wordsOf(found) : std::string("no file: what it hangs on is gone"))));
            continue;
        }
        Json json;
        json["id"] = toText(id);
        json["name"] = textOf(*row, "name");
        json["media_type"] = textOf(*row, "media_type");
        json["size"] = size;
        json["digest"] = textOf(*row, "digest");
        json["has_thumbnail"] = valueOf(*row, "thumbnail") != nullptr;
        json["here"] = found.here;
        json["at_server"] = found.atServer;
        TRY_STATUS(printLine(json.dump(-1, ' ', false, Json::error_handler_t::replace)));
    }
    return {};
}

Status fetchAttachment(
    const Common &common, const std::string &text, const std::filesystem::path &to)
{
    const RowName name{attachmentTable().id, TRY(idOf(text))};
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const auto manifest = TRY(fileOf(open->replica->records(), journalSchema(), name));
    if (!manifest)
        return fail(ErrorCode::NotFound, "attachment " + text + " is not there");
    // What cannot be read any more is fetched anew; its chunks lie there by name only.
    for (std::size_t i = 0; i < manifest->chunkCount(); ++i) {
        const auto octets = open->files->read(*manifest, i);
        if (!octets && octets.error().code == ErrorCode::Corrupt)
            TRY_STATUS(open->files->eraseChunk(*manifest, i));
    }
    if (!TRY(open->files->isWhole(*manifest)))
        TRY_STATUS(fetch(*open, name, *manifest));
    return writeTo(*open->files, *manifest, to);
}

Result<std::vector<std::string>> damagedFiles(OpenReplica &open)
{
    std::vector<std::string> faults;
    Records &records = open.replica->records();
    for (const RowId &id : TRY(records.rowIds(attachmentTable().id))) {
        const auto manifest = TRY(fileOf(records, journalSchema(), {attachmentTable().id, id}));
        for (std::size_t i = 0; manifest && i < manifest->chunkCount(); ++i) {
            const auto octets = open.files->read(*manifest, i);
            if (octets || octets.error().code == ErrorCode::NotFound)
                continue;
            faults.push_back("attachment " + toText(id) + ": " + octets.error().message);
            break;
        }
    }
    return faults;
}

}  // namespace tend::cli
