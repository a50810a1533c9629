#pragma once

#include <initializer_list>

#include <QTemporaryDir>

#include "app/journal/row_at.h"
#include "app/journal/store_journal.h"
#include "app/journal/write_rules.h"
#include "app/session/open_replica.h"

namespace tend {

[[nodiscard]] inline replica::Value link(const Id &id)
{
    return replica::Blob{keyOf(id)};
}

// A replica of its own in a folder of its own, and rows put into it as tendctl does.
class WrittenJournal {
public:
    using Columns = std::initializer_list<std::pair<const char *, replica::Value>>;

    WrittenJournal() { open(); }

    void open()
    {
        m_open.reset();
        auto made = openReplicaFile((m_folder.path() + "/r.db").toStdString(),
            {{}, {}, {}, {}, true}, isThere() ? WhenMissing::Fail : WhenMissing::Make);
        if (!made)
            qFatal("%s", made.error().message.c_str());
        m_open = *std::move(made);
    }

    [[nodiscard]] replica::Result<Id> tryPut(
        const char *table, Columns columns, const Id &row = {}) const
    {
        const auto id = row.empty() ? replica::makeUuid7(m_open->clock.wallNow(), m_open->random)
                                    : replica::parseUuid(row).value_or(replica::Uuid{});
        ChangeBuilder builder(
            table, id, row.empty() ? replica::ChangeKind::Insert : replica::ChangeKind::Update);
        for (const auto &[column, value] : columns)
            builder.set(column, value);
        const replica::Change change = builder.take();
        TRY_STATUS(mayWrite(m_open->replica->records(), change));
        static_cast<void>(TRY(m_open->replica->commit({change})));
        return replica::toText(id);
    }

    Id put(const char *table, Columns columns, const Id &row = {}) const
    {
        const auto id = tryPut(table, columns, row);
        if (!id)
            qFatal("%s: %s", table, id.error().message.c_str());
        return *id;
    }

    // Empty when it may be written.
    [[nodiscard]] QString refusal(const char *table, Columns columns, const Id &row = {}) const
    {
        const auto id = tryPut(table, columns, row);
        return id ? QString() : QString::fromStdString(id.error().message);
    }

    void remove(const char *table, const Id &row) const
    {
        const auto id = replica::parseUuid(row).value_or(replica::Uuid{});
        ChangeBuilder change(table, id, replica::ChangeKind::Delete);
        if (!m_open->replica->commit({change.take()}))
            qFatal("%s could not be deleted", table);
    }

    [[nodiscard]] OpenReplica &its() const { return *m_open; }

    [[nodiscard]] replica::sqlite::Database &database() const { return m_open->store->database(); }

    [[nodiscard]] QString folder() const { return m_folder.path(); }

private:
    [[nodiscard]] bool isThere() const { return QFile::exists(m_folder.path() + "/r.db"); }

    QTemporaryDir m_folder;
    std::unique_ptr<OpenReplica> m_open;
};

}  // namespace tend
