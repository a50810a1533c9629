#include "app/cli/asked.h"

#include <map>
#include <set>

#include "app/journal/looks.h"
#include "app/journal/row_at.h"
#include "app/journal/row_text.h"
#include "app/journal/same_customers.h"
#include "app/journal/search.h"
#include "app/journal/tables.h"
#include "sync/domain/ids.h"

namespace tend::cli {

using namespace replica;

Result<Day> dayGiven(OpenReplica &open, const std::string &text)
{
    if (text.empty())
        return localDay(open.clock.wallNow());
    const auto day = parseDay(text);
    if (!day)
        return fail(ErrorCode::Invalid, "'" + text + "' is no day; write it as 2026-06-11");
    return *day;
}

Result<Id> customerNamed(OpenReplica &open, const std::string &wanted, Named named)
{
    constexpr std::size_t namesMax = 12;
    if (const auto id = parseUuid(wanted)) {
        const TableId customers = journalSchema().table("customer")->id;
        if (!TRY(open.replica->records().row(customers, *id)))
            return fail(ErrorCode::NotFound, "this customer is not here: " + wanted);
        return toText(*id);
    }
    if (wanted.find_first_not_of(" \t") == std::string::npos)
        return fail(ErrorCode::Invalid, "say whom: a name or an id");
    auto select = TRY(
        open.store->database().prepare("SELECT id, name FROM customer WHERE name LIKE ?1 ESCAPE "
                                       "'\\' ORDER BY length(name), name, id LIMIT 12"));
    std::string pattern;
    for (const char letter : wanted) {
        if (letter == '%' || letter == '_' || letter == '\\')
            pattern.push_back('\\');
        pattern.push_back(letter);
    }
    pattern.push_back('%');
    select.bindText(1, pattern);
    const auto same
        = named == Named::Row ? SameCustomers() : TRY(SameCustomers::read(open.store->database()));
    std::map<Id, std::string> found;
    std::set<Id> exact;  // wholly so, not only with that beginning
    while (TRY(select.step())) {
        const Id id = same.rootOf(idAt(select, 0));
        found.emplace(id, std::string(select.text(1)));
        if (select.text(1) == wanted)
            exact.insert(id);
    }
    // Other letters' case, accents, and beginnings of other words.
    if (found.empty()) {
        const auto hits
            = TRY(SearchIndex(open.store->database()).find(wanted, static_cast<int>(namesMax)));
        for (const SearchHit &hit : hits) {
            if (hit.table == "customer" && hit.row == hit.customer)
                found.emplace(named == Named::Row ? hit.row : same.rootOf(hit.row), hit.who);
        }
    }
    if (exact.size() == 1)
        return *exact.begin();
    if (found.size() == 1)
        return found.begin()->first;
    if (found.empty())
        return fail(ErrorCode::NotFound, "no customer's name begins with '" + wanted + "'");
    std::string names;
    for (const auto &[id, name] : found)
        names += "\n  " + id + "  " + name;
    return fail(ErrorCode::Invalid,
        "several names begin so" + std::string(found.size() >= namesMax ? ", these and more" : "")
            + "; give the id:" + names);
}

Result<Id> customerOpened(OpenReplica &open, const std::string &wanted)
{
    const Id customer = TRY(customerNamed(open, wanted));
    static_cast<void>(
        noteLook(*open.store, *open.replica, customer, localDay(open.clock.wallNow())));
    return customer;
}

}  // namespace tend::cli
