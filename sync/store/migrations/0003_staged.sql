-- Parts of a fill on their way, until the last one is there.

CREATE TABLE staged(
    number INTEGER PRIMARY KEY,  -- from 1, in the order they came
    part BLOB NOT NULL  -- a PullAnswer
) STRICT;

-- The octets of an own group of which rows left this device; empty otherwise.
ALTER TABLE own_group ADD COLUMN body BLOB NOT NULL DEFAULT x'';
