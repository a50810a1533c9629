// radar, retention, why, says, looks, questions, notes.
#include <map>

#include "app/cli/asked.h"
#include "app/cli/evidence_text.h"
#include "app/cli/lines.h"
#include "app/journal/facts_reader.h"
#include "app/journal/looks.h"
#include "app/journal/row_text.h"
#include "app/journal/rule_words.h"
#include "app/journal/voices.h"
#include "app/journal/words.h"

namespace tend::cli {

using namespace replica;

namespace {

Json orNull(const std::optional<Day> &day)
{
    return day ? Json(dayText(*day)) : Json();
}

std::string asked(RadarQuestion question)
{
    switch (question) {
    case RadarQuestion::Measured:
        return "We know how it stands with";
    case RadarQuestion::Relationships:
        return "It is a relationship, not data alone, with";
    case RadarQuestion::TheirTerms:
        return "We know their terms of";
    case RadarQuestion::Planned:
        return "There is a plan to grow it with";
    case RadarQuestion::TheirWord:
        return "We have their own word how they value it of";
    }
    return {};
}

// About everybody, or those whom this replica's member looks after: a replica that is alone has
// nobody else to do it.
Result<Radar> readRadar(OpenReplica &open, Day day, bool isMine)
{
    sqlite::Database &database = open.store->database();
    const Uuid member = open.replica->facts().member;
    std::optional<std::set<Id>> only;
    if (isMine && !member.isNil())
        only = TRY(lookedAfterBy(database, member));
    Radar radar;
    TRY_STATUS(FactsReader(database).forEach([&](const CustomerFacts &facts) -> Status {
        if (!only || only->contains(facts.id))
            addTo(radar, facts, day);
        return {};
    }));
    finish(radar);
    return radar;
}

Status printFigure(const Common &common, const std::string &name, const std::string &says,
    const Radar &radar, const RadarFigure &its)
{
    const int count = static_cast<int>(its.people.size());
    std::optional<int> percent;  // of nobody there is no share
    if (radar.customers > 0)
        percent = count * 100 / radar.customers;
    if (!common.isJson) {
        const std::string share = percent ? ", " + std::to_string(*percent) + " %" : "";
        return printLine(says + " " + std::to_string(count) + " of "
            + std::to_string(radar.customers) + share
            + "  (90 days before: " + std::to_string(its.before.size()) + ")   " + name);
    }
    std::vector<Id> people;
    for (const RadarPerson &person : its.people)
        people.push_back(person.customer);
    return print({{"figure", name}, {"people", count}, {"customers", radar.customers},
        {"percent", percent ? Json(*percent) : Json()}, {"evidence", people},
        {"before", its.before.size()}, {"evidence_before", its.before}});
}

Status printPeople(const Common &common, const RadarFigure &its)
{
    for (const RadarPerson &person : its.people) {
        TRY_STATUS(common.isJson ? print({{"customer", person.customer}, {"name", person.name},
                       {"evidence", person.evidence}})
                                 : printLine(flat(person.name)));
    }
    return {};
}

Status printLines(const Common &common, const std::vector<Json> &found,
    const std::function<std::string(const Json &)> &says, const char *none)
{
    for (const Json &one : found)
        TRY_STATUS(common.isJson ? print(one) : printLine(says(one)));
    return found.empty() && !common.isJson ? printLine(none) : Status{};
}

// What is said of them by these rows, the word first where that is what it rests on.
std::string becauseOf(const CustomerFacts &facts, const RetentionState &its, const Profile &profile)
{
    constexpr std::size_t rowsShown = 3;
    std::vector<std::string> rows;
    for (const Id &row : its.evidence) {
        if (rows.size() < rowsShown)
            rows.push_back(rowText(facts, row));
    }
    return joined(
        {its.state == Retention::AtRisk ? plain(word(profile.standing)) : "", joined(rows, ", ")},
        ": ");
}

std::string textOf(const Json &json, const char *key)
{
    return json.at(key).is_null() ? std::string() : json.at(key).get<std::string>();
}

std::string labelled(
    const Json &json, std::initializer_list<std::pair<const char *, const char *>> parts)
{
    std::string text;
    for (const auto &[key, label] : parts) {
        if (!textOf(json, key).empty())
            text += std::string("\n    ") + label + flat(textOf(json, key));
    }
    return text;
}

}  // namespace

Status radar(const Common &common, const std::string &figure, const std::string &on, bool isMine)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Radar found = TRY(readRadar(*open, TRY(dayGiven(*open, on)), isMine));
    bool isKnown = figure.empty();
    for (std::size_t i = 0; i < found.figures.size(); ++i) {
        const auto question = static_cast<RadarQuestion>(i);
        const RadarFigure &its = found.figures.at(i);
        if (figure.empty())
            TRY_STATUS(printFigure(common, word(question), asked(question), found, its));
        if (figure != word(question))
            continue;
        isKnown = true;
        TRY_STATUS(printPeople(common, its));
    }
    return isKnown ? Status{}
                   : Status{fail(ErrorCode::Invalid,
                       "'" + figure
                           + "' is no figure; there are measured, relationships, their_terms, "
                             "planned, their_word")};
}

