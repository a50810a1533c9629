#pragma once

#include "app/models/async_journal.h"
#include "app/models/calendar.h"
#include "app/models/words.h"

namespace tend {

// What all view models of one window share. Lives on the user interface's thread.
struct PageContext {
    AsyncJournal &journal;
    Calendar calendar;
    Words::Device device = Words::Device::Phone;
    SyncState sync;  // as last reported
};

}  // namespace tend
