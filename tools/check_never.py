#!/usr/bin/env python3
"""Fail when the product does what it never does: docs/RULES.md, "Never".

    check_never.py ROOT          look at the sources
    check_never.py --self-test   plant each fault and see it found

A string is what stands in quotes in app/ and qml/. Comments may say what they like.
"""
import pathlib
import re
import sys

STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
INCLUDE = re.compile(r"^\s*#\s*include[^\n]*", re.M)

# No text claims that software manages a relationship, scores people or sends by itself.
WORDS = [
    (r"\bmanag\w*\b[^.]{0,30}\b(relation|customer|client)", "claims to manage a relationship"),
    (r"\b(relation|customer|client)\w*\b[^.]{0,20}\bmanag(e|ing|ement)\b", "claims to manage a relationship"),
    (r"\bCRM\b", "calls itself what the essays are about"),
    (r"\b(leader ?board|league|top rep|best rep|worst rep|ranking|ranked)\b", "ranks people"),
    (r"\b(auto-?responder|newsletter|campaign|mail merge|scheduled message)\b", "speaks of automatic messages"),
]
# Whoever orders or groups rows by who of us wrote them, with a count or a sum, ranks reps.
RANKS = re.compile(r"(GROUP|ORDER)\s+BY[^;]*?\b(member_id|seller_id|owner_id|actor)\b", re.I)
COUNTS = re.compile(r"\b(count|sum|avg|rank|row_number)\s*\(", re.I)
# The ways out to a customer. Each file named here opens them from a press and nowhere else.
WAYS_OUT = re.compile(r"mailto:|sms:|tel:|smtps?:|sendmail|xdg-email|CURLOPT_MAIL")
PRESSED = {"app/models/app_state.cpp"}


def joined(source):
    """Literals that the compiler joins, as one."""
    return re.sub(r'"\s*\n?\s*"', "", source)


def faults(relative, source):
    source = joined(INCLUDE.sub("", COMMENT.sub("", source)))
    for match in STRING.finditer(source):
        text = match.group(1)
        for pattern, what in WORDS:
            if re.search(pattern, text, re.I):
                yield f"{relative}: {what}: \"{text[:80]}\""
        if RANKS.search(text) and COUNTS.search(text):
            yield f"{relative}: ranks people: \"{text[:80]}\""
        if WAYS_OUT.search(text) and relative not in PRESSED:
            yield f"{relative}: a way out to a customer that nobody pressed: \"{text[:80]}\""


def sources(root):
    for folder in ("app", "qml"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".cpp", ".h", ".qml", ".ts", ".json"):
                yield path.relative_to(root).as_posix(), path.read_text()


PLANTED = [
    ("qml/Page.qml", 'text: qsTr("Manage your customer relationships")'),
    ("qml/Page.qml", 'text: qsTr("Better relationship management")'),
    ("app/a.cpp", 'tr("The CRM for you")'),
    ("app/a.cpp", 'prepare("SELECT member_id, count(*) FROM visit "\n    "GROUP BY member_id ORDER BY 2")'),
    ("qml/Page.qml", 'text: qsTr("Leaderboard")'),
    ("app/b.cpp", 'open("mailto:" + address);'),
    ("qml/Page.qml", 'text: qsTr("Send a campaign")'),
]
INNOCENT = [
    ("app/a.cpp", '// CRM products manage data, not relationships.\nint x;'),
    ("app/a.cpp", 'prepare("SELECT name FROM member ORDER BY name")'),
    ("app/models/app_state.cpp", 'm_opener("tel:" + phone);'),
    ("app/a.cpp", 'choices({"admin", "manager", "rep", "office"})'),
]


def self_test():
    missed = [source for relative, source in PLANTED if not list(faults(relative, source))]
    wronged = [source for relative, source in INNOCENT if list(faults(relative, source))]
    for source in missed:
        print(f"not found: {source}")
    for source in wronged:
        print(f"found where nothing is: {source}")
    return 1 if missed or wronged else 0


def main(root):
    found = [fault for relative, source in sources(root) for fault in faults(relative, source)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(self_test())
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
