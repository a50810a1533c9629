#!/usr/bin/env python3
"""Fail when a migration that was written down in its ledger changed, or one is missing from it.

A database in the field has run the old text; a correction is a new migration. --write adds new files only.
"""
import hashlib
import pathlib
import sys

FOLDERS = ["sync/records/migrations", "sync/store/migrations", "server-stub/sqlite/migrations"]


def main(root, is_writing):
    faults = []
    for folder in FOLDERS:
        ledger = root / folder / "ledger.sha256"
        known = dict(reversed(line.split()) for line in ledger.read_text().splitlines()) if ledger.exists() else {}
        for path in sorted((root / folder).glob("*.sql")):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if path.name not in known and is_writing:
                known[path.name] = digest
            elif path.name not in known:
                faults.append(f"{folder}/{path.name}: not in the ledger; run tools/check_migrations.py --write")
            elif known[path.name] != digest:
                faults.append(f"{folder}/{path.name}: changed after it was written down; add a new migration")
        faults += [f"{folder}/{name}: in the ledger, but gone" for name in known if not (root / folder / name).exists()]
        if is_writing:
            ledger.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(known.items())))
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    paths = [argument for argument in sys.argv[1:] if argument != "--write"]
    sys.exit(main(pathlib.Path(paths[0] if paths else "."), "--write" in sys.argv))
