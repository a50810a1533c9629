# Sourced by ./dev fuzz [--minutes N]: libFuzzer over what a stranger can send (wire) and files of other programs (interop),
# with ASan and UBSan, half of the time each. New inputs that reach further are kept in build/fuzz/corpus-*; a crasher is left
# in build/fuzz and belongs into tests/data/fuzz. All that libFuzzer said is in build/fuzz/log-*.
minutes=2
[ "${1:-}" = "--minutes" ] && minutes=$2
build dev tend_messages tend_file_messages
mkdir -p build/fuzz
compile=(clang++ -std=c++20 -O1 -g -w -fsanitize=fuzzer,address,undefined -I. -Ibuild/dev/sync/generated -Ibuild/dev/app)
below=(sync/domain/{change,ids}.cpp sync/base/{bytes,system_ports}.cpp)
say "compiling the fuzz targets"
"${compile[@]}" tests/fuzz/wire.cpp sync/protocol/{body,messages,file_messages,compression,invitation}.cpp "${below[@]}" \
    build/dev/sync/generated/{tend,files}.pb.cc -lprotobuf-lite -lzstd -o build/fuzz/wire
"${compile[@]}" tests/fuzz/interop.cpp app/interop/{text_input,content_lines,vcard,vcard_forms,vcard_writing,card_contact}.cpp \
    app/interop/{csv,csv_mapping,csv_presets,json_text,calendar_addressees,calendar_parts,calendar_component,calendar_zones}.cpp app/journal/row_text.cpp "${below[@]}" \
    -lcsv -luchardet -lical -licui18n -licuuc -o build/fuzz/interop
for target in wire interop; do
    mkdir -p "build/fuzz/corpus-$target"
    say "fuzzing $target for $((minutes * 30)) seconds"
    (cd build/fuzz && "./$target" -max_total_time=$((minutes * 30)) -max_len=4096 -rss_limit_mb=1024 -print_final_stats=1 \
        "corpus-$target" "../../tests/data/fuzz/$target" >"log-$target" 2>&1) || { grep -A40 -m1 'ERROR:' "build/fuzz/log-$target" >&2; exit 1; }
    tail -8 "build/fuzz/log-$target"
done
