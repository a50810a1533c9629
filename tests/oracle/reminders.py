"""Reminders of the real tendctl, by a clock that this test sets (libfaketime), without a network.

    reminders.py TENDCTL
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

FAKETIME = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")


def main(tendctl):
    assert FAKETIME, "libfaketime is not installed"
    with tempfile.TemporaryDirectory() as folder:
        command = [tendctl, "--replica", os.path.join(folder, "r.db"), "--plaintext"]
        environment = dict(os.environ, XDG_STATE_HOME=folder, LD_PRELOAD=FAKETIME[0], TZ="Europe/Berlin",
                           FAKETIME_DONT_FAKE_MONOTONIC="1")

        def run(at, *words, given=None, zone="Europe/Berlin"):
            # FAKETIME is read in the zone of the program.
            done = subprocess.run([*command, *words], input=given, capture_output=True, text=True, check=False,
                                  env=dict(environment, FAKETIME=f"@{at}", TZ=zone))
            assert done.returncode == 0, done.stderr
            return done.stdout

        def said(at, zone="Europe/Berlin"):
            return [json.loads(line)["about"] for line in run(at, "remind", "--at", "08:00", "--json", zone=zone).splitlines()]

        run("2026-06-10 12:00:00", "init")
        customer = json.loads(run("2026-06-10 12:00:00", "put", "customer", given='{"name":"Rosa"}'))["id"]
        # A day with nothing to say was not said: what falls due on it later is.
        assert said("2026-06-10 12:00:00") == []
        quote = {"customer_id": customer, "what": "the quote", "due_on": "2026-06-10", "made_on": "2026-06-10"}
        quote["id"] = json.loads(run("2026-06-10 12:30:00", "put", "promise", given=json.dumps(quote)))["id"]
        assert said("2026-06-10 13:00:00") == ["the quote"]
        assert said("2026-06-10 13:01:00") == []
        run("2026-06-10 13:02:00", "put", "promise", given=json.dumps({"id": quote["id"], "state": "kept"}))
        for what, due in (("the list", "2026-06-11"), ("the key", "2026-06-12"), ("the lid", "2026-06-30")):
            row = {"customer_id": customer, "what": what, "due_on": due, "made_on": "2026-06-10"}
            run("2026-06-10 12:00:00", "put", "promise", given=json.dumps(row))

        assert said("2026-06-11 07:59:00") == []  # not yet
        assert said("2026-06-11 08:00:00") == ["the list"]  # at its time
        assert said("2026-06-11 08:00:30") == []  # once, also after a restart: each call is one
        assert said("2026-06-11 23:59:00") == []
        assert said("2026-06-12 07:59:00") == []
        assert said("2026-06-12 11:30:00") == ["the list", "the key"]  # missed at eight, said at the next start
        # Where the device is now it is the day before: that day was said.
        assert said("2026-06-11 22:00:00", zone="America/New_York") == []
        # And where the day has begun already, it is said at eight there.
        assert said("2026-06-13 07:30:00", zone="Pacific/Auckland") == []
        assert said("2026-06-13 08:00:00", zone="Pacific/Auckland") == ["the list", "the key"]
        # The clock goes back an hour that night; the day is one.
        assert said("2026-10-25 08:30:00") == ["the list", "the key", "the lid"]
        assert said("2026-10-25 08:31:00") == []
    print("reminders: at their time, once a day, where the device is")


if __name__ == "__main__":
    main(sys.argv[1])
