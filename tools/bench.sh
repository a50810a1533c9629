# Sourced by ./dev bench.
mkdir -p build/bench
python3 tools/bench.py build/release build/bench/results.json
say "written to $PWD/build/bench/results.json"
