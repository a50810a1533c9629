#pragma once

#include <chrono>

#include "app/models/async_journal.h"
#include "app/models/calendar.h"
#include "app/models/words.h"

namespace tend {

// How long what is typed may stay out of the journal: with the writing itself well below the half
// second that a crash may cost.
constexpr std::chrono::milliseconds draftPause{150};

// What all view models of one window share. Lives on the user interface's thread.
struct PageContext {
    AsyncJournal &journal;
    Calendar calendar;
    Words::Device device = Words::Device::Phone;
    SyncState sync;  // as last reported
};

}  // namespace tend
