#pragma once

#include <iosfwd>

#include "sync/store/replica.h"

namespace replica {

// The rescue file: what no server has accepted yet, group by group as it was made, so that a day's
// work can leave a broken device and be laid into another replica. Layout, all numbers least
// significant octet first: the line "TEND RESCUE 1\n"; for each part 4 octets of length and a
// PushRequest; 4 octets of zero; SHA-256 of everything before. Files may follow, see
// sync/files/rescued_files.h. It is not encrypted.
[[nodiscard]] Result<Bytes> makeRescue(Replica &replica);

struct Rescued {
    std::size_t laidIn = 0;  // groups
    std::size_t known = 0;  // here already, or laid in before
    std::size_t homeless = 0;  // change rows that are not here
};

// Whether it begins as one does, and whether it is whole. Each reads from the beginning. Errors:
// Invalid.
[[nodiscard]] bool isRescue(std::istream &from);
[[nodiscard]] Status checkRescue(std::istream &from);

// Commits each group as an action of this replica, unless it knows it: as it stood, for its author
// was held to what may be written when it was made. The same file a second time changes nothing.
// Reads no further than to the end of the rows. Errors: Invalid when it is no rescue file, or not
// all of one.
[[nodiscard]] Result<Rescued> layIn(Replica &replica, std::istream &rescue);

}  // namespace replica
