# Sourced by ./dev test. What it holds is listed in docs/TESTING.md.
if [ "${1:-}" = "--tsan" ]; then
    build tsan
    say "tests under ThreadSanitizer"
    TSAN_OPTIONS="halt_on_error=1 suppressions=$PWD/tests/tsan.supp" ctest --test-dir build/tsan --output-on-failure -j 2 -L 'unit|contract'
    return 0
fi
say "format"
git ls-files '*.h' '*.cpp' | xargs -r clang-format --dry-run --Werror
build dev
say "tests"
QT_QPA_PLATFORM=offscreen ctest --test-dir build/dev --output-on-failure -j 2
build asan
say "tests under AddressSanitizer and UndefinedBehaviorSanitizer"
ASAN_OPTIONS="detect_leaks=1" ctest --test-dir build/asan --output-on-failure -j 2 -L 'unit|contract'
