#include <algorithm>
#include <fstream>
#include <map>

#include "app/interop/backup.h"
#include "app/interop/backup_format.h"
#include "app/interop/row_json.h"
#include "app/interop/state_hash.h"
#include "app/interop/zip_archive.h"
#include "app/journal/tables.h"
#include "sync/crypto/digest.h"
#include "sync/records/named_files.h"

namespace tend {

using namespace replica;

namespace {

constexpr std::size_t manifestOctetsMax = 64U << 20U;
constexpr std::size_t lineOctetsMax = 4U << 20U;

tl::unexpected<Error> damaged(const std::filesystem::path &path, const std::string &what)
{
    return fail(
        ErrorCode::Corrupt, path.string() + " is damaged: " + what + ". Nothing was restored");
}

std::vector<BackupPart> partsIn(const Json &json, const char *list, const char *counted)
{
    std::vector<BackupPart> parts;
    for (const Json &one : json.value(list, Json::array())) {
        if (one.is_object())
            parts.push_back({one.value("name", ""), one.value("path", ""), one.value("sha256", ""),
                one.value(counted, std::uint64_t{0})});
    }
    return parts;
}

// The library throws where a value has another type than expected.
Result<BackupContent> contentFrom(const std::string &text, const std::filesystem::path &path)
{
    const auto parsed = parseJson(text);
    if (!parsed || !parsed->is_object() || parsed->value("format", Json()) != Json(backupFormat))
        return fail(ErrorCode::Invalid, path.string() + " is no backup of Tend");
    const Json &json = *parsed;
    try {
        if (json.value("version", 0) > backupVersion)
            return fail(ErrorCode::TooNew,
                path.string() + " was made by a newer Tend; update Tend here. Nothing was changed");
        BackupContent content;
        content.state = json.value("state", "");
        content.tables = partsIn(json, "tables", "rows");
        content.files = partsIn(json, "files", "octets");
        content.missing = json.value("missing_files", std::vector<std::string>());
        return content;
    } catch (const Json::exception &) {
        return damaged(path, "its manifest cannot be understood");
    }
}

Result<BackupContent> readContent(ZipReader &archive, const std::filesystem::path &path)
{
    std::string text;
    TRY_STATUS(archive.read(manifestPath, [&](std::string_view piece) -> Status {
        text += piece;
        return text.size() <= manifestOctetsMax
            ? Status{}
            : Status{damaged(path, "its manifest is too large")};
    }));
    return contentFrom(text, path);
}

Status checkPart(ZipReader &archive, const BackupPart &part, const std::filesystem::path &path)
{
    crypto::RunningDigest digest;
    TRY_STATUS(archive.read(part.path, [&](std::string_view piece) -> Status {
        digest.add(piece);
        return {};
    }));
    return toHex(digest.finish()) == part.sha256
        ? Status{}
        : Status{damaged(path, part.path + " is not what it was")};
}

// Parts of a file joined to lines.
class Lines {
public:
    explicit Lines(std::function<Status(const std::string &)> take)
        : m_take(std::move(take))
    {
    }

    Status add(std::string_view piece)
    {
        for (std::size_t end = piece.find('\n'); end != std::string_view::npos;
             end = piece.find('\n')) {
            m_line += piece.substr(0, end);
            TRY_STATUS(m_take(m_line));
            m_line.clear();
            piece.remove_prefix(end + 1);
        }
        m_line += piece;
        return m_line.size() <= lineOctetsMax
            ? Status{}
            : Status{fail(ErrorCode::Corrupt, "a line of the backup is too long")};
    }

private:
    std::function<Status(const std::string &)> m_take;
    std::string m_line;
};

class Restore {
public:
    Restore(const Interop &interop, ZipReader archive, std::filesystem::path path,
        const BackupContent &content)
        : m_interop(interop)
        , m_archive(std::move(archive))
        , m_path(std::move(path))
        , m_content(content)
    {
    }

