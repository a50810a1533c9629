#pragma once

namespace tend {

// The whole program after main(): options, application, window. Answers the exit code: 0, 1 when
// something failed, 2 for options it does not know.
[[nodiscard]] int runProgram(int argc, char **argv);

}  // namespace tend
