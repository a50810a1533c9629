// Writing a backup. Reading one is in backup_reading.cpp.
#include "app/interop/backup.h"

#include <cstdio>
#include <map>

#include "app/interop/backup_format.h"
#include "app/interop/row_json.h"
#include "app/interop/state_hash.h"
#include "app/interop/zip_archive.h"
#include "app/journal/row_text.h"
#include "app/journal/tables.h"
#include "sync/crypto/digest.h"
#include "sync/records/named_files.h"

namespace tend {

using namespace replica;

namespace {

using Scratch = replica::Handle<std::FILE, &std::fclose>;

// Rows of one table, put aside until the archive is written.
struct TablePart {
    BackupPart part;
    std::uint64_t octets = 0;
    std::shared_ptr<std::FILE> lines;  // read by the archive, which outlives whoever made it
};

class BackupWriter {
public:
    BackupWriter(const Interop &interop, ZipWriter archive)
        : m_interop(interop)
        , m_archive(std::move(archive))
    {
    }

    Result<BackupContent> write()
    {
        m_content.state = TRY(stateHash(records()));
        for (const Table &table : journalSchema().tables())
            TRY_STATUS(addTable(table));
        TRY_STATUS(addFiles());
        TRY_STATUS(m_archive.add(manifestPath, manifest()));
        TRY_STATUS(m_archive.finish());
        return std::move(m_content);
    }

private:
    Records &records() { return m_interop.replica.records(); }

    Status addTable(const Table &table)
    {
        TablePart made;
        made.lines = {std::tmpfile(), [](std::FILE *file) {
                          if (file)
                              static_cast<void>(std::fclose(file));
                      }};
        if (!made.lines)
            return fail(ErrorCode::Io, "no room for the rows of " + table.name + " was had");
        crypto::RunningDigest digest;
        TRY_STATUS(eachRowLine(records(), table, [&](const std::string &line) -> Status {
            digest.add(line);
            made.octets += line.size();
            ++made.part.count;
            return std::fwrite(line.data(), 1, line.size(), made.lines.get()) == line.size()
                ? Status{}
                : Status{fail(ErrorCode::Full, "there is no room to put the rows aside")};
        }));
        if (made.part.count == 0)
            return {};
        made.part.name = table.name;
        made.part.path = "tables/" + table.name + ".jsonl";
        made.part.sha256 = toHex(digest.finish());
        m_content.tables.push_back(made.part);
        return m_archive.add(
            made.part.path, ZipWriter::Packing::Deflate, made.octets, [lines = made.lines] {
                std::rewind(lines.get());
                return [lines](char *buffer, std::size_t room) {
                    const std::size_t count = std::fread(buffer, 1, room, lines.get());
                    if (std::ferror(lines.get()) != 0)
                        return Result<std::size_t>(
                            fail(ErrorCode::Io, "the rows put aside cannot be read"));
                    return Result<std::size_t>(count);
                };
            });
    }

    Status addFiles()
    {
        for (const Table &table : journalSchema().tables()) {
            if (!table.file || !m_interop.files)
                continue;
            for (const RowId &id : TRY(records().rowIds(table.id))) {
                const auto row = TRY(records().row(table.id, id));
                const auto manifest = row ? manifestOf(table, *row) : std::nullopt;
                if (manifest)
                    TRY_STATUS(addFile(*manifest));
            }
        }
        return {};
    }

    Status addFile(const Manifest &manifest)
    {
        const std::string digest = toHex(manifest.digest());
        if (!m_seen.emplace(digest, true).second)
            return {};
        if (!TRY(m_interop.files->isWhole(manifest))) {
            m_content.missing.push_back(digest);
            return {};
        }
        const BackupPart part{digest, "files/" + digest, digest, manifest.size()};
        m_content.files.push_back(part);
        FileStore &files = *m_interop.files;
        return m_archive.add(
            part.path, ZipWriter::Packing::None, manifest.size(), [&files, manifest] {
                return [&files, manifest, chunk = std::size_t{0}, octets = Bytes(),
                           at = std::size_t{0}](
                           char *buffer, std::size_t room) mutable -> Result<std::size_t> {
                    if (at == octets.size() && chunk < manifest.chunkCount()) {
                        octets = TRY(files.read(manifest, chunk++));
                        at = 0;
                    }
                    const std::size_t count = octets.copy(buffer, room, at);
                    at += count;
                    return count;
                };
            });
    }

    std::string manifest()
    {
        const auto list = [](const std::vector<BackupPart> &parts, const char *counted) {
            Json json = Json::array();
            for (const BackupPart &part : parts)
                json.push_back({{"name", part.name}, {"path", part.path}, {"sha256", part.sha256},
                    {counted, part.count}});
            return json;
        };
        Json json;
        json["format"] = backupFormat;
        json["version"] = backupVersion;
        json["made_at"] = timeText(m_interop.replica.now());
        json["state"] = m_content.state;
        json["tables"] = list(m_content.tables, "rows");
        json["files"] = list(m_content.files, "octets");
        json["missing_files"] = m_content.missing;
        return json.dump(1) + '\n';
    }

    const Interop &m_interop;
    BackupContent m_content;
    std::map<std::string, bool> m_seen;
    ZipWriter m_archive;
};

}  // namespace

std::uint64_t BackupContent::rows() const
{
    std::uint64_t count = 0;
    for (const BackupPart &table : tables)
        count += table.count;
    return count;
}

Result<BackupContent> writeBackup(const Interop &interop, const std::filesystem::path &to)
{
    BackupWriter writer(interop, TRY(ZipWriter::create(to)));
    sqlite::Database &database = interop.store.database();
    // One moment for all that is read, whatever others write meanwhile.
    TRY_STATUS(database.execute("BEGIN"));
    auto content = writer.write();
    static_cast<void>(database.execute("ROLLBACK"));
    return content;
}

}  // namespace tend
