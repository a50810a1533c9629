# Sourced by ./dev sim [--long --minutes N]. Long runs go on from the last seed played and leave a line each.
sim=build/dev/tests/tend-sim
if [ "${1:-}" != "--long" ]; then
    $sim --seeds 2000
    $sim --seeds 100 --store sqlite
    return 0
fi
minutes=10
[ "${2:-}" = "--minutes" ] && minutes=$3
mkdir -p docs/testing
runs=docs/testing/runs.csv
[ -f "$runs" ] || echo "commit,date,store,from,seeds,seconds,failures" >"$runs"
for store in memory sqlite; do
    from=$(awk -F, -v s="$store" '$3 == s { next_seed = $4 + $5 } END { print next_seed ? next_seed : 100001 }' "$runs")
    share=$minutes
    [ "$store" = sqlite ] && share=$(((minutes + 3) / 4))
    out=$($sim --store "$store" --from "$from" --seeds 100000000 --minutes "$share" | tee /dev/stderr | tail -1) || true
    echo "$out" | awk -v c="$(git rev-parse --short HEAD)" -v d="$(date -u +%F)" -v s="$store" -v f="$from" \
        '{ print c "," d "," s "," f "," $2 "," $10 "," $4 }' >>"$runs"
done
tail -2 "$runs"
