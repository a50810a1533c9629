#!/usr/bin/env python3
"""bench.py BUILD OUT: W1 to W4 and many devices at once, beside plain SQLite where it can do the same, into OUT.

W1 is measured by tend-bench. W2 plays the real programs over TLS on loopback: replica A, filled by tend-bench,
sends 100,000 visits to an empty workspace, then an empty replica B fetches them. P is plain SQLite inserting the
same rows in one transaction, measured in the same run. W3 and W4 go on with these two replicas on warm connections;
W3 is measured once more with a tenth of the rows. Many devices: see tests/bench/load.cpp; what the pages ask: journal.cpp;
how a story scrolls: story.qml.
"""
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

build, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
rows = int(os.environ.get("TEND_BENCH_ROWS", "100000"))


def timed(command, env):
    began = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], env=env, stdout=subprocess.PIPE, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed: {text}")
    return {"wall_ms": round((time.monotonic() - began) * 1000), "peak_mb": round(usage.ru_maxrss / 1024, 1),
            "cpu_ms": round((usage.ru_utime + usage.ru_stime) * 1000)}, text


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def settle():
    os.sync()
    time.sleep(1)


class Workspace:
    """A served workspace with replicas that join it."""

    def __init__(self, folder, env):
        self.folder, self.env, self.data = folder, env, folder / "server"
        subprocess.run([bin_dir / "tend-server", "init", "--data", self.data, "--workspace", "bench"], check=True,
                       stdout=subprocess.DEVNULL)
        self.server = subprocess.Popen(
            [bin_dir / "tend-server", "serve", "--data", self.data, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.server.stdout.readline().split("https://")[1].strip()

    def tendctl(self, replica, *arguments):
        return [bin_dir / "tendctl", "--replica", self.folder / f"{replica}.db",
                "--key-file", self.folder / f"{replica}.key", *arguments]

    def join(self, replica):
        made = subprocess.run([bin_dir / "tend-server", "invite", "--data", self.data, "--name", replica,
                               "--role", "rep", "--address", self.address, "--json"],
                              check=True, capture_output=True, text=True).stdout
        subprocess.run(self.tendctl(replica, "join", json.loads(made)["invitation"]), check=True, env=self.env,
                       stdout=subprocess.DEVNULL)

    def pair(self, changed):
        settle()
        _, text = timed([build / "tests/tend-pair", "--a", self.folder / "one.db", "--b", self.folder / "b.db",
                         "--server", self.data / "workspace.db", "--changed", changed], self.env)
        return json.loads(text)

    def stop(self):
        self.server.terminate()
        return os.wait4(self.server.pid, 0)[2]


bin_dir = build / "bin"
with tempfile.TemporaryDirectory(dir=out.parent) as folder:
    folder = pathlib.Path(folder)
    env = dict(os.environ, XDG_STATE_HOME=str(folder))
    settle()
    _, text = timed([build / "tests/tend-bench", "--folder", folder, "--rows", rows, "--singles",
                     min(20_000, rows)], env)
    results = json.loads(text)
    plain_ms = results["w1_one_transaction"]["plain_ms"]

    workspace = Workspace(folder, env)
    tendctl = workspace.tendctl
    workspace.join("one")
    (folder / "b.key").write_bytes((folder / "one.key").read_bytes())
    workspace.join("b")
    settle()
    push, text = timed(tendctl("one", "sync", "--json"), env)
    pushed = json.loads(text)
    settle()
    pull, text = timed(tendctl("b", "sync", "--json"), env)
    pulled = json.loads(text)
    settle()
    nothing, text = timed(tendctl("b", "sync", "--json"), env)
    idle = json.loads(text)
    server_cpu_ms = cpu_of(workspace.server.pid)
    b_octets = (folder / "b.db").stat().st_size
    results["w2_pair"] = workspace.pair(min(10_000, rows))
    usage = workspace.stop()
    assert pushed["pushed"] >= rows and pulled["pulled"] >= rows, (pushed, pulled)
    results["w2"] = {
        "push": push, "pull": pull, "wall_in_p": round((push["wall_ms"] + pull["wall_ms"]) / plain_ms, 2),
        "cpu_in_p": round((push["cpu_ms"] + pull["cpu_ms"] + server_cpu_ms) / plain_ms, 2), "server_cpu_ms": round(server_cpu_ms),
        "mb_up": round(pushed["bytes_sent"] / 1e6, 1), "mb_down": round(pulled["bytes_received"] / 1e6, 1),
        "server_peak_mb": round(usage.ru_maxrss / 1024, 1),
        "b_octets": b_octets, "b_size_ratio": round(b_octets / results["plain_octets"], 3)}
    pair = results.pop("w2_pair")
    results["w3"] = {str(pair["rows"]): pair["w3_100_cells"]}
    results["w4"] = {name[3:]: dict(took, wall_in_p=round(took["ms"] / plain_ms, 2))
                     for name, took in pair.items() if name.startswith("w4")}
    results["nothing_to_do"] = {"ms_of_the_exchange": idle["milliseconds"], "bytes_up": idle["bytes_sent"],
                                "bytes_down": idle["bytes_received"]}

    # As people write: one visit a group, and nothing sent for weeks.
    apart = folder / "apart"
    apart.mkdir()
    for end in ("db", "key"):
        (folder / f"singles.{end}").rename(apart / f"singles.{end}")
    (apart / "b.key").write_bytes((apart / "singles.key").read_bytes())
    workspace = Workspace(apart, env)
    workspace.join("singles")
    workspace.join("b")
    settle()
    push, text = timed(workspace.tendctl("singles", "sync", "--json"), env)
    pushed = json.loads(text)
    settle()
    pull, text = timed(workspace.tendctl("b", "sync", "--json"), env)
    pulled = json.loads(text)
    assert pulled["pulled"] >= pushed["pushed"] >= min(20_000, rows), (pushed, pulled)
    workspace.stop()
    results["w2_one_visit_a_group"] = {
        "groups": min(20_000, rows), "push": push, "pull": pull,
        "mb_up": round(pushed["bytes_sent"] / 1e6, 1), "mb_down": round(pulled["bytes_received"] / 1e6, 1)}

# The same hundred cells beside a tenth of the rows.
with tempfile.TemporaryDirectory(dir=out.parent) as folder:
    folder = pathlib.Path(folder)
    env = dict(os.environ, XDG_STATE_HOME=str(folder))
    timed([build / "tests/tend-bench", "--folder", folder, "--rows", rows // 10], env)
    workspace = Workspace(folder, env)
    workspace.join("one")
    (folder / "b.key").write_bytes((folder / "one.key").read_bytes())
    workspace.join("b")
    for replica in ("one", "b"):
        timed(workspace.tendctl(replica, "sync", "--json"), env)
    few = workspace.pair(0)
    workspace.stop()
    results["w3"][str(few["rows"])] = few["w3_100_cells"]
    results["w3"]["ratio"] = round(pair["w3_100_cells"]["ms"] / few["w3_100_cells"]["ms"], 2)

settle()
_, text = timed([build / "tests/tend-load"], dict(os.environ))
results["many_devices"] = json.loads(text)

settle()
with tempfile.TemporaryDirectory(dir=out.parent) as folder:
    _, text = timed([build / "tests/tend-bench-journal", "--folder", folder, "--customers",
                     os.environ.get("TEND_BENCH_CUSTOMERS", "50000")], dict(os.environ))
results["journal"] = json.loads(text)

settle()
_, text = timed([build / "tests/qml_tests", "-input", "tests/bench/story.qml"],
                {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TZ": "UTC"})
frames = {entries: {"middle_ms": float(middle), "slowest_ms": float(slowest)}
          for entries, middle, slowest in re.findall(r"frames (\d+) ([\d.]+) ([\d.]+)", text)}
results["story_frames"] = {**frames, "ratio": round(frames["5000"]["middle_ms"] / frames["200"]["middle_ms"], 2)}

out.write_text(json.dumps(results, indent=2) + "\n")
print(json.dumps(results, indent=2))
