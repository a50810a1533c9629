#!/usr/bin/env bash
# Fails when a QML file is not as qmlformat writes it. qmlformat.sh SOURCE
set -eu
cd "$1"
bad=0
for file in $(git ls-files -co --exclude-standard '*.qml'); do
    /usr/lib/qt6/bin/qmlformat "$file" | cmp -s - "$file" || { echo "$file is not formatted" && bad=1; }
done
exit $bad
