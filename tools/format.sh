# Sourced by ./dev format.
git ls-files '*.h' '*.cpp' | xargs -r clang-format -i
git ls-files '*.qml' | xargs -r -n1 /usr/lib/qt6/bin/qmlformat -i