Status retention(const Common &common, const std::string &on)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Day day = TRY(dayGiven(*open, on));
    std::map<Retention, std::vector<std::pair<Json, std::string>>> people;  // and why
    std::map<std::string, std::map<std::string, std::vector<Id>>> years;  // losses by reason
    TRY_STATUS(
        FactsReader(open->store->database()).forEach([&](const CustomerFacts &facts) -> Status {
            const RetentionState its = retentionOf(facts, day);
            Json reasons = Json::array();
            for (const LossReason reason : its.reasons)
                reasons.push_back(word(reason));
            for (const LossFact &loss : asOf(facts, day).losses)
                years[dayText(loss.onDay).substr(0, 4)][word(loss.reason)].push_back(loss.id);
            if (its.state != Retention::None)
                people[its.state].emplace_back(
                    Json{{"customer", facts.id}, {"name", facts.name}, {"state", word(its.state)},
                        {"reasons", reasons}, {"evidence", its.evidence}},
                    becauseOf(facts, its, profileOf(facts, day)));
            return {};
        }));
    for (auto &[state, rows] : people) {
        std::sort(rows.begin(), rows.end(), [](const auto &one, const auto &other) {
            return std::pair(one.first["name"], one.first["customer"])
                < std::pair(other.first["name"], other.first["customer"]);
        });
        if (!common.isJson)
            TRY_STATUS(printLine(plain(word(state)) + ": " + std::to_string(rows.size())));
        for (const auto &[row, because] : rows) {
            if (common.isJson) {
                TRY_STATUS(print(row));
            } else if (state != Retention::Staying) {
                TRY_STATUS(printLine("  " + flat(textOf(row, "name")) + "  " + because));
            }
        }
    }
    for (const auto &[year, reasons] : years) {
        for (const auto &[reason, losses] : reasons)
            TRY_STATUS(common.isJson
                    ? print({{"year", year}, {"reason", reason}, {"losses", losses.size()},
                        {"evidence", losses}})
                    : printLine(year + "  " + reason + ": " + std::to_string(losses.size())));
    }
    return {};
}

Status why(const Common &common, const std::string &words, const std::string &on)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    std::vector<Json> found;
    for (const BuyingCard &card :
        TRY(buyingCards(open->store->database(), TRY(dayGiven(*open, on)), words)))
        found.push_back({{"customer", card.customer}, {"name", card.name}, {"where", card.where},
            {"why", card.why}, {"would_change", card.wouldChange}, {"said_on", orNull(card.saidOn)},
            {"evidence", card.id}});
    return printLines(
        common, found,
        [](const Json &card) {
            return flat(textOf(card, "name")) + "  " + textOf(card, "said_on")
                + labelled(card,
                    {{"where", "buys: "}, {"why", "why: "}, {"would_change", "would change: "}});
        },
        "Nobody said so.");
}

