# Dev: what the tests run. Optimised, because ten thousand simulated worlds must fit in minutes,
# with assertions on and line tables for traces.
set(CMAKE_CXX_FLAGS_DEV "-O2 -g1")
set(CMAKE_C_FLAGS_DEV "-O2 -g1")
set(CMAKE_EXE_LINKER_FLAGS_DEV "")

# ENSURE stays on everywhere; RelWithDebInfo only loses the C library's assert.
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
