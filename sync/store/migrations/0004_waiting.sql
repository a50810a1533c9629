-- What waits to be sent, as it is sent: life by life, in the order of the counters.
DROP INDEX grp_unaccepted;
CREATE INDEX grp_waiting ON grp(device, incarnation, counter) WHERE sequence = 0;
