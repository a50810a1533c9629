#pragma once

#include <set>

#include "server-stub/rights.h"
#include "sync/protocol/messages.h"

namespace tend::server {

// What one device is told: what follows its cursor in the scopes it holds, rows that came into its
// scopes or left them, and the rows of scopes that are new to it. Keeps nothing between requests:
// the device says what it holds, the workspace's rows say what it may hold. What is sent is what
// the device may see at this moment, never what it might have seen at the time of the write.
class Feed {
public:
    // Inside a transaction; `head` is the log's.
    Feed(SharedStore &store, const replica::Schema &schema, const Device &device, const View &view,
        replica::Sequence head)
        : m_store(store)
        , m_schema(schema)
        , m_device(device)
        , m_view(view)
        , m_head(head)
        , m_reader(store.records(), schema)
    {
    }

    // Devices whose log is longer than this many entries for each living row begin with a fill
    // instead of the whole log.
    void setReplayMax(std::uint64_t entriesPerRow) { m_replayMax = entriesPerRow; }

    // What came in by moves is told in one answer, up to so many octets. A device that missed more
    // is filled in anew, in parts of any number.
    void setMovedMax(std::size_t octets) { m_movedMax = octets; }

    // Up to here the log tells nothing any more.
    void setFloor(replica::Sequence floor) { m_floor = floor; }

    // Fills in everything of the answer but `server`.
    [[nodiscard]] Status answer(const replica::PullRequest &request, replica::PullAnswer &answer);

    // What the device holds once it has taken in an answer up to the head.
    [[nodiscard]] Result<replica::RowSum> sum();

private:
    using Left = std::map<replica::TableId, std::set<replica::RowId>>;
    using Groups
        = std::map<replica::Sequence, std::pair<replica::GroupRef, std::vector<replica::Change>>>;

    struct Parts {
        Groups groups;
        std::set<replica::RowName> rows;  // none is told twice
    };

    [[nodiscard]] Result<bool> mustFill(const replica::PullRequest &request);
    [[nodiscard]] bool startsOver(const replica::PullRequest &request) const;
    [[nodiscard]] Status fill(const replica::Scopes &gained, bool startsOver,
        const replica::PullRequest &request, replica::PullAnswer &answer);
    [[nodiscard]] Status addMovedOn(
        const replica::Scopes &gained, bool startsOver, replica::Sequence at, Parts &parts);
    [[nodiscard]] Status addOrphans(
        const replica::Scopes &gained, bool startsOver, replica::Sequence at, Parts &parts);
    [[nodiscard]] Status page(const replica::Scopes &kept, const replica::PullRequest &request,
        replica::PullAnswer &answer);
    [[nodiscard]] Status moves(
        const replica::Scopes &kept, Left &left, replica::PullAnswer &answer);
    [[nodiscard]] Status takeBack(const Bytes &body, Left &left);
    [[nodiscard]] Status takeAllBack(replica::Sequence cursor, Left &left);
    [[nodiscard]] Status takeTreeBack(const replica::RowName &name, Left &left);
    [[nodiscard]] Result<bool> isVisible(const replica::RowName &name);
    [[nodiscard]] Result<bool> hasWritten(const replica::RowName &name);
    [[nodiscard]] Result<bool> hungInView(const replica::RowName &name);
    [[nodiscard]] Result<bool> isAllVisible();
    [[nodiscard]] Result<std::vector<replica::Sequence>> sequencesAfter(
        const replica::Scopes &kept, replica::Sequence cursor, std::size_t countMax);
    // The part of a group that this device may see; false when there is none. What it wrote itself
    // and may not see goes where the rest of the row's story is left out.
    [[nodiscard]] Result<bool> restrict(replica::Group &group, Left &left);
    void hideColumns(replica::Change &change) const;
    // All writes to a row up to a sequence, by the groups that made them. Answers their size.
    [[nodiscard]] Result<std::size_t> collect(
        const replica::RowName &name, replica::Sequence upTo, Parts &parts);
    [[nodiscard]] std::vector<replica::Group> told(const Groups &parts);

    SharedStore &m_store;
    const replica::Schema &m_schema;
    const Device &m_device;
    const View &m_view;
    replica::Sequence m_head;
    replica::ScopeReader m_reader;
    std::uint64_t m_replayMax = 2;
    std::size_t m_movedMax = 4U << 20U;
    bool m_movedTooMuch = false;
    replica::Sequence m_floor{};
};

}  // namespace tend::server
