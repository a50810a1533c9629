#pragma once

#include <filesystem>

#include "app/journal/session.h"

namespace tend {

// What the program opens. Called once per start; the OpenSession it answers is run on the worker.
// The key lies in `keyFile`, or where it is empty in the file TEND_KEY_FILE names, else in the key
// file of earlier starts, else in the keychain.
// Errors of the opened session: NotFound, Busy, Corrupt, TooNew, Unauthorized (no key), Io.
[[nodiscard]] OpenSession openReplica(
    const std::filesystem::path &file, const std::filesystem::path &keyFile = {});

// A replica for pictures and the self-test, filled so that one state of the app can be seen.
// Deterministic, lives in memory, and its clock stands at demonstrationNow().
enum class Demonstration {
    FieldRep,  // offline, three notes wait, one conflict, one merge
    InStep,  // the same people, everything on the server
    FirstStart,  // no server, nobody added
    NobodyWaits,  // customers, and no reason to go anywhere
    OutOfStep,  // the server no longer knows this device; one note was refused
    FarAway,  // long names, long words, Arabic
};
[[nodiscard]] OpenSession openDemonstration(Demonstration which);
// Thursday 11 June 2026, 14:20 UTC.
[[nodiscard]] WallTime demonstrationNow();
// The customer whose page is worth a picture.
[[nodiscard]] Id demonstrationCustomer();

}  // namespace tend
