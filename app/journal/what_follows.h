#pragma once

#include <optional>

#include "app/journal/journal.h"
#include "sync/domain/change.h"
#include "sync/domain/ids.h"
#include "sync/records/records.h"

// What nobody has to write because it follows from what they wrote: docs/RULES.md, "What is added
// by itself". Asked on the device where a row is written; what arrives or is imported stays as it
// is.
namespace tend {

// A new row says who of us it is of, where its writer gave nothing there. Nothing is added for
// `member` nil, on a replica that is alone.
void sign(replica::Change &change, const replica::Uuid &member);

// A new visit is of the day it was where the device is when it began, or now; one whose beginning
// is corrected goes to that day, where it stood on the day of its old one. What its writer gave
// stays. Errors: of the database.
[[nodiscard]] Status dateVisit(
    replica::Records &records, replica::Change &change, replica::WallTime now);

// A new remark or circumstance of a private visit is as private as that, where its writer gave
// nothing there; whom it is passed on or opened to may see it all the same. Errors: of the
// database.
[[nodiscard]] Status keepPrivate(replica::Records &records, replica::Change &change);

// A need that becomes given was given today, where nobody says when. Errors: of the database.
[[nodiscard]] Status dateGiven(replica::Records &records, replica::Change &change, Day today);

// A group visit that names nobody belongs to the first who is said to have been there: whoever may
// see them may see it. To be committed with the change, in one group. Nothing where the change says
// no such thing, or the visit belongs somewhere already. Errors: of the database.
[[nodiscard]] replica::Result<std::optional<replica::Change>> hostOfGroup(
    replica::Records &records, const replica::Change &change);

// Help that a customer asked for in this visit is a promise of ours, with a day; where the visit
// turns out to be another customer's, its promise goes with it. Nothing where the change says no
// such thing, nobody knows who asked, or it was promised already. To be committed
// with the change, in one group. Errors: of the database.
[[nodiscard]] replica::Result<std::optional<replica::Change>> promiseOfHelp(
    replica::Records &records, const replica::Change &change, const replica::Uuid &member,
    replica::WallTime now);

}  // namespace tend
