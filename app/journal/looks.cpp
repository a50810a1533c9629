#include "app/journal/looks.h"

#include <algorithm>

#include "app/journal/row_at.h"
#include "app/journal/row_text.h"
#include "app/journal/same_customers.h"
#include "app/journal/store_journal.h"
#include "app/journal/tables.h"

namespace tend {

using namespace replica;

namespace {

// Owns one of the rows, has written a visit there, or was given the customer by a handover. A visit
// that names nobody is whoever's device wrote it; what waits here is this member's.
Result<bool> looksAfter(
    sqlite::Database &database, const Uuid &member, const std::vector<Id> &customers)
{
    auto asked = TRY(database.prepare(
        "SELECT EXISTS(SELECT 1 FROM customer WHERE id = ?1 AND owner_id = ?2) OR EXISTS(SELECT 1 "
        "FROM visit v JOIN grp g ON g.ord = v._g WHERE v.customer_id = ?1 AND "
        "coalesce(v.member_id, "
        "g.actor, ?2) = ?2) OR EXISTS(SELECT 1 FROM handover WHERE customer_id = ?1 AND to_id = "
        "?2)"));
    const Bytes its(member.bytes());
    for (const Id &customer : customers) {
        const Bytes key = keyOf(customer);
        asked.reset().bindBlob(1, key).bindBlob(2, its);
        if (TRY(asked.step()) && asked.int64(0) == 1)
            return true;
    }
    return false;
}

}  // namespace

Result<std::set<Id>> lookedAfterBy(sqlite::Database &database, const Uuid &member)
{
    auto row = TRY(database.prepare(
        "SELECT id FROM customer WHERE owner_id = ?1 UNION SELECT v.customer_id FROM visit v JOIN "
        "grp g ON g.ord = v._g WHERE coalesce(v.member_id, g.actor, ?1) = ?1 UNION SELECT "
        "customer_id FROM handover WHERE to_id = ?1"));
    const Bytes its(member.bytes());
    row.bindBlob(1, its);
    const SameCustomers same = TRY(SameCustomers::read(database));
    std::set<Id> customers;
    while (TRY(row.step())) {
        if (!row.isNull(0))
            customers.insert(same.rootOf(idAt(row, 0)));
    }
    return customers;
}

Status noteLook(SqliteStore &store, Replica &replica, const Id &customer, Day today)
{
    const Uuid member = replica.facts().member;
    if (member.isNil())
        return {};
    const auto id = parseUuid(customer).value_or(Uuid{});
    if (!TRY(replica.records().row(journalSchema().table("customer")->id, id)))
        return fail(ErrorCode::NotFound, "there is no customer " + customer);
    const auto rows = TRY(SameCustomers::read(store.database())).all(customer);
    if (TRY(looksAfter(store.database(), member, rows)))
        return {};
    const Change look = ChangeBuilder("look", {}, ChangeKind::Insert)
                            .set("customer_id", Blob{keyOf(rows.front())})
                            .set("member_id", Blob{Bytes(member.bytes())})
                            .set("on_day", dayText(today))
                            .take();
    if (TRY(replica.records().row(look.table, look.row)))
        return {};
    const auto made = replica.commit({look});
    return made ? Status{} : Status{tl::unexpected(made.error())};
}

Result<std::vector<Look>> looksAt(SqliteStore &store, Replica &replica, const Id &customer)
{
    // What waits here has no actor yet: it is of this device's member.
    auto row = TRY(store.database().prepare(
        "SELECT l.id, l.on_day, coalesce(m.name, ''), coalesce(m.role, ''), coalesce(g.actor, ?2) "
        "FROM look l JOIN grp g ON g.ord = l._g LEFT JOIN member m ON m.id = coalesce(g.actor, ?2) "
        "WHERE l.customer_id = ?1"));
    const Bytes member(replica.facts().member.bytes());
    std::vector<Look> looks;
    for (const Id &one : TRY(SameCustomers::read(store.database())).all(customer)) {
        const Bytes key = keyOf(one);
        row.reset().bindBlob(1, key).bindBlob(2, member);
        while (TRY(row.step())) {
            const auto on = dayAt(row, 1);
            std::string by(row.text(2));
            looks.push_back({by.empty() ? idAt(row, 4) : std::move(by), std::string(row.text(3)),
                on.value_or(Day{}), idAt(row, 0)});
        }
    }
    std::sort(looks.begin(), looks.end(), [](const Look &one, const Look &other) {
        return std::tie(other.on, one.by, one.evidence)
            < std::tie(one.on, other.by, other.evidence);
    });
    return looks;
}

}  // namespace tend
