#pragma once

#include "sync/schema/schema.h"

namespace tend {

// The declaration of Tend's tables, from tables.json. Any thread.
[[nodiscard]] const replica::Schema &journalSchema();

}  // namespace tend
