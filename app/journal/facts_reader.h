#pragma once

#include <functional>

#include "app/journal/facts.h"
#include "app/journal/same_customers.h"
#include "sync/sqlite/database.h"

namespace tend {

// Reads facts with SQL, many customers at a time, so that all of a large journal are judged without
// all of it in memory. The database outlives it; one thread. Errors: of the database.
class FactsReader {
public:
    explicit FactsReader(replica::sqlite::Database &database)
        : m_database(database)
    {
    }

    // Every customer in the order of their ids. Rows that are one person are one customer, that of
    // the root's row: see SameCustomers.
    [[nodiscard]] Status forEach(const std::function<Status(const CustomerFacts &)> &take);
    // Whoever that row is, by the links there were when this reader was first asked. Errors:
    // NotFound, also when it was deleted.
    [[nodiscard]] Result<CustomerFacts> of(const Id &customer);

private:
    struct Batch;
    [[nodiscard]] Result<CustomerFacts> ofRow(const Id &customer);
    [[nodiscard]] Status addDoubles(CustomerFacts &facts, const std::vector<Id> &rows);
    [[nodiscard]] Status readVisits(Batch &batch);
    [[nodiscard]] Status readGroupVisits(Batch &batch);
    [[nodiscard]] Status readPromises(Batch &batch);
    [[nodiscard]] Status readTerms(Batch &batch);
    [[nodiscard]] Status readCircumstances(Batch &batch);
    [[nodiscard]] Status readNeeds(Batch &batch);
    [[nodiscard]] Status readSales(Batch &batch);
    [[nodiscard]] Status readFollowUps(Batch &batch);
    [[nodiscard]] Status readPlans(Batch &batch);
    [[nodiscard]] Status readInitiatives(Batch &batch);
    [[nodiscard]] Status readLosses(Batch &batch);
    [[nodiscard]] Status readHandovers(Batch &batch);
    [[nodiscard]] Status readAnswers(Batch &batch);
    [[nodiscard]] Status readTags(Batch &batch);
    [[nodiscard]] Status readDetails(Batch &batch);

    replica::sqlite::Database &m_database;
    std::optional<SameCustomers> m_same;  // read when of() is first asked
};

}  // namespace tend
