#pragma once

#include "app/shell/session_factory.h"
#include "tests/support/fake_world.h"

namespace tend {

// The worlds behind openDemonstration(). Invented people and places.
[[nodiscard]] std::shared_ptr<FakeWorld> makeDemonstration(Demonstration which);

}  // namespace tend
