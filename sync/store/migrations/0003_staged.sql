-- Parts of a fill on their way, until the last one is there.

CREATE TABLE staged(
    number INTEGER PRIMARY KEY,  -- from 1, in the order they came
    part BLOB NOT NULL  -- a PullAnswer
) STRICT;

-- What the author of a refused group had seen, for when it is offered again.
ALTER TABLE aside ADD COLUMN base INTEGER NOT NULL DEFAULT 0;
ALTER TABLE aside ADD COLUMN also_seen BLOB NOT NULL DEFAULT x'';  -- as in grp

-- The octets of an own group of which rows left this device; empty otherwise.
ALTER TABLE own_group ADD COLUMN body BLOB NOT NULL DEFAULT x'';
-- The name it was made under, where a fork gave it another: device, incarnation, counter.
ALTER TABLE own_group ADD COLUMN former BLOB NOT NULL DEFAULT x'';