    Result<Restored> run()
    {
        for (const BackupPart &table : m_content.tables)
            TRY_STATUS(readTable(table));
        std::optional<FileStore::Hold> held;
        if (m_interop.files && !m_content.files.empty())
            held.emplace(TRY(m_interop.files->hold()));
        for (const BackupPart &file : m_content.files)
            TRY_STATUS(readFile(file));
        TRY_STATUS(m_interop.replica.commitAll(inGroups(m_rows), {}, Replica::Said::Again));
        m_restored.rows = m_rows.size();
        m_restored.state = TRY(stateHash(m_interop.replica.records()));
        if (m_restored.state != m_content.state)
            return fail(ErrorCode::Corrupt,
                "the rows are here, but show " + m_restored.state + " instead of " + m_content.state
                    + ": this is a fault of the program");
        return m_restored;
    }

private:
    Status readTable(const BackupPart &part)
    {
        const Table *table = journalSchema().table(part.name);
        if (!table)
            return fail(ErrorCode::TooNew,
                m_path.string() + " holds a table '" + part.name
                    + "' that this program does not know; update Tend here. Nothing was changed");
        if (table->writer == TableWriter::Server) {
            m_restored.leftToServer += part.count;
            return {};
        }
        std::size_t number = 0;
        Lines lines([&](const std::string &line) -> Status {
            ++number;
            auto row = changeFromLine(*table, line, SaidBy::Row);
            if (!row)
                return within(part.path + " line " + std::to_string(number), row.error());
            std::erase_if(
                row->assignments, [](const Assignment &given) { return isEmpty(given.value); });
            if (const Status valid = validate(journalSchema(), *row); !valid)
                return within(part.path + " line " + std::to_string(number), valid.error());
            if (table->file) {
                if (auto manifest = manifestOf(*table, *row)) {
                    const std::string digest = toHex(manifest->digest());
                    m_manifests.emplace(digest, *std::move(manifest));
                }
            }
            m_rows.push_back(*std::move(row));
            return {};
        });
        return m_archive.read(part.path, [&](std::string_view piece) { return lines.add(piece); });
    }

    Status readFile(const BackupPart &part)
    {
        const auto known = m_manifests.find(part.name);
        if (known == m_manifests.end() || !m_interop.files)
            return {};
        const Manifest &manifest = known->second;
        Bytes chunk;
        std::size_t index = 0;
        const auto keep = [&]() -> Status {
            TRY_STATUS(m_interop.files->keep(manifest, index, chunk));
            ++index;
            chunk.clear();
            return {};
        };
        TRY_STATUS(m_archive.read(part.path, [&](std::string_view piece) -> Status {
            while (!piece.empty() && index < manifest.chunkCount()) {
                const std::size_t wanted = manifest.chunkSize(index) - chunk.size();
                chunk += piece.substr(0, wanted);
                piece.remove_prefix(std::min(wanted, piece.size()));
                if (chunk.size() == manifest.chunkSize(index))
                    TRY_STATUS(keep());
            }
            return {};
        }));
        ++m_restored.files;
        return {};
    }

    const Interop &m_interop;
    ZipReader m_archive;
    std::filesystem::path m_path;
    const BackupContent &m_content;
    std::vector<Change> m_rows;
    std::map<std::string, Manifest> m_manifests;
    Restored m_restored;
};

Result<bool> hasRows(Records &records)
{
    for (const Table &table : journalSchema().tables()) {
        if (table.writer != TableWriter::Server && !TRY(records.rowIds(table.id)).empty())
            return true;
    }
    return false;
}

}  // namespace

bool isBackup(const std::filesystem::path &from)
{
    std::ifstream file(from, std::ios::binary);
    std::string head(2, ' ');
    return file.read(head.data(), 2) && head == "PK";
}

Result<BackupContent> checkBackup(const std::filesystem::path &from)
{
    ZipReader archive = TRY(ZipReader::open(from));
    BackupContent content = TRY(readContent(archive, from));
    for (const auto *parts : {&content.tables, &content.files}) {
        for (const BackupPart &part : *parts)
            TRY_STATUS(checkPart(archive, part, from));
    }
    return content;
}

Result<Restored> restoreBackup(
    const Interop &interop, const std::filesystem::path &from, const BackupContent &checked)
{
    const Facts &facts = interop.replica.facts();
    if (!facts.member.isNil() || !facts.epochs.empty())
        return fail(ErrorCode::Conflict,
            "this replica has joined a workspace, and its rows come from there. Restore into a new "
            "replica. Nothing was changed");
    Records &records = interop.replica.records();
    if (TRY(hasRows(records))) {
        const std::string state = TRY(stateHash(records));
        if (state != checked.state)
            return fail(ErrorCode::Conflict,
                "this replica holds other rows than the backup; restore into a new one. Nothing "
                "was changed");
        Restored same;
        same.state = state;
        return same;
    }
    return Restore(interop, TRY(ZipReader::open(from)), from, checked).run();
}

}  // namespace tend
