#include "app/journal/voices.h"

#include <algorithm>
#include <map>

#include "app/journal/likeness.h"
#include "app/journal/row_at.h"
#include "app/journal/same_customers.h"

namespace tend {

using namespace replica;

namespace {

bool isWithin(const std::optional<Day> &from, const std::optional<Day> &until, Day today)
{
    return (!from || *from <= today) && (!until || *until >= today);
}

bool isHeardBy(const std::optional<Day> &saidOn, Day today)
{
    return !saidOn || *saidOn <= today;
}

bool holdsWords(const std::string &text, const std::string &wanted)
{
    return plainly(text).find(plainly(wanted)) != std::string::npos;
}

// A note of the market, and whom it is for: who bought such an item or carries that tag; everyone
// where it says neither.
struct AimedNote {
    MarketNote note;
    std::string item;
    Id tag;
};

Result<std::vector<AimedNote>> aimedNotes(sqlite::Database &database, Day today)
{
    std::vector<AimedNote> notes;
    auto row = TRY(database.prepare(
        "SELECT id, words, from_on, until_on, item, tag_id FROM market_note ORDER BY id"));
    while (TRY(row.step())) {
        if (isWithin(dayAt(row, 2), dayAt(row, 3), today))
            notes.push_back({{idAt(row, 0), std::string(row.text(1)), dayAt(row, 3), {}},
                std::string(row.text(4)), idAt(row, 5)});
    }
    return notes;
}

}  // namespace

Result<std::vector<BuyingCard>> buyingCards(
    sqlite::Database &database, Day today, const std::string &words)
{
    const SameCustomers same = TRY(SameCustomers::read(database));
    std::map<Id, BuyingCard> newest;
    auto row = TRY(database.prepare(
        "SELECT b.id, b.customer_id, c.name, b.\"where\", b.why, b.would_change, b.said_on FROM "
        "buying b JOIN customer c ON c.id = b.customer_id ORDER BY b.said_on, b.id"));
    while (TRY(row.step())) {
        BuyingCard card{idAt(row, 0), same.rootOf(idAt(row, 1)),
            TRY(pageName(database, same, idAt(row, 1), std::string(row.text(2)))),
            std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5)),
            dayAt(row, 6)};
        if (isHeardBy(card.saidOn, today))
            newest.insert_or_assign(card.customer, std::move(card));
    }
    std::vector<BuyingCard> cards;
    for (auto &[customer, card] : newest) {
        if (words.empty() || holdsWords(card.wouldChange, words))
            cards.push_back(std::move(card));
    }
    std::sort(cards.begin(), cards.end(), [](const BuyingCard &one, const BuyingCard &other) {
        return std::tie(one.name, one.customer) < std::tie(other.name, other.customer);
    });
    return cards;
}

Result<std::vector<ClientSays>> whatClientSays(
    sqlite::Database &database, const Id &customer, Day today)
{
    std::vector<ClientSays> said;
    auto row = TRY(database.prepare("SELECT id, wants, worth, delivered, at_all, said_on FROM "
                                    "client_says WHERE customer_id = ?1"));
    for (const Id &one : TRY(SameCustomers::read(database)).all(customer)) {
        const Bytes key = keyOf(one);
        row.reset().bindBlob(1, key);
        while (TRY(row.step())) {
            ClientSays says{idAt(row, 0), std::string(row.text(1)), std::string(row.text(2)),
                std::string(row.text(3)), std::string(row.text(4)), dayAt(row, 5)};
            if (isHeardBy(says.saidOn, today))
                said.push_back(std::move(says));
        }
    }
    std::sort(said.begin(), said.end(), [](const ClientSays &one, const ClientSays &other) {
        return std::tie(one.saidOn, one.id) > std::tie(other.saidOn, other.id);
    });
    return said;
}

