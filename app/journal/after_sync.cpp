#include "app/journal/after_sync.h"

#include "app/journal/kept_alive.h"
#include "app/journal/search.h"
#include "app/journal/today_index.h"

namespace tend {

replica::Result<std::size_t> afterSync(replica::SqliteStore &store, replica::Replica &replica)
{
    const std::size_t cameBack = TRY(bringBackWhatWordsHangOn(store, replica));
    TRY_STATUS(SearchIndex(store.database()).tidy());
    TRY_STATUS(TodayIndex(store.database()).tidy());
    return cameBack;
}

}  // namespace tend
