#pragma once

#include <array>

#include "app/journal/profile.h"

namespace tend {

// What the team asks itself about all customers together, each a figure that opens the people
// behind it: docs/RULES.md. Pure: any thread, no clock.
enum class RadarQuestion {
    Measured,  // do we know how it stands?
    Relationships,  // relationships or data?
    TheirTerms,  // in our terms or theirs?
    Planned,  // is there a plan to grow it?
    TheirWord  // do they value it, and how do we know?
};

struct RadarPerson {
    Id customer;
    std::string name;
    std::vector<Id> evidence;  // never empty
};

struct RadarFigure {
    std::vector<RadarPerson> people;  // by name and id; the figure is their number
    std::vector<Id> before;  // who they were 90 days earlier, by id
};

struct Radar {
    int customers = 0;
    std::array<RadarFigure, 5> figures;  // in the order of RadarQuestion
};

// Counts one customer more.
void addTo(Radar &radar, const CustomerFacts &facts, Day on);
// Once after the last.
void finish(Radar &radar);

}  // namespace tend