Result<std::vector<AskedQuestion>> askedQuestions(sqlite::Database &database, Day today)
{
    const SameCustomers same = TRY(SameCustomers::read(database));
    std::vector<AskedQuestion> questions;
    auto row = TRY(database.prepare("SELECT id, words, from_on, until_on FROM question ORDER BY "
                                    "from_on, id"));
    while (TRY(row.step())) {
        const bool isCurrent = isWithin(dayAt(row, 2), dayAt(row, 3), today);
        questions.push_back({idAt(row, 0), std::string(row.text(1)), isCurrent, {}});
    }
    auto answer = TRY(database.prepare(
        "SELECT a.id, a.customer_id, coalesce(c.name, ''), a.words, a.on_day FROM answer a LEFT "
        "JOIN customer c ON c.id = a.customer_id WHERE a.question_id = ?1 ORDER BY a.on_day, "
        "c.name IS "
        "NULL, c.name, a.id"));
    for (AskedQuestion &question : questions) {
        const Bytes key = keyOf(question.id);
        answer.reset().bindBlob(1, key);
        while (TRY(answer.step())) {
            if (isHeardBy(dayAt(answer, 4), today))
                question.answers.push_back({idAt(answer, 0), same.rootOf(idAt(answer, 1)),
                    TRY(pageName(database, same, idAt(answer, 1), std::string(answer.text(2)))),
                    std::string(answer.text(3))});
        }
    }
    return questions;
}

Result<std::vector<MarketNote>> marketNotes(
    sqlite::Database &database, Day today, const Id &customer)
{
    std::vector<AimedNote> aimed = TRY(aimedNotes(database, today));
    const SameCustomers same = TRY(SameCustomers::read(database));
    const std::vector<Id> rows = customer.empty() ? std::vector<Id>{{}} : same.all(customer);
    const std::string only = customer.empty() ? "" : " AND c.id = ?1";
    const auto each = [&](const std::string &sql, const auto &take) -> Status {
        auto found = TRY(database.prepare(sql + only));
        for (const Id &whose : rows) {
            const Bytes key = keyOf(whose);
            found.reset();
            if (!customer.empty())
                found.bindBlob(1, key);
            while (TRY(found.step()))
                take(MarketNote::Person{same.rootOf(idAt(found, 0)),
                         TRY(pageName(database, same, idAt(found, 0), std::string(found.text(1)))),
                         idAt(found, 2)},
                    found);
        }
        return Status{};
    };
    for (AimedNote &one : aimed) {
        std::map<Id, MarketNote::Person> people;
        const auto add = [&](const MarketNote::Person &person) {
            people.emplace(person.customer, person);
        };
        if (one.item.empty() && one.tag.empty()) {
            TRY_STATUS(each("SELECT c.id, c.name, c.id FROM customer c WHERE 1",
                [&](MarketNote::Person person, const sqlite::Statement &) {
                    person.evidence = one.note.id;
                    add(person);
                }));
        }
        if (!one.item.empty()) {
            TRY_STATUS(each("SELECT c.id, c.name, s.id, s.item FROM sale s JOIN customer c ON c.id "
                            "= s.customer_id WHERE 1",
                [&](const MarketNote::Person &person, const sqlite::Statement &found) {
                    if (holdsWords(std::string(found.text(3)), one.item))
                        add(person);
                }));
        }
        if (!one.tag.empty()) {
            TRY_STATUS(each("SELECT c.id, c.name, t.id, t.tag_id FROM customer_tag t JOIN customer "
                            "c ON c.id = t.customer_id WHERE 1",
                [&](const MarketNote::Person &person, const sqlite::Statement &found) {
                    if (idAt(found, 3) == one.tag)
                        add(person);
                }));
        }
        for (auto &[id, person] : people)
            one.note.people.push_back(std::move(person));
        std::sort(one.note.people.begin(), one.note.people.end(),
            [](const auto &left, const auto &right) {
                return std::tie(left.name, left.customer) < std::tie(right.name, right.customer);
            });
    }
    std::vector<MarketNote> notes;
    for (AimedNote &one : aimed) {
        if (customer.empty() || !one.note.people.empty())
            notes.push_back(std::move(one.note));
    }
    return notes;
}

}  // namespace tend
