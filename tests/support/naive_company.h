#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace replica::test {

// A company as a person would note it down, and who in it may hold and change what: the rules of
// the documents said a second time, plainly, knowing nothing of the product's code. Ids are texts.
// The tables are those of permission_oracle_test.cpp.
struct NaiveMember {
    std::string role;
    std::set<std::string> territories;
    bool isActive = true;
};

struct NaiveRow {
    std::string table;
    std::map<std::string, std::string> links;  // columns that place it
    std::map<std::string, std::int64_t> linkedAt;  // by whoever wrote last by the clock
    std::vector<std::size_t> writes;  // the moments after which they were there
    std::vector<std::size_t> deletes;  // up to which moment each had seen them

    // Somebody wrote to it what nobody who deleted it had seen.
    [[nodiscard]] bool isDeleted() const
    {
        return std::all_of(writes.begin(), writes.end(), [&](std::size_t write) {
            return std::any_of(
                deletes.begin(), deletes.end(), [&](std::size_t seen) { return write <= seen; });
        });
    }
};

struct NaiveCompany {
    std::set<std::string> territories;
    std::map<std::string, NaiveMember> members;
    std::map<std::string, NaiveRow> rows;  // deleted ones too

    // ---- where a row lies

    [[nodiscard]] std::set<std::string> placesOf(const std::string &id) const
    {
        const auto row = rows.find(id);
        return row == rows.end() ? std::set<std::string>{"nobody knows"} : placesOf(row->second);
    }

    [[nodiscard]] std::set<std::string> placesOf(const NaiveRow &row) const
    {
        const auto link = [&](const char *column) {
            const auto found = row.links.find(column);
            return found == row.links.end() ? std::string() : found->second;
        };
        std::set<std::string> places;
        if (!link("private_to").empty())
            places.insert("private to " + link("private_to"));
        else if (!link("customer_id").empty())
            places = placesOf(link("customer_id"));
        else if (!link("visit_id").empty())
            places = placesOf(link("visit_id"));
        else if (!link("territory_id").empty())
            places.insert("in " + link("territory_id"));
        else if (!link("member_id").empty())
            places.insert("by " + link("member_id"));
        else
            places.insert("everybody's");
        if (!link("to_role").empty())
            places.insert("for each " + link("to_role"));
        return places;
    }

    // ---- what a member may hold

    [[nodiscard]] std::set<std::string> heldBy(const std::string &id) const
    {
        const NaiveMember &member = members.at(id);
        if (!member.isActive)
            return {};
        std::set<std::string> held{
            "everybody's", "private to " + id, "by " + id, "for each " + member.role};
        for (const std::string &territory : member.territories)
            held.insert("in " + territory);
        if (member.role != "rep" && member.territories.empty()) {
            for (const std::string &territory : territories)
                held.insert("in " + territory);
            for (const auto &[other, ignored] : members)
                held.insert("by " + other);
        }
        if (member.role == "admin" || member.role == "manager")
            held.insert("nobody knows");
        return held;
    }

    [[nodiscard]] bool mayHold(const std::string &member, const std::string &row) const
    {
        return meet(placesOf(row), heldBy(member));
    }

    [[nodiscard]] static bool maySee(
        const std::string &role, const std::string &table, const std::string &column)
    {
        if (table == "customer" && column == "margin")
            return role == "admin" || role == "manager";
        if (table == "visit" && column == "impression")
            return role != "rep";
        return true;
    }

    [[nodiscard]] static bool meet(
        const std::set<std::string> &one, const std::set<std::string> &other)
    {
        return std::any_of(
            one.begin(), one.end(), [&](const std::string &each) { return other.contains(each); });
    }
};

// What one member wants to write into one row.
struct NaiveWrite {
    std::string member;
    std::string table;
    std::string row;
    std::map<std::string, std::string> links;  // an empty word empties the column
    std::vector<std::string> columns;  // all that are written
    bool isDelete = false;
    std::int64_t at = 0;  // by the clock
    std::size_t seen = 0;  // the moment its author had seen

    // The row as if it were written now.
    [[nodiscard]] NaiveRow madeOf(const NaiveCompany &company) const
    {
        const auto there = company.rows.find(row);
        NaiveRow made
            = there == company.rows.end() ? NaiveRow{table, {}, {}, {}, {}} : there->second;
        for (const auto &[column, value] : links)
            made.links[column] = value;
        return made;
    }

    // Merges it into the row. Who wrote a column later keeps it; nobody's clock is wrong here.
    void mergeInto(NaiveCompany &company, std::size_t moment) const
    {
        NaiveRow &made = company.rows[row];
        made.table = table;
        for (const auto &[column, value] : links) {
            if (at < made.linkedAt[column])
                continue;
            made.links[column] = value;
            made.linkedAt[column] = at;
        }
        if (isDelete)
            made.deletes.push_back(seen);
        else
            made.writes.push_back(moment);
    }
};

// Whether the server must take it. `since` is the company at each moment since its author last
// looked, the present one last: what was theirs then is taken, though it is not any more.
[[nodiscard]] inline bool mayWrite(const std::vector<NaiveCompany> &since, const NaiveWrite &write)
{
    const NaiveCompany &now = since.back();
    const std::string &role = now.members.at(write.member).role;
    const bool isNew = !now.rows.contains(write.row);
    for (const std::string &column : write.columns) {
        if (!NaiveCompany::maySee(role, write.table, column))
            return false;
        if (!isNew && column == "territory_id" && role == "rep")
            return false;
    }
    std::set<std::string> held;
    std::set<std::string> before;
    std::set<std::string> after;
    for (const NaiveCompany &then : since) {
        held.merge(then.heldBy(write.member));
        before.merge(then.placesOf(write.row));
        after.merge(then.placesOf(write.madeOf(then)));
    }
    const bool waits = now.placesOf(write.madeOf(now)).contains("nobody knows");
    return (isNew || NaiveCompany::meet(before, held))
        && (waits || NaiveCompany::meet(after, held));
}

}  // namespace replica::test
