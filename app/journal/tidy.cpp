#include "app/journal/tidy.h"

#include "app/journal/search.h"
#include "app/journal/today_index.h"

namespace tend {

replica::Status tidyIndexes(replica::sqlite::Database &database)
{
    TRY_STATUS(SearchIndex(database).tidy());
    return TodayIndex(database).tidy();
}

}  // namespace tend
