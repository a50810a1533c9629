#include "sync/store/verify.h"

#include "sync/protocol/body.h"

namespace replica {

namespace {

// A query that must find nothing, and what it means when it does.
struct Rule {
    std::string sql;
    std::string meaning;
};

std::vector<Rule> rulesFor(const Schema &schema)
{
    std::vector<Rule> rules = {
        {"SELECT count(*) FROM cell WHERE grp NOT IN (SELECT ord FROM grp)",
            "a column names a group that is not there"},
        {"SELECT count(*) FROM rival WHERE grp NOT IN (SELECT ord FROM grp)",
            "a waiting value names a group that is not there"},
        {"SELECT count(*) FROM buried WHERE grp NOT IN (SELECT ord FROM grp)",
            "a deleted row names a group that is not there"},
        {"SELECT count(*) FROM history WHERE grp NOT IN (SELECT ord FROM grp)",
            "the history names a group that is not there"},
        {"SELECT count(*) FROM change WHERE grp NOT IN (SELECT ord FROM grp)",
            "a change belongs to a group that is not there"},
        {"SELECT count(*) FROM grp WHERE sequence = 0 AND ord NOT IN (SELECT grp FROM change)",
            "a group waits that changes nothing"},
        {"SELECT count(*) FROM grave g WHERE NOT EXISTS (SELECT 1 FROM buried b WHERE b.tbl = "
         "g.tbl AND b.row = g.row)",
            "a deleted row has lost its values"},
    };
    for (const Table &table : schema.tables()) {
        const std::string id = std::to_string(static_cast<unsigned>(table.id));
        rules.push_back({"SELECT count(*) FROM \"" + table.name
                + "\" WHERE _g <> 0 AND _g NOT IN (SELECT ord FROM grp)",
            "a row of " + table.name + " names a group that is not there"});
        rules.push_back({"SELECT count(*) FROM \"" + table.name
                + "\" t JOIN buried b ON b.tbl = " + id + " AND b.row = t.id",
            "a row of " + table.name + " is both there and deleted"});
    }
    return rules;
}

}  // namespace

Result<std::vector<std::string>> verifyStore(SqliteStore &store, const Schema &schema)
{
    std::vector<std::string> faults;
    auto check = TRY(store.database().prepare("PRAGMA integrity_check(20)"));
    while (TRY(check.step())) {
        if (check.text(0) != "ok")
            faults.push_back("the file: " + std::string(check.text(0)));
    }
    if (!faults.empty())
        return faults;
    for (const Rule &rule : rulesFor(schema)) {
        const auto found = TRY(store.database().queryInt(rule.sql));
        if (found != 0)
            faults.push_back(rule.meaning + " (" + std::to_string(found) + ")");
    }
    // What waits must be tellable, or it can never be sent.
    for (const GroupRef group : TRY(store.records().unacceptedGroups())) {
        const auto changes = store.records().changesOf(group);
        if (!changes)
            faults.push_back("a waiting group cannot be told: " + changes.error().message);
        else if (!decodeBody(encodeBody(*changes)))
            faults.emplace_back("a waiting group cannot be sent");
    }
    return faults;
}

}  // namespace replica
