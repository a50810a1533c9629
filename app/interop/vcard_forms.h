#pragma once

#include "app/interop/vcard.h"

namespace tend {

// A property of a card as a version writes it: days, positions, numbers, types, and what a firm is.
// What the version has no form for stays as it is.
void toFormOf(CardVersion version, const Card &card, ContentLine &line);

}  // namespace tend
