#include "app/journal/same_customers.h"

#include <algorithm>
#include <set>

#include "app/journal/row_at.h"
#include "app/journal/store_journal.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

Id findRoot(std::map<Id, Id> &roots, Id row)
{
    while (roots.at(row) != row) {
        roots[row] = roots.at(roots.at(row));
        row = roots.at(row);
    }
    return row;
}

Uuid uuidFrom(const Id &id)
{
    return parseUuid(id).value_or(Uuid{});
}

Result<std::vector<std::pair<Id, SameCustomers::Link>>> linksIn(sqlite::Database &database)
{
    std::vector<std::pair<Id, SameCustomers::Link>> links;
    auto row = TRY(database.prepare(
        "SELECT s.id, s.customer_id, s.same_as FROM same_customer s JOIN customer a ON a.id = "
        "s.customer_id JOIN customer b ON b.id = s.same_as"));
    while (TRY(row.step()))
        links.push_back({idAt(row, 0), {idAt(row, 1), idAt(row, 2)}});
    return links;
}

Status mustBeHere(Replica &replica, const Id &customer)
{
    const TableId table = journalSchema().table("customer")->id;
    return TRY(replica.records().row(table, uuidFrom(customer)))
        ? Status{}
        : Status{fail(ErrorCode::NotFound, "customer " + customer + " is not here")};
}

}  // namespace

SameCustomers::SameCustomers(const std::vector<Link> &links)
{
    std::map<Id, Id> leaders;
    std::set<Id> doubles;
    for (const Link &link : links) {
        leaders.emplace(link.customer, link.customer);
        leaders.emplace(link.sameAs, link.sameAs);
        doubles.insert(link.customer);
    }
    for (const Link &link : links)
        leaders[findRoot(leaders, link.customer)] = findRoot(leaders, link.sameAs);
    std::map<Id, std::vector<Id>> people;
    for (const auto &[row, leader] : leaders)
        people[findRoot(leaders, row)].push_back(row);
    for (auto &[leader, rows] : people) {
        // Nobody's double; where people united in a ring, the row that was made first.
        const auto root = std::find_if(
            rows.begin(), rows.end(), [&](const Id &row) { return doubles.count(row) == 0; });
        std::rotate(rows.begin(), root == rows.end() ? rows.begin() : root,
            root == rows.end() ? rows.begin() : root + 1);
        for (const Id &row : rows)
            m_roots[row] = rows.front();
        m_rows[rows.front()] = std::move(rows);
    }
}

Result<SameCustomers> SameCustomers::read(sqlite::Database &database)
{
    std::vector<Link> links;
    for (const auto &[row, link] : TRY(linksIn(database)))
        links.push_back(link);
    return SameCustomers(links);
}

Id SameCustomers::rootOf(const Id &customer) const
{
    const auto root = m_roots.find(customer);
    return root == m_roots.end() ? customer : root->second;
}

RowId SameCustomers::rootOf(const RowId &customer) const
{
    return isEmpty() ? customer : uuidFrom(rootOf(toText(customer)));
}

std::vector<Id> SameCustomers::all(const Id &customer) const
{
    const auto rows = m_rows.find(rootOf(customer));
    return rows == m_rows.end() ? std::vector<Id>{customer} : rows->second;
}

Result<std::string> pageName(sqlite::Database &database, const SameCustomers &same,
    const Id &customer, const std::string &own)
{
    const Id root = same.rootOf(customer);
    if (root == customer)
        return own;
    auto name = TRY(database.prepare("SELECT name FROM customer WHERE id = ?1"));
    const Bytes key = keyOf(root);
    name.bindBlob(1, key);
    return TRY(name.step()) ? std::string(name.text(0)) : own;
}

Status unite(Replica &replica, sqlite::Database &database, const Id &keep, const Id &other)
{
    TRY_STATUS(mustBeHere(replica, keep));
    TRY_STATUS(mustBeHere(replica, other));
    const SameCustomers known = TRY(SameCustomers::read(database));
    if (known.rootOf(keep) == known.rootOf(other))
        return fail(ErrorCode::Invalid, "these two are one already");
    // The other's own doubles come with it: its root becomes a double of this one's.
    ChangeBuilder link("same_customer", {}, ChangeKind::Insert);
    link.set("customer_id", Blob{keyOf(known.rootOf(other))});
    link.set("same_as", Blob{keyOf(known.rootOf(keep))});
    const auto made = replica.commit({link.take()});
    return made ? Status{} : Status{tl::unexpected<Error>(made.error())};
}

Status part(Replica &replica, sqlite::Database &database, const Id &customer)
{
    std::vector<Change> changes;
    for (const auto &[row, link] : TRY(linksIn(database))) {
        if (link.customer == customer || link.sameAs == customer)
            changes.push_back(
                ChangeBuilder("same_customer", uuidFrom(row), ChangeKind::Delete).take());
    }
    if (changes.empty())
        return fail(ErrorCode::NotFound, "this customer is united with nobody");
    const auto made = replica.commit(changes);
    return made ? Status{} : Status{tl::unexpected<Error>(made.error())};
}

}  // namespace tend
