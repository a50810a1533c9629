-- What the writes to all rows of one place come to; a place is the scopes a row belongs to.

CREATE TABLE place(
    scopes TEXT PRIMARY KEY,  -- one a line
    sum INTEGER NOT NULL  -- modulo 2^64
) STRICT, WITHOUT ROWID;
