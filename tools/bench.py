#!/usr/bin/env python3
"""bench.py BUILD OUT: W1 and W2 beside plain SQLite, as ratios, into OUT.

W1 is measured by tend-bench. W2 plays the real programs over TLS on loopback: replica A, filled by tend-bench,
sends 100,000 visits to an empty workspace, then an empty replica B fetches them. P is plain SQLite inserting the
same rows in one transaction, measured in the same run.
"""
import json
import os
import pathlib
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


def settle():
    os.sync()
    time.sleep(1)


with tempfile.TemporaryDirectory(dir=out.parent) as folder:
    folder = pathlib.Path(folder)
    env = dict(os.environ, XDG_STATE_HOME=str(folder))
    bin_dir = build / "bin"
    settle()
    _, text = timed([build / "tests/tend-bench", "--folder", folder, "--rows", rows], env)
    results = json.loads(text)
    plain_ms = results["w1_one_transaction"]["plain_ms"]

    data = folder / "server"
    subprocess.run([bin_dir / "tend-server", "init", "--data", data, "--workspace", "bench"], check=True,
                   stdout=subprocess.DEVNULL)
    server = subprocess.Popen([bin_dir / "tend-server", "serve", "--data", data, "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = server.stdout.readline().split("https://")[1].strip()

    def tendctl(replica, *arguments):
        return [bin_dir / "tendctl", "--replica", folder / f"{replica}.db", "--key-file", folder / f"{replica}.key",
                *arguments]

    def join(replica, *extra):
        made = subprocess.run([bin_dir / "tend-server", "invite", "--data", data, "--name", replica, "--role", "rep",
                               "--address", address, "--json"], check=True, capture_output=True, text=True).stdout
        subprocess.run([*tendctl(replica, "join", json.loads(made)["invitation"]), *extra], check=True, env=env,
                       stdout=subprocess.DEVNULL)

    join("one")
    (folder / "b.key").write_bytes((folder / "one.key").read_bytes())
    join("b")
    settle()
    push, text = timed(tendctl("one", "sync", "--json"), env)
    pushed = json.loads(text)
    settle()
    pull, text = timed(tendctl("b", "sync", "--json"), env)
    pulled = json.loads(text)
    settle()
    nothing, text = timed(tendctl("b", "sync", "--json"), env)
    idle = json.loads(text)
    server.terminate()
    _, _, usage = os.wait4(server.pid, 0)
    assert pushed["pushed"] >= rows and pulled["pulled"] >= rows, (pushed, pulled)
    results["w2"] = {
        "push": push, "pull": pull, "wall_in_p": round((push["wall_ms"] + pull["wall_ms"]) / plain_ms, 2),
        "cpu_in_p": round((push["cpu_ms"] + pull["cpu_ms"] + (usage.ru_utime + usage.ru_stime) * 1000) / plain_ms, 2),
        "mb_up": round(pushed["bytes_sent"] / 1e6, 1), "mb_down": round(pulled["bytes_received"] / 1e6, 1),
        "server_peak_mb": round(usage.ru_maxrss / 1024, 1),
        "b_octets": (folder / "b.db").stat().st_size,
        "b_size_ratio": round((folder / "b.db").stat().st_size / results["plain_octets"], 3)}
    results["nothing_to_do"] = {"ms_of_the_exchange": idle["milliseconds"], "bytes_up": idle["bytes_sent"],
                                "bytes_down": idle["bytes_received"]}

out.write_text(json.dumps(results, indent=2) + "\n")
print(json.dumps(results, indent=2))
