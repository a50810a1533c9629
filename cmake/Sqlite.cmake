# tend::sqlite: SQLite3 Multiple Ciphers' amalgamation, fetched once into a cache of the user's and
# checked against pinned hashes; never part of this repository. TEND_SQLITE=system takes the system's
# SQLite instead, which cannot encrypt. See docs/decisions/0003-sqlite3mc.md.
set(package "better-sqlite3-multiple-ciphers")
set(package_version "12.11.1")
set(hash_sqlite3.c 670d8d053176b53a68073b168f8e68fb72db67bdf964a0eb130338e9391198b9)
set(hash_sqlite3.h 8270c30673c9dccb08f0516ae63b64f898a09bc92b76d850cd912b0c1461dbe5)

if(TEND_SQLITE STREQUAL "system")
    find_package(SQLite3 REQUIRED)
    add_library(tend_sqlite INTERFACE)
    target_link_libraries(tend_sqlite INTERFACE SQLite::SQLite3)
    add_library(tend::sqlite ALIAS tend_sqlite)
    return()
endif()

if(DEFINED ENV{XDG_CACHE_HOME})
    set(cache "$ENV{XDG_CACHE_HOME}/tend-build")
else()
    set(cache "$ENV{HOME}/.cache/tend-build")
endif()
set(sqlite_dir "${cache}/${package}-${package_version}")

function(sqlite_is_intact result)
    set(${result} TRUE PARENT_SCOPE)
    foreach(name sqlite3.c sqlite3.h)
        if(EXISTS "${sqlite_dir}/${name}")
            file(SHA256 "${sqlite_dir}/${name}" hash)
        else()
            set(hash "missing")
        endif()
        if(NOT hash STREQUAL "${hash_${name}}")
            set(${result} FALSE PARENT_SCOPE)
        endif()
    endforeach()
endfunction()

sqlite_is_intact(intact)
if(NOT intact)
    find_program(NPM npm REQUIRED)
    set(work "${CMAKE_BINARY_DIR}/fetch-sqlite")
    file(REMOVE_RECURSE "${work}")
    file(MAKE_DIRECTORY "${work}" "${sqlite_dir}")
    message(STATUS "Fetching ${package} ${package_version} from the npm registry")
    execute_process(COMMAND ${NPM} pack --loglevel=error "${package}@${package_version}"
        WORKING_DIRECTORY "${work}" RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
    if(NOT code EQUAL 0)
        message(FATAL_ERROR "npm pack ${package}@${package_version} failed: ${out}\n"
            "Check the network, or configure with -DTEND_SQLITE=system for plain replicas.")
    endif()
    file(GLOB archive "${work}/*.tgz")
    file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION "${work}" PATTERNS "package/deps/sqlite3/*")
    foreach(name sqlite3.c sqlite3.h)
        file(COPY "${work}/package/deps/sqlite3/${name}" DESTINATION "${sqlite_dir}")
    endforeach()
    sqlite_is_intact(intact)
    if(NOT intact)
        file(REMOVE_RECURSE "${sqlite_dir}")
        message(FATAL_ERROR "${package} ${package_version}: the fetched source does not have the pinned hash")
    endif()
endif()

# Not instrumented by any preset: it is not ours to judge, and 80 s of compiler time buys nothing twice.
add_library(tend_sqlite STATIC "${sqlite_dir}/sqlite3.c")
add_library(tend::sqlite ALIAS tend_sqlite)
set_target_properties(tend_sqlite PROPERTIES AUTOMOC OFF)
target_include_directories(tend_sqlite SYSTEM PUBLIC "${sqlite_dir}")
target_compile_options(tend_sqlite PRIVATE -O2 -g0 -w -msse4.2 -maes)
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set_property(TARGET tend_sqlite PROPERTY COMPILE_OPTIONS -O2 -g0 -w)
endif()
target_compile_definitions(tend_sqlite
    PUBLIC TEND_HAS_CIPHERS=1
    PRIVATE SQLITE_THREADSAFE=1 SQLITE_DQS=0 SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_LIKE_DOESNT_MATCH_BLOBS
        SQLITE_MAX_EXPR_DEPTH=0 SQLITE_OMIT_DEPRECATED SQLITE_OMIT_SHARED_CACHE SQLITE_ENABLE_FTS5
        SQLITE_ENABLE_DBSTAT_VTAB SQLITE_ENABLE_STMT_SCANSTATUS=0 SQLITE_TEMP_STORE=2 SQLITE_DEFAULT_CACHE_SIZE=-8000
        SQLITE3MC_USE_MINIZ=0)
target_link_libraries(tend_sqlite PUBLIC Threads::Threads ${CMAKE_DL_LIBS} m)
