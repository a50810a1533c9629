# Sourced by ./dev fuzz [--minutes N]: libFuzzer over what a stranger can send, with ASan and UBSan. New inputs that
# reach further are kept in build/fuzz/corpus; a crasher is left in build/fuzz and belongs into tests/data/fuzz/wire. All
# that libFuzzer said is in build/fuzz/log.
minutes=2
[ "${1:-}" = "--minutes" ] && minutes=$2
build dev tend_messages tend_file_messages
mkdir -p build/fuzz/corpus
say "compiling the fuzz target"
clang++ -std=c++20 -O1 -g -w -fsanitize=fuzzer,address,undefined -I. -Ibuild/dev/sync/generated \
    tests/fuzz/wire.cpp sync/protocol/{body,messages,file_messages,compression,invitation}.cpp sync/domain/{change,ids}.cpp \
    sync/base/{bytes,system_ports}.cpp build/dev/sync/generated/{tend,files}.pb.cc -lprotobuf-lite -lzstd -o build/fuzz/wire
say "fuzzing for $minutes minutes"
(cd build/fuzz && ./wire -max_total_time=$((minutes * 60)) -max_len=4096 -rss_limit_mb=1024 -print_final_stats=1 \
    corpus ../../tests/data/fuzz/wire >log 2>&1) || { grep -A40 -m1 'ERROR:' build/fuzz/log >&2; exit 1; }
tail -8 build/fuzz/log
