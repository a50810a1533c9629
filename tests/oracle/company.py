"""A year of a small company: three reps and an office, a replica each, and a server that is away now and then.

    company.py TENDCTL TEND_SERVER [SEED] [CUSTOMERS] [DAYS]

Every day somebody writes on a replica that may not have synced for weeks. Each month every replica's reports must be what
rules.py says of the rows it holds; and where all have synced, of one company: the same on each.
"""
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(__file__))
import rules  # noqa: E402
import year  # noqa: E402

BEGIN = date(2026, 1, 1)
PEOPLE = {"ann": "rep", "bo": "rep", "cem": "rep", "mia": "office"}


class Server:
    def __init__(self, program, folder):
        self.program, self.data = program, os.path.join(folder, "server")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.run("init", "--workspace", "Oak Street Motors")
        self.process = None
        self.start()

    def run(self, *words):
        done = subprocess.run([self.program, *words, "--data", self.data], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"tend-server {' '.join(words)}: {done.stderr}")
        return done.stdout

    def start(self):
        self.process = subprocess.Popen([self.program, "serve", "--data", self.data, "--listen", self.address],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert "listening" in self.process.stdout.readline()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None


class Desk(year.Replica):
    def __init__(self, tendctl, folder, name, server):
        self.command = [tendctl, "--replica", os.path.join(folder, f"{name}.db"), "--plaintext"]
        self.name = name
        invitation = server.run("invite", "--name", name, "--role", PEOPLE[name], "--json")
        self.run("join", json.loads(invitation)["invitation"])

    def sync(self):
        return subprocess.run([*self.command, "sync"], capture_output=True, check=False).returncode == 0

    def company(self):
        rows = {table: self.lines("get", table) for table in year.TABLES}
        rows["visit_by_id"] = {row["id"]: row for row in rows["visit"]}
        return rows


def work(chance, desk, on, customers, counts):
    """What one of them writes on one day."""
    pick, some = chance.choice, chance.random
    maybe = lambda value, part=0.5: value if some() < part else None
    later = lambda most: (on + timedelta(days=chance.randrange(1, most))).isoformat()
    today = on.isoformat()
    visits = [{"customer_id": pick(customers), "kind": pick(["face_to_face", "call", "counter", "message"]),
               "outcome": pick(["met", "met", "met", "no_answer", "left_message"]), "direction": pick(["us", "them"]),
               "started_at": f"{today}T{chance.randrange(7, 19):02}:00:00{pick(['Z', '+13:00', '-11:00'])}", "on_day": today,
               "effect": pick([None, "same", "weakened", "strengthened"]), "minutes": chance.randrange(5, 90),
               "customer_feeling": maybe(chance.randrange(-2, 3)), "customer_rating": maybe(chance.randrange(11), 0.1),
               "next_step": maybe("call back", 0.3), "next_step_on": maybe(later(40), 0.5)}
              for _ in range(chance.randrange(1, 4))]
    made = desk.put("visit", visits)
    counts["visit"] += len(made)
    first = visits[0]["customer_id"]
    if some() < 0.3:
        desk.put("promise", [{"customer_id": first, "what": "the list", "made_on": today, "due_on": later(30), "state": "open"}])
    if some() < 0.2:
        open_ones = [p for p in desk.lines("get", "promise") if p["state"] == "open"]
        if open_ones:
            desk.put("promise", [{"id": pick(open_ones)["id"], "state": pick(["kept", "kept", "broken"]), "done_on": today}])
    if some() < 0.1:
        desk.put("sale", [{"customer_id": first, "item": pick(["Corolla", "SUV"]), "sold_on": today}])
    if some() < 0.1:
        desk.put("terms", [{"customer_id": first, "whose": pick(["theirs", "ours"]), "words": "mornings",
                            "rhythm_days": pick([7, 14, 30, 90]), "since_on": today}])
    if some() < 0.05:
        desk.put("circumstance", [{"customer_id": first, "what": "they move", "since_on": today, "until_on": later(200)}])
    if some() < 0.05:
        desk.put("loss", [{"customer_id": pick(customers), "reason": pick(rules.LOSSES), "on_day": today}])
    if some() < 0.05:
        desk.put("follow_up", [{"customer_id": first, "about": "the quote", "due_on": later(60)}])
    if some() < 0.1:
        desk.put("visit", [{"id": made[0], "help": pick(["asked", "offered"])}])
    if some() < 0.1:
        desk.run("delete", "visit", made[-1])
        counts["visit"] -= 1


def check(desk, on):
    """Every report of this replica against the rules, over the rows it holds. Answers the reports."""
    rows = desk.company()
    day = ("--on", on.isoformat())
    profiles = desk.lines("profile", *day)
    year.differ(on, f"{desk.name}: profile", [rules.profile(rows, c, on) for c in rows["customer"]], profiles)
    today = desk.lines("today", *day)
    year.differ(on, f"{desk.name}: today", rules.today(rows, on), today)
    plans = sorted(map(year.shortened, desk.lines("plan", *day)), key=lambda p: p["plan"])
    year.differ(on, f"{desk.name}: plan", [rules.plan(rows, p, on) for p in rows["plan"]], plans)
    kept = [row for row in desk.lines("retention", *day) if "state" in row]
    by_rule = [(c["name"], *rules.retention(rows, c, on)) for c in rows["customer"]]
    year.differ(on, f"{desk.name}: retention", sorted(k for k in by_rule if k[1] != "none"),
                sorted((r["name"], r["state"], r["reasons"], r["evidence"]) for r in kept))
    radar = desk.lines("radar", *day)
    answers = [rules.radar_words(rows, c, on) for c in rows["customer"]]
    year.differ(on, f"{desk.name}: radar", [sum(f["figure"] in words for words in answers) for f in radar],
                [f["people"] for f in radar])
    return [profiles, today, plans, kept, radar, [len(rows["visit"]), len(rows["customer"])]]


def main(tendctl, program, seed=1, count=400, days=365):
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        server = Server(program, folder)
        try:
            play(chance, tendctl, folder, server, count, days)
        finally:
            if server.process:
                server.kill()


def leave(chance, server, leaver, desks, customers, on):
    """One of them goes. A few of those they looked after are handed over; of the others the reports must say so."""
    assert leaver.sync()
    server.run("member", "end", leaver.name)
    assert not leaver.sync()
    for desk in desks:
        assert desk.sync(), desk.name
    going_on = next(m["id"] for m in desks[0].lines("get", "member") if m["name"] == desks[0].name)
    desks[0].put("handover", [{"customer_id": customer, "to_id": going_on, "on_day": on.isoformat()}
                              for customer in chance.sample(customers, len(customers) // 8)])


def play(chance, tendctl, folder, server, count, days):
    desks = [Desk(tendctl, folder, name, server) for name in PEOPLE]
    customers = desks[0].put("customer", [{"id": year.id_made(BEGIN + timedelta(days=i % days), i), "name": f"Customer {i}"}
                                         for i in range(count)])
    plans = desks[0].put("plan", [{"title": "Grow"}] + [{"customer_id": c, "title": "Grow"} for c in customers[:5]])
    measures = ["relationships", "rating", "contacts", "hours", "recency", "two_wayness"]
    desks[0].put("goal", [{"plan_id": plan, "words": "better", "measure": measure, "baseline": 1, "target": 60,
                           "since_on": BEGIN.isoformat(), "due_on": "2026-12-31"} for plan, measure in zip(plans, measures)])
    desks[0].put("plan", [{"id": plan, "active": True} for plan in plans])
    for desk in desks * 2:
        assert desk.sync()
    counts = {"visit": 0, "syncs": 0, "in_vain": 0, "checks": 0, "hand_over": 0}
    for n in range(days):
        on = BEGIN + timedelta(days=n)
        # Away for a week and a half of each six, killed in the midst of whatever it did.
        if n % 42 == 30:
            server.kill()
        elif n % 42 == 40:
            server.start()
        if n >= days * 2 // 3 and server.process and len(desks) == len(PEOPLE):
            leave(chance, server, desks.pop(2), desks, customers, on)
        for desk in chance.sample(desks[:-1], 2):
            work(chance, desk, on, customers, counts)
        for desk in desks:
            if chance.random() < 0.3:
                counts["syncs" if desk.sync() else "in_vain"] += 1
        if n % 30 == 29 or n == days - 1:
            if server.process:
                for desk in desks * 2:
                    assert desk.sync(), desk.name
            told = [check(desk, on) for desk in desks]
            counts["checks"] += len(told)
            counts["hand_over"] += sum(r["hand_over"] for row in told[0][1] for r in row["reasons"])
            if server.process:
                assert all(reports == told[0] for reports in told), f"{on}: two replicas tell different stories"
                assert told[0][-1] == [counts["visit"], count], (told[0][-1], counts)
    assert counts["in_vain"] > 0, counts
    assert counts["hand_over"] > 0, counts
    print(f"{days} days of {count} customers on {len(desks)} replicas: {counts}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