Status says(const Common &common, const std::string &customer, const std::string &on)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Id whose = TRY(customerOpened(*open, customer));
    std::vector<Json> found;
    for (const ClientSays &said :
        TRY(whatClientSays(open->store->database(), whose, TRY(dayGiven(*open, on)))))
        found.push_back(
            {{"said_on", orNull(said.saidOn)}, {"wants", said.wants}, {"worth", said.worth},
                {"delivered", said.delivered}, {"at_all", said.atAll}, {"evidence", said.id}});
    return printLines(
        common, found,
        [](const Json &said) {
            return (said["said_on"].is_null() ? "some day" : textOf(said, "said_on"))
                + labelled(said,
                    {{"wants", "wants: "}, {"worth", "worth: "}, {"delivered", "how: "},
                        {"at_all", "at all: "}});
        },
        "They were not asked yet.");
}

Status looks(const Common &common, const std::string &customer)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    std::vector<Json> found;
    for (const Look &look :
        TRY(looksAt(*open->store, *open->replica, TRY(customerNamed(*open, customer)))))
        found.push_back({{"on", dayText(look.on)}, {"by", look.by}, {"role", look.role},
            {"evidence", look.evidence}});
    return printLines(
        common, found,
        [](const Json &look) {
            const std::string role = textOf(look, "role");
            return textOf(look, "on") + "  " + flat(textOf(look, "by"))
                + (role.empty() ? "" : " (" + role + ")");
        },
        "Nobody looked who does not look after them.");
}

Status questions(const Common &common, const std::string &on)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    std::vector<Json> found;
    for (const AskedQuestion &question :
        TRY(askedQuestions(open->store->database(), TRY(dayGiven(*open, on))))) {
        Json answers = Json::array();
        for (const Answer &answer : question.answers)
            answers.push_back({{"answer", answer.id}, {"customer", answer.customer},
                {"name", answer.name}, {"words", answer.words}});
        found.push_back({{"question", question.id}, {"words", question.words},
            {"current", question.isCurrent}, {"answers", answers}});
    }
    return printLines(
        common, found,
        [](const Json &question) {
            std::string text = flat(textOf(question, "words"))
                + (question["current"].get<bool>() ? "  (now)" : "") + "  "
                + std::to_string(question["answers"].size())
                + (question["answers"].size() == 1 ? " answer" : " answers");
            for (const Json &answer : question["answers"])
                text += "\n    "
                    + (textOf(answer, "name").empty() ? "somebody" : flat(textOf(answer, "name")))
                    + ": \"" + flat(textOf(answer, "words")) + "\"";
            return text;
        },
        "Nothing is asked.");
}

Status notes(const Common &common, const std::string &customer, const std::string &on)
{
    const auto open = TRY(openReplicaFile(common.replica, common.key, WhenMissing::Fail));
    const Day day = TRY(dayGiven(*open, on));
    const Id whose = customer.empty() ? Id{} : TRY(customerOpened(*open, customer));
    std::vector<Json> found;
    for (const MarketNote &note : TRY(marketNotes(open->store->database(), day, whose))) {
        Json people = Json::array();
        for (const MarketNote::Person &person : note.people)
            people.push_back({{"customer", person.customer}, {"name", person.name},
                {"evidence", person.evidence}});
        found.push_back({{"note", note.id}, {"words", note.words},
            {"until_on", orNull(note.untilOn)}, {"people", people}});
    }
    return printLines(
        common, found,
        [](const Json &note) {
            std::string text = flat(textOf(note, "words"));
            for (const Json &person : note["people"])
                text += "\n    " + flat(textOf(person, "name"));
            return text;
        },
        "There is no note.");
}

}  // namespace tend::cli
