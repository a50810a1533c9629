# embed_text(<target> <namespace> <name> <file>): makes <file> a std::string_view constant
# <namespace>::<name>, declared in "embedded/<name>.h". The build follows changes of the file.
function(embed_text target namespace name file)
    set(directory "${CMAKE_CURRENT_BINARY_DIR}/embedded")
    set(header "${directory}/${name}.h")
    get_filename_component(source "${file}" ABSOLUTE)
    add_custom_command(OUTPUT "${header}"
        COMMAND ${CMAKE_COMMAND} -DSOURCE=${source} -DHEADER=${header} -DNAMESPACE=${namespace}
            -DNAME=${name} -P "${PROJECT_SOURCE_DIR}/cmake/EmbedTextScript.cmake"
        DEPENDS "${source}" "${PROJECT_SOURCE_DIR}/cmake/EmbedTextScript.cmake"
        VERBATIM)
    target_sources(${target} PRIVATE "${header}")
    target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}")
endfunction()
