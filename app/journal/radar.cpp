#include "app/journal/radar.h"

#include <algorithm>
#include <tuple>

namespace tend {

namespace {

constexpr int beforeDays = 90;

// For each question the rows by which this customer answers to it; none: does not.
std::array<std::vector<Id>, 5> answersOf(const CustomerFacts &facts, Day on)
{
    const CustomerFacts now = asOf(facts, on);
    const Profile profile = profileOf(facts, on);
    std::array<std::vector<Id>, 5> rows;
    for (const Signal &signal : profile.parts) {
        if (signal.value && profile.standing != Standing::NotEnoughKnown
            && profile.standing != Standing::DataOnly)
            rows[0].insert(rows[0].end(), signal.evidence.begin(), signal.evidence.end());
        if (signal.value && signal.kind == SignalKind::Rating)
            rows[4] = signal.evidence;
    }
    for (const VisitFact &visit : now.visits) {
        if (isTwoWay(visit))
            rows[1] = {visit.id};
    }
    for (const TermsFact &terms : now.terms) {
        if (terms.isTheirs)
            rows[2].push_back(terms.id);
    }
    rows[3] = now.activePlans;
    return rows;
}

}  // namespace

void addTo(Radar &radar, const CustomerFacts &facts, Day on)
{
    ++radar.customers;
    auto now = answersOf(facts, on);
    const auto before = answersOf(facts, daysLater(on, -beforeDays));
    for (std::size_t i = 0; i < now.size(); ++i) {
        RadarFigure &figure = radar.figures.at(i);
        if (!before.at(i).empty())
            figure.before.push_back(facts.id);
        if (!now.at(i).empty())
            figure.people.push_back({facts.id, facts.name, std::move(now.at(i))});
    }
}

void finish(Radar &radar)
{
    for (RadarFigure &figure : radar.figures) {
        std::sort(figure.before.begin(), figure.before.end());
        std::sort(figure.people.begin(), figure.people.end(),
            [](const RadarPerson &one, const RadarPerson &other) {
                return std::tie(one.name, one.customer) < std::tie(other.name, other.customer);
            });
    }
}

}  // namespace tend
