#pragma once

#include <map>
#include <vector>

#include "app/journal/journal.h"
#include "sync/sqlite/database.h"
#include "sync/store/replica.h"

namespace tend {

// Which customers' rows are one person: docs/RULES.md, "Doubles". Nothing is moved or copied when
// two are united, so nothing is lost when they are parted again, and what somebody still writes to
// the double is there too. The same links give the same answer in whatever order they arrived.
class SameCustomers {
public:
    SameCustomers() = default;

    struct Link {
        Id customer;  // the double
        Id sameAs;
    };

    explicit SameCustomers(const std::vector<Link> &links);
    // Links both ends of which are here. Errors: of the database.
    [[nodiscard]] static Result<SameCustomers> read(replica::sqlite::Database &database);

    // Whose page shows this row; itself for nobody's double.
    [[nodiscard]] Id rootOf(const Id &customer) const;
    [[nodiscard]] replica::RowId rootOf(const replica::RowId &customer) const;
    // The rows of that person: the root first, the others by id. One for nobody's double.
    [[nodiscard]] std::vector<Id> all(const Id &customer) const;

    [[nodiscard]] bool isDouble(const Id &customer) const { return rootOf(customer) != customer; }

    [[nodiscard]] bool isEmpty() const { return m_roots.empty(); }

private:
    std::map<Id, Id> m_roots;  // of every row in a link
    std::map<Id, std::vector<Id>> m_rows;  // by root
};

// What the page is called that shows this row: the root's name, or `own` for nobody's double.
[[nodiscard]] Result<std::string> pageName(replica::sqlite::Database &database,
    const SameCustomers &same, const Id &customer, const std::string &own);

// One page for both from now on, that of `keep`. Errors: NotFound, Invalid when they are one
// already.
[[nodiscard]] Status unite(replica::Replica &replica, replica::sqlite::Database &database,
    const Id &keep, const Id &other);
// Takes back every link of this row. Errors: NotFound when it is in none.
[[nodiscard]] Status part(
    replica::Replica &replica, replica::sqlite::Database &database, const Id &customer);

}  // namespace tend
