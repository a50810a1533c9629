-- The merged rows' bookkeeping, on devices and on the server alike. The declared tables themselves
-- (visit, customer, ...) are made from the declaration: _n, id, _g and one column per declared column.

-- Devices, so that a group names its device by a small number.
CREATE TABLE device_number(
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE  -- 16 octets
) STRICT;

-- Every group whose writes are here. sequence 0 = not accepted by the server yet.
CREATE TABLE grp(
    ord INTEGER PRIMARY KEY,
    device INTEGER NOT NULL REFERENCES device_number,
    incarnation INTEGER NOT NULL,  -- 64 bits, signed as SQLite has them
    counter INTEGER NOT NULL,
    stamp INTEGER NOT NULL,  -- hybrid time: milliseconds << 16 | counter
    base INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    made_at_ms INTEGER NOT NULL,
    actor BLOB,  -- the member's row id; null until the server named it
    also_seen BLOB,  -- 32 octets each: device, incarnation, counter
    UNIQUE(device, incarnation, counter)
) STRICT;
CREATE INDEX grp_unaccepted ON grp(ord) WHERE sequence = 0;
CREATE UNIQUE INDEX grp_sequence ON grp(sequence) WHERE sequence > 0;

-- Who wrote a column last, where that was not the group in the row's _g.
CREATE TABLE cell(
    tbl INTEGER NOT NULL,
    row BLOB NOT NULL,
    col INTEGER NOT NULL,
    grp INTEGER NOT NULL,
    PRIMARY KEY(tbl, row, col)
) STRICT, WITHOUT ROWID;

-- Concurrent writes beside the one shown, of living rows. col 0 is the row's existence: 0 = deleted.
CREATE TABLE rival(
    tbl INTEGER NOT NULL,
    row BLOB NOT NULL,
    col INTEGER NOT NULL,
    grp INTEGER NOT NULL,
    value ANY,
    PRIMARY KEY(tbl, row, col, grp)
) STRICT, WITHOUT ROWID;

-- All heads of deleted rows.
CREATE TABLE buried(
    tbl INTEGER NOT NULL,
    row BLOB NOT NULL,
    col INTEGER NOT NULL,
    grp INTEGER NOT NULL,
    value ANY,
    PRIMARY KEY(tbl, row, col, grp)
) STRICT, WITHOUT ROWID;

-- The _n a deleted row had, kept for when it comes back and for the runs in change.
CREATE TABLE grave(
    tbl INTEGER NOT NULL,
    row BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY(tbl, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX grave_n ON grave(tbl, n);

-- Writes that somebody saw and overwrote.
CREATE TABLE history(
    tbl INTEGER NOT NULL,
    row BLOB NOT NULL,
    col INTEGER NOT NULL,
    grp INTEGER NOT NULL,
    value ANY,
    PRIMARY KEY(tbl, row, col, grp)
) STRICT, WITHOUT ROWID;

-- Which rows a group changed, without their values. An insert of many rows is one run: the _n of the
-- first and how many follow.
CREATE TABLE change(
    grp INTEGER NOT NULL,
    place INTEGER NOT NULL,
    tbl INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    first_n INTEGER,  -- of a run
    count INTEGER NOT NULL,
    row BLOB,  -- of a single row
    columns BLOB,  -- of an update: one octet pair per column, little-endian
    PRIMARY KEY(grp, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta(
    name TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
