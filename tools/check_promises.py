"""docs/testing/promises.md and the tests name each other: none is named that is not there, none with a number is left out.

    check_promises.py ROOT
"""
import pathlib
import re
import sys

NUMBERED = r"(?:P1_\d+|[A-Z]\d+)_\w+"


def tests_in(root):
    """(every function of a test, those with a number)"""
    found = set()
    for path in (root / "tests").rglob("*"):
        if path.suffix == ".cpp":
            found |= set(re.findall(r"^    void (\w+)\(\)", path.read_text(encoding="utf-8"), re.M))
        elif path.suffix == ".qml":
            found |= set(re.findall(r"function (test_\w+)\(", path.read_text(encoding="utf-8")))
    found = {name for name in found if not name.endswith("_data")}
    return found, {name for name in found if re.fullmatch("(?:test_)?" + NUMBERED, name)}


def main(root):
    page = root / "docs" / "testing" / "promises.md"
    named = re.findall(r"`(\w+)`", page.read_text(encoding="utf-8"))
    commands = set(re.findall(r"add_test\(NAME (\w+)", (root / "tests" / "CMakeLists.txt").read_text(encoding="utf-8")))
    there, numbered = tests_in(root)
    # The page also names the letter of a promise's own tests.
    wrong = [f"{name} is named and is no test" for name in named
             if name not in there and name not in commands and name != "P1_n"]
    wrong += [f"{name} is a test and not named" for name in sorted(numbered - set(named))]
    for line in wrong:
        print(f"{page.relative_to(root)}: {line}")
    assert len(numbered) > 50, "where are the tests?"
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
