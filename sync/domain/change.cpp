#include "sync/domain/change.h"

#include <algorithm>
#include <tuple>

#include "sync/base/mutant.h"

namespace replica {

bool sees(const GroupHeader &later, const GroupHeader &earlier)
{
    if (later.id.device == earlier.id.device && later.id.incarnation == earlier.id.incarnation)
        return later.id.counter > earlier.id.counter;
    if (earlier.sequence != Sequence{0} && earlier.sequence <= later.base)
        return true;
    return std::any_of(later.alsoSeen.begin(), later.alsoSeen.end(), [&](const GroupId &seen) {
        return seen.device == earlier.id.device && seen.incarnation == earlier.id.incarnation
            && seen.counter >= earlier.id.counter;
    });
}

bool wins(const GroupHeader &one, const GroupHeader &other)
{
    if (MUTANT(no_tiebreak))
        return one.stamp >= other.stamp;
    return std::tie(one.stamp, one.id) > std::tie(other.stamp, other.id);
}

}  // namespace replica
