-- What only the server keeps, beside the records. One file holds one workspace.

CREATE TABLE log(
    sequence INTEGER PRIMARY KEY,  -- commit order, without gaps
    grp INTEGER NOT NULL,
    digest BLOB NOT NULL,  -- SHA-256 of the body; stays when a body is erased
    body BLOB NOT NULL  -- as its author encoded it
) STRICT;

-- What deduplication knows of one incarnation of one device.
CREATE TABLE life(
    device BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    chain BLOB NOT NULL,
    stamp INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    PRIMARY KEY(device, incarnation)
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolled(
    key_digest BLOB PRIMARY KEY,  -- SHA-256 of the device's public key
    device BLOB NOT NULL UNIQUE,
    member BLOB NOT NULL,
    name TEXT NOT NULL,
    is_revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation(
    secret_digest BLOB PRIMARY KEY,  -- the secret itself is known to its bearer alone
    member BLOB NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    is_used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine(
    device BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    base INTEGER NOT NULL,
    made_at_ms INTEGER NOT NULL,
    actor BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY(device, incarnation, counter)
) STRICT, WITHOUT ROWID;
