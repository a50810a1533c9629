# Sourced by ./dev lint: clang-tidy over the Qt-free rooms, clazy over the others.
build dev
if [ "${1:-}" = "--all" ]; then
    files=$(git ls-files '*.cpp')
else
    files=$(git diff --name-only --diff-filter=d "${1:-HEAD~1}" -- '*.cpp')
fi
for file in $files; do
    grep -q "\"$PWD/$file\"" build/dev/compile_commands.json || continue
    echo "$file"
    case $file in
    app/models/* | app/platform/* | app/shell/* | app/main.cpp)
        clazy-standalone -p build/dev --checks=level0,level1,qproperty-type-mismatch,use-chrono-in-qtimer,tr-non-literal \
            --extra-arg=-Werror "$file" ;;
    *) clang-tidy -p build/dev --quiet "$file" ;;
    esac
done
