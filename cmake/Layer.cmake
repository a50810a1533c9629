# add_layer(<name> [INTERFACE] SOURCES ... USES ... [HIDES ...]): one room, one target.
# USES are what the room's headers show to those who link it, HIDES what only its sources need.
function(add_layer name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "INTERFACE" "" "SOURCES;USES;HIDES")
    if(arg_INTERFACE)
        add_library(${name} INTERFACE)
        set(scope INTERFACE)
    else()
        add_library(${name} STATIC ${arg_SOURCES})
        set(scope PUBLIC)
        tend_flags(${name})
        target_link_libraries(${name} PRIVATE ${arg_HIDES})
    endif()
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
    target_compile_features(${name} ${scope} cxx_std_20)
    target_include_directories(${name} ${scope} "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${name} ${scope} ${arg_USES})
endfunction()

# The project's warnings and, where asked, sanitizers. Fetched and generated code gets neither.
function(tend_flags target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
        -Wnon-virtual-dtor -Wold-style-cast
        # gcc 12 sees uninitialised optionals in the statement expression of TRY where there are none.
        -Wno-maybe-uninitialized -Werror=return-type -Werror=unused-result)
    if(TEND_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    if(TEND_SANITIZE)
        target_compile_options(${target} PRIVATE -fsanitize=${TEND_SANITIZE}
            -fno-omit-frame-pointer -fno-sanitize-recover=all)
        target_link_options(${target} PUBLIC -fsanitize=${TEND_SANITIZE})
    endif()
endfunction()

# add_program(<name> SOURCES ... USES ...): an executable in bin/.
function(add_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES")
    add_executable(${name} ${arg_SOURCES})
    tend_flags(${name})
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
    target_compile_features(${name} PRIVATE cxx_std_20)
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${name} PRIVATE ${arg_USES})
endfunction()
