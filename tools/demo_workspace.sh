#!/usr/bin/env bash
# demo_workspace.sh DIR: a local server with the demonstration workspace in DIR, an enrolled office replica that
# filled it, and a replica for the app that has fetched it. The server goes on until it is stopped; its process
# number is in DIR/server.pid.
set -euo pipefail
dir=$1
bin=build/release/bin
if [ -f "$dir/server.pid" ] && kill -0 "$(cat "$dir/server.pid")" 2>/dev/null; then
    echo "The demonstration server runs already (process $(cat "$dir/server.pid"))." >&2
    exit 0
fi
is_new=no
if [ ! -d "$dir/server" ]; then
    is_new=yes
    mkdir -p "$dir"
    "$bin/tend-server" init --data "$dir/server" --workspace "Mill Lane Foods" >/dev/null
    for territory in North South; do "$bin/tend-server" territory add "$territory" --data "$dir/server" >/dev/null; done
fi
listen=127.0.0.1:0
[ -f "$dir/address" ] && listen=$(cat "$dir/address")
"$bin/tend-server" serve --data "$dir/server" --listen "$listen" >"$dir/serve.out" 2>"$dir/serve.log" &
echo $! >"$dir/server.pid"
for _ in $(seq 50); do grep -q listening "$dir/serve.out" && break; sleep 0.1; done
sed 's#.*https://##' "$dir/serve.out" >"$dir/address"
if [ "$is_new" = yes ]; then
    invite() { # NAME ROLE [--territory NAME]...
        "$bin/tend-server" invite --data "$dir/server" --name "$1" --role "$2" "${@:3}" --address "$(cat "$dir/address")" --json |
            python3 -c 'import json, sys; print(json.load(sys.stdin)["invitation"])'
    }
    export XDG_STATE_HOME=$PWD/$dir/state
    "$bin/tendctl" --replica "$dir/office.db" --new-key-file "$dir/office.key" join "$(invite "Kim Osei" office)" --device desk
    export TEND_KEY_FILE=$dir/office.key
    "$bin/tendctl" --replica "$dir/office.db" sync # the territories the rows go into
    python3 tools/demo_rows.py "$bin/tendctl" "$dir/office.db"
    "$bin/tendctl" --replica "$dir/office.db" sync
    unset TEND_KEY_FILE
    "$bin/tendctl" --replica "$dir/app.db" --new-key-file "$dir/app.key" join "$(invite "Bo Lind" rep --territory North --territory South)" --device phone
    "$bin/tendctl" --replica "$dir/app.db" --key-file "$dir/app.key" sync
fi
echo "The demonstration workspace is served at https://$(cat "$dir/address"); stop it with: kill $(cat "$dir/server.pid")" >&2
