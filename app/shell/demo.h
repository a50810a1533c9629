#pragma once

#include <QString>

namespace tend {

// Plays the guided story with two real replicas and a server it starts itself, and saves a numbered
// picture of each step in `directory`. Needs tend-server and tendctl beside this program. Answers
// 0, or 1 after saying on stderr which step did not come about.
[[nodiscard]] int playDemo(const QString &directory);

}  // namespace tend
