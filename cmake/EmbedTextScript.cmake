# Writes HEADER: the text of SOURCE as NAMESPACE::NAME. Split in pieces, because a string literal
# has a length that compilers need not exceed.
file(READ "${SOURCE}" text)
string(LENGTH "${text}" length)
set(literal "")
set(at 0)
while(at LESS length)
    string(SUBSTRING "${text}" ${at} 4000 piece)
    string(APPEND literal "R\"tend__(${piece})tend__\"\n")
    math(EXPR at "${at} + 4000")
endwhile()
file(WRITE "${HEADER}" "#pragma once\n\n#include <string_view>\n\nnamespace ${NAMESPACE} {\n\n"
    "inline constexpr std::string_view ${NAME} =\n${literal};\n\n}  // namespace ${NAMESPACE}\n")
