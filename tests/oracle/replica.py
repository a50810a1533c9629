"""A replica by tendctl, as the programs that judge use it. The tendctl is the first word of the command line."""
import json
import os
import subprocess
import sys
import tempfile

TENDCTL = sys.argv[1]
FOLDER = tempfile.TemporaryDirectory()
ENVIRONMENT = dict(os.environ, XDG_STATE_HOME=FOLDER.name, TZ="Europe/Berlin")


class Replica:
    def __init__(self, name):
        self.file = os.path.join(FOLDER.name, name + ".db")
        self.run("--plaintext", "init")

    def run(self, *words, stdin=None):
        done = subprocess.run([TENDCTL, "--replica", self.file, *words], input=stdin, capture_output=True, env=ENVIRONMENT,
                              check=False)
        assert done.returncode == 0, (words, done.stderr.decode())
        return done.stdout.decode()

    def rows(self, table):
        return [json.loads(line) for line in self.run("get", table).splitlines()]

    def put(self, table, **row):
        return json.loads(self.run("put", table, stdin=json.dumps(row).encode()))["id"]

    def load(self, octets):
        """Made, changed, same, rejected."""
        report = json.loads(self.run("--json", "import", "-", stdin=octets).splitlines()[-1])
        return report["made"], report["changed"], report["same"], report["rejected"]


def equal(what, got, wanted):
    assert got == wanted, f"{what}: {got!r} instead of {wanted!r}"
