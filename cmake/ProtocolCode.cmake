# protocol_code(<target> <file.proto>): a static library of generated messages, without our warnings.
function(protocol_code target proto)
    get_filename_component(source "${proto}" ABSOLUTE)
    get_filename_component(stem "${proto}" NAME_WE)
    get_filename_component(folder "${source}" DIRECTORY)
    set(out "${CMAKE_CURRENT_BINARY_DIR}/generated")
    file(MAKE_DIRECTORY "${out}")
    add_custom_command(OUTPUT "${out}/${stem}.pb.cc" "${out}/${stem}.pb.h"
        COMMAND protobuf::protoc --cpp_out=${out} -I${folder} ${source}
        DEPENDS "${source}" VERBATIM)
    add_library(${target} STATIC "${out}/${stem}.pb.cc" "${out}/${stem}.pb.h")
    set_target_properties(${target} PROPERTIES AUTOMOC OFF)
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_compile_options(${target} PRIVATE -w)
    target_include_directories(${target} SYSTEM PUBLIC "${out}")
    target_link_libraries(${target} PUBLIC protobuf::libprotobuf-lite)
endfunction()
