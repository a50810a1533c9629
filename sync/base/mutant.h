#pragma once

// Planted faults, for one purpose: to show that the simulation finds them. MUTANT(name) is false
// and costs nothing, except in the simulator's own build of these sources, where one of them can be
// switched on.
#ifdef TEND_MUTANTS
#include <string_view>

namespace replica {

inline std::string_view activeMutant;

}  // namespace replica

#define MUTANT(name) (::replica::activeMutant == #name)
#else
#define MUTANT(name) false
#endif
