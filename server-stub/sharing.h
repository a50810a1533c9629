#pragma once

#include <map>
#include <set>

#include "server-stub/rights.h"

namespace tend::server {

// What accepting one group does to who may see what: which scopes the log entry touches, which rows
// moved between scopes with all that hangs on them, what the places' sums come to, and whose view
// changed. Used around the merging
// of the group, in its transaction: before(), then applied() for each change, then finish().
class Sharing {
public:
    Sharing(SharedStore &store, const replica::Schema &schema)
        : m_store(store)
        , m_schema(schema)
    {
    }

    [[nodiscard]] Status before(const std::vector<replica::Change> &changes);
    [[nodiscard]] Status applied(
        const replica::Change &change, replica::GroupRef group, const replica::Applied &applied);
    [[nodiscard]] Status finish(replica::Sequence sequence, replica::WallTime at);

private:
    [[nodiscard]] Result<std::map<replica::Uuid, replica::Scopes>> views();
    [[nodiscard]] Status noteOrphan(const replica::Change &change);
    [[nodiscard]] Status placeFresh(
        const std::vector<const replica::Change *> &changes, replica::Scopes &touched);
    [[nodiscard]] Status adoptOrphans(replica::ScopeReader &reader, const replica::RowName &parent);
    [[nodiscard]] Status addAuthors(replica::Sequence sequence, replica::Scopes &touched);
    void countAt(const replica::Scopes &place, const replica::RowName &name);
    [[nodiscard]] Status countMoved(
        const replica::Scopes &from, const replica::Scopes &to, const replica::RowName &name);

    SharedStore &m_store;
    const replica::Schema &m_schema;
    bool m_touchesPeople = false;
    std::map<replica::Uuid, replica::Scopes> m_viewsBefore;
    std::map<replica::RowName, replica::Scopes> m_placesBefore;  // rows that were there
    std::set<replica::RowName> m_rehung;  // those of them that may come under another parent
    std::vector<replica::Change> m_rehanging;  // changes that named another parent
    std::vector<const replica::Change *> m_fresh;
    std::vector<replica::RowName> m_met;  // inserts that found their row there
    std::map<replica::RowName, replica::RowSum> m_written;
    std::map<replica::Scopes, replica::RowSum> m_added;  // to the sums of places
    std::set<replica::RowName> m_changed;
};

// Of every place, counted anew from the rows.
[[nodiscard]] Result<std::map<replica::Scopes, replica::RowSum>> countSums(
    replica::Records &records, const replica::Schema &schema);

}  // namespace tend::server
