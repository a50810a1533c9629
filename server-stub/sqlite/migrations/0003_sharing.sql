-- Who may be told what: which scopes each entry of the log touches, and what moved between them.

CREATE TABLE scope(
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE  -- workspace, territory/<uuid>, member/<uuid>, circle/<word>
) STRICT;

CREATE TABLE log_scope(
    scope INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY(scope, sequence)
) STRICT, WITHOUT ROWID;

-- Everything before this migration was for everybody.
INSERT INTO scope(number, name) VALUES (1, 'workspace');
INSERT INTO log_scope(scope, sequence) SELECT 1, sequence FROM log;

CREATE TABLE moved(
    sequence INTEGER NOT NULL,
    tbl INTEGER NOT NULL,
    row BLOB NOT NULL,
    scopes TEXT NOT NULL,  -- where it was before; one a line
    is_whole INTEGER NOT NULL,  -- all of it must be told to whoever holds it
    PRIMARY KEY(sequence, tbl, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE view_change(
    member BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    scopes TEXT NOT NULL,  -- held before; one a line
    at_ms INTEGER NOT NULL,
    PRIMARY KEY(member, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE orphan(
    parent_tbl INTEGER NOT NULL,
    parent BLOB NOT NULL,
    tbl INTEGER NOT NULL,
    row BLOB NOT NULL,
    PRIMARY KEY(parent_tbl, parent, tbl, row)
) STRICT, WITHOUT ROWID;

ALTER TABLE enrolled ADD COLUMN is_wiped INTEGER NOT NULL DEFAULT 0;
