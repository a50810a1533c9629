# Sourced by ./dev lint [--all | BASE]: clang-tidy over the Qt-free rooms, clazy over the others, side by side on all
# cores. Without --all only what differs from BASE (default: where this branch left what was pushed), a header by way
# of one source that includes it. Whatever was found is shown at the end.
build dev

# The sources to look at for the changed files on standard input.
lint_sources() {
    while read -r file; do
        case $file in
        *.cpp) echo "$file" ;;
        *.h)
            if [ -f "${file%.h}.cpp" ]; then
                echo "${file%.h}.cpp"
            else
                git grep -l -F "#include \"$file\"" -- '*.cpp' | head -1 || true
            fi
            ;;
        esac
    done | sort -u
}

# lint_one FILE: leaves FILE's findings in build/lint, with a name of its own for each file.
lint_one() {
    local file=$1 out=build/lint/${1//\//_}.txt
    case $file in
    app/models/* | app/platform/* | app/shell/* | app/main.cpp)
        clazy-standalone -p build/dev --checks=level0,level1,qproperty-type-mismatch,use-chrono-in-qtimer,tr-non-literal \
            --extra-arg=-Werror --extra-arg=-Wno-unknown-warning-option "$file" ;;
    *) clang-tidy -p build/dev --quiet --header-filter="^$PWD/(app|sync|server-stub|tests)/" "$file" ;;
    esac >"$out" 2>"$out.errors" && rm -f "$out" "$out.errors" && echo "$file" && return 0
    echo "$file: see below"
    grep -v 'warnings\? .*generated' "$out.errors" >>"$out" || true
    rm -f "$out.errors"
}
export -f lint_one

if [ "${1:-}" = "--all" ]; then
    files=$(git ls-files '*.cpp')
else
    base=${1:-$(git merge-base HEAD '@{upstream}' 2>/dev/null || git merge-base HEAD origin/main 2>/dev/null || echo HEAD~1)}
    files=$(git diff --name-only --diff-filter=d "$base" -- '*.cpp' '*.h' | lint_sources)
fi
rm -rf build/lint
mkdir -p build/lint
for file in $files; do
    grep -qF "\"$PWD/$file\"" build/dev/compile_commands.json && echo "$file"
done | xargs -r -P "$(jobs_count)" -I{} bash -c 'lint_one {}'
if [ -n "$(ls build/lint)" ]; then
    say "found in $(ls build/lint | wc -l) files"
    cat build/lint/*.txt >&2
    exit 1
fi
