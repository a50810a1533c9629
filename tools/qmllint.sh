#!/usr/bin/env bash
# Fails when qmllint warns about a page. qmllint.sh SOURCE MODULES
set -eu
cd "$1"
git ls-files -co --exclude-standard 'qml/*.qml' | xargs /usr/lib/qt6/bin/qmllint -I "$2" 2>&1 | tee /dev/stderr | { ! grep -qE '^(Warning|Error)'; }
