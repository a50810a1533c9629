#include "app/journal/tables.h"

#include "embedded/tables_json.h"
#include "sync/base/ensure.h"

namespace tend {

const replica::Schema &journalSchema()
{
    static const replica::Schema schema = [] {
        auto parsed = replica::Schema::parse(embedded::tables_json);
        ENSURE(parsed.has_value());  // part of this program, and tested
        return *std::move(parsed);
    }();
    return schema;
}

}  // namespace tend
