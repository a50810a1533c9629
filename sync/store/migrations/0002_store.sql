-- What only a device keeps, beside the records.

CREATE TABLE own_group(
    incarnation INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    digest BLOB NOT NULL,
    chain BLOB NOT NULL,
    was_accepted INTEGER NOT NULL,
    PRIMARY KEY(incarnation, counter)
) STRICT, WITHOUT ROWID;

CREATE TABLE aside(
    device BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    made_at_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    is_own INTEGER NOT NULL,
    reason TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY(device, incarnation, counter)
) STRICT, WITHOUT ROWID;

CREATE TABLE merge_note(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tbl INTEGER NOT NULL,
    row BLOB NOT NULL,
    mine INTEGER NOT NULL,
    theirs INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    UNIQUE(tbl, row, mine, theirs)
) STRICT;
