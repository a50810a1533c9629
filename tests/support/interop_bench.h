#pragma once

#include <algorithm>
#include <map>
#include <memory>

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "app/interop/export.h"
#include "app/interop/import_file.h"
#include "app/interop/state_hash.h"
#include "app/journal/row_text.h"
#include "app/journal/store_journal.h"
#include "app/journal/tables.h"
#include "app/session/open_replica.h"

namespace tend {

// A real replica in a folder of its own, with the verbs of import and export.
class InteropBench {
public:
    using Texts = std::map<std::string, std::string>;

    InteropBench()
    {
        qputenv("XDG_STATE_HOME", m_folder.path().toUtf8());
        KeyChoice key;
        key.isPlaintext = true;
        auto open = openReplicaFile(path("r.db").toStdString(), key, WhenMissing::Make);
        if (!open)
            qFatal("%s", open.error().message.c_str());
        m_open = *std::move(open);
    }

    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }

    [[nodiscard]] OpenReplica &open() { return *m_open; }

    [[nodiscard]] Interop interop()
    {
        return {*m_open->store, *m_open->replica, m_open->random, m_open->files.get()};
    }

    static std::string fixture(const QString &name)
    {
        QFile file(TEST_DATA "/interop/" + name);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("%s", qPrintable(file.fileName()));
        return file.readAll().toStdString();
    }

    PlannedImport plan(
        const std::string &octets, const ImportOptions &options = {}, const char *name = "f")
    {
        auto planned = planImport(interop(), name, octets, options);
        if (!planned)
            qFatal("%s", planned.error().message.c_str());
        return *std::move(planned);
    }

    // Made, changed, same, rejected.
    std::vector<std::size_t> import(const std::string &octets, const ImportOptions &options = {})
    {
        const PlannedImport planned = plan(octets, options);
        const auto id = carryOut(interop(), planned);
        if (!id)
            qFatal("%s", id.error().message.c_str());
        m_last = *id;
        std::vector<std::size_t> counts;
        for (const Verdict verdict :
            {Verdict::Make, Verdict::Change, Verdict::Same, Verdict::Reject})
            counts.push_back(planned.plan.count(verdict));
        return counts;
    }

    [[nodiscard]] std::int64_t lastImport() const { return m_last; }

    UndoneImport undo(std::int64_t id)
    {
        auto undone = ImportRuns(*m_open->store, *m_open->replica, m_open->files.get()).undo(id);
        if (!undone)
            qFatal("%s", undone.error().message.c_str());
        return *std::move(undone);
    }

    replica::RowId make(const char *table, const Texts &texts,
        const std::map<std::string, replica::RowId> &links = {})
    {
        const replica::RowId id = replica::makeUuid7(m_open->clock.wallNow(), m_open->random);
        write(table, id, replica::ChangeKind::Insert, texts, links);
        return id;
    }

    void change(const char *table, const replica::RowId &id, const Texts &texts)
    {
        write(table, id, replica::ChangeKind::Update, texts, {});
    }

    void remove(const char *table, const replica::RowId &id)
    {
        write(table, id, replica::ChangeKind::Delete, {}, {});
    }

    // As what arrives from elsewhere may be: nobody here could write it.
    void layAsItStood(const std::vector<replica::Change> &changes)
    {
        const Status laid
            = m_open->replica->commitAll({changes}, {}, replica::Replica::Said::Again);
        if (!laid)
            qFatal("%s", laid.error().message.c_str());
    }

    // The living rows of a table as text by column.
    std::vector<Texts> rows(const char *name)
    {
        std::vector<Texts> all;
        const replica::Table &table = *journalSchema().table(name);
        const auto ids = m_open->replica->records().rowIds(table.id).value();
        for (const auto &id : ids) {
            Texts texts{{"id", replica::toText(id)}};
            const auto row = m_open->replica->records().row(table.id, id).value();
            for (const auto &given : row->assignments) {
                if (!replica::isEmpty(given.value))
                    texts[table.column(given.column)->name]
                        = valueText(*table.column(given.column), given.value);
            }
            all.push_back(std::move(texts));
        }
        return all;
    }

    Texts customer(const std::string &name)
    {
        for (Texts &row : rows("customer")) {
            if (row["name"] == name)
                return row;
        }
        return {};
    }

    std::string state() { return stateHash(m_open->replica->records()).value(); }

    template <typename Export>
    static std::string written(Export run)
    {
        std::string text;
        const Status done = run([&](std::string_view piece) -> Status {
            text += piece;
            return {};
        });
        if (!done)
            qFatal("%s", done.error().message.c_str());
        return text;
    }

    std::string cards(CardVersion version)
    {
        return written([&](const Sink &sink) -> Status {
            TRY_STATUS(exportCards(interop(), version, sink));
            return {};
        });
    }

    std::string csv(const std::string &table = "customer")
    {
        return written([&](const Sink &sink) {
            return exportCsv(interop(), {table, false}, sink);
        });
    }

    std::string json()
    {
        return written([&](const Sink &sink) { return exportJson(interop(), {}, sink); });
    }

private:
    void write(const char *table, const replica::RowId &id, replica::ChangeKind kind,
        const Texts &texts, const std::map<std::string, replica::RowId> &links)
    {
        ChangeBuilder change(table, id, kind);
        for (const auto &[column, text] : texts)
            change.text(column.c_str(), text);
        for (const auto &[column, row] : links)
            change.set(column.c_str(), replica::Blob{replica::Bytes(row.bytes())});
        const auto made = m_open->replica->commit({change.take()});
        if (!made)
            qFatal("%s", made.error().message.c_str());
    }

    QTemporaryDir m_folder;
    std::unique_ptr<OpenReplica> m_open;
    std::int64_t m_last = 0;
};

}  // namespace tend
