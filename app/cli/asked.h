#pragma once

#include "app/journal/journal.h"
#include "app/session/open_replica.h"

// What the words of a call mean in this replica.
namespace tend::cli {

// Empty: today where this machine is. Errors: Invalid.
[[nodiscard]] replica::Result<Day> dayGiven(OpenReplica &open, const std::string &text);
// Of rows that are one person the root's, or the row that was named.
enum class Named { Person, Row };

// By id, or by a name that only one has; a beginning of it will do. Errors: NotFound, Invalid
// naming those it could be.
[[nodiscard]] replica::Result<Id> customerNamed(
    OpenReplica &open, const std::string &wanted, Named named = Named::Person);

// And their page is opened: those who look after them can see that. It is read also where that
// cannot be noted. Errors: as of customerNamed().
[[nodiscard]] replica::Result<Id> customerOpened(OpenReplica &open, const std::string &wanted);

}  // namespace tend::cli
