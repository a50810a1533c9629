#!/usr/bin/env python3
"""Fail when a source file includes a room that its layer may not know, or stands outside every room.

The table below is the architecture; docs/ARCHITECTURE.md draws the same one.
"""
import pathlib
import re
import subprocess
import sys

BELOW_STORE = {"sync/base", "sync/domain", "sync/schema", "sync/sqlite", "sync/records"}
MAY_INCLUDE = {
    "sync/base": set(),
    "sync/domain": {"sync/base"},
    "sync/schema": {"sync/base", "sync/domain"},
    "sync/protocol": {"sync/base", "sync/domain", "sync/crypto"},
    "sync/crypto": {"sync/base"},
    "sync/sqlite": {"sync/base"},
    "sync/records": {"sync/base", "sync/domain", "sync/schema", "sync/sqlite"},
    "sync/store": BELOW_STORE | {"sync/protocol", "sync/crypto"},
    "sync/net": {"sync/base", "sync/protocol", "sync/crypto"},
    "sync/engine": {"sync/base", "sync/domain", "sync/schema", "sync/protocol", "sync/crypto", "sync/store"},
    # What an open replica does with the files its rows name: bytes beside it, and their way to the server.
    "sync/files": BELOW_STORE | {"sync/store", "sync/engine", "sync/protocol", "sync/crypto"},
    # main.cpp alone wires the real parts together; it stands before "app" rooms so it wins.
    "app/main.cpp": {"app/shell", "app/models", "app/platform", "app/platform/keychain", "app/journal",
                     "app/session", "sync/base", "sync/net"},
    "app/journal": BELOW_STORE | {"sync/store", "sync/protocol"},
    # A backup holds the files that rows name; what an import brought is remembered by digests.
    "app/interop": BELOW_STORE | {"sync/store", "sync/files", "sync/crypto", "app/journal"},
    # One open replica with its engine and transport: what both the app and tendctl run.
    "app/session": BELOW_STORE | {"sync/store", "sync/engine", "sync/files", "sync/net", "sync/protocol", "sync/crypto",
                                  "app/journal"},
    "app/cli": BELOW_STORE | {"sync/store", "sync/protocol", "sync/engine", "sync/files", "sync/net", "sync/crypto", "app/journal", "app/interop",
                              "app/session", "app/platform/keychain"},
    "app/models": {"sync/base", "app/journal"},
    # The one thing of the platform that tendctl asks too; before "app/platform" so it wins.
    "app/platform/keychain": {"sync/base"},
    "app/platform": {"sync/base"},
    # The program around the pages: options, window, pictures, self-test.
    "app/shell": {"sync/base", "app/journal", "app/models", "app/platform"},
    "server-stub": {"sync/base", "sync/domain", "sync/schema", "sync/protocol", "sync/crypto", "sync/sqlite",
                    "sync/records"},
    "tests": None,
}
MAY_USE_QT = {"app/main.cpp", "app/models", "app/platform", "app/platform/keychain", "app/shell", "tests"}
MAY_USE_C_LIBRARY = {"sqlite3.h": {"sync/sqlite"}, "curl/": {"sync/net"},
                     "openssl/": {"sync/crypto", "server-stub"}, "boost/": {"server-stub"},
                     "phonenumbers/": {"app/journal"}, "unicode/": {"app/journal", "app/interop"}}
# D-Bus is how a desktop is asked, never what the others see of it.
MAY_USE_DBUS = {"app/platform", "app/platform/keychain", "tests"}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def room_of(path):
    return next((room for room in MAY_INCLUDE if path == room or path.startswith(room + "/")), None)


def faults(relative, source, room):
    allowed = MAY_INCLUDE[room]
    for quote, target in INCLUDE.findall(source):
        other = room_of(target)
        if allowed is not None and other and other != room and other not in allowed:
            yield f"{room} may not include {other} ({target})"
        if quote == "<" and re.match(r"Q[A-Z]|Qt", target) and room not in MAY_USE_QT:
            yield f"{room} may not use Qt ({target})"
        if target.startswith(("QDBus", "QtDBus")):
            if room not in MAY_USE_DBUS:
                yield f"{room} may not use D-Bus ({target})"
            elif relative.endswith(".h"):
                yield f"a header may not show D-Bus ({target})"
        for library, rooms in MAY_USE_C_LIBRARY.items():
            if target.startswith(library) and room not in rooms and room != "tests":
                yield f"{room} may not use {target}"


def main(root):
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.h", "*.cpp"], cwd=root,
                            capture_output=True, text=True, check=True).stdout.split()
    count = 0
    for relative in sorted(listed):
        room = room_of(relative)
        found = ["stands outside every room"] if room is None else faults(relative, (root / relative).read_text(), room)
        for fault in found:
            print(f"{relative}: {fault}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
