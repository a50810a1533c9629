"""A year of a company, day by day: what tendctl says must be what rules.py says.

    year.py TENDCTL [SEED] [CUSTOMERS] [DAYS]

Chance makes the rows; each day asked about is one call of `today` and one of `profile`.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(__file__))
import rules  # noqa: E402

TABLES = ["customer", "visit", "visit_customer", "promise", "terms", "circumstance", "need", "sale", "follow_up"]
BEGIN = date(2026, 1, 1)


class Replica:
    def __init__(self, tendctl, folder):
        self.command = [tendctl, "--replica", os.path.join(folder, "r.db"), "--plaintext"]
        self.run("init")

    def run(self, *words, given=None):
        done = subprocess.run([*self.command, *words], input=given, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"tendctl {' '.join(words)}: {done.stderr}")
        return done.stdout

    def put(self, table, rows):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        answers = self.run("put", table, "--batch", "500", given=lines).splitlines()
        return [json.loads(line)["id"] for line in answers]

    def lines(self, *words):
        return [json.loads(line) for line in self.run(*words, "--json").splitlines()]


def invent(chance, replica, customers, days):
    """Rows of a company from half a year before BEGIN to the end."""
    pick, some = chance.choice, chance.random
    any_day = lambda: (BEGIN + timedelta(days=chance.randrange(-200, days))).isoformat()
    maybe = lambda value, part=0.5: value if some() < part else None
    members = [f"01900000-0000-7000-8000-00000000000{i}" for i in range(4)]
    ids = replica.put("customer", [{"name": pick(["Ana", "Bo", "Çem", "Dot"]) + f" {i}"} for i in range(customers)])
    visits = []
    for customer in ids:
        for _ in range(pick([0, 0, 1, 1, 2, 4, 8, 20])):
            on = any_day()
            kind = pick(["face_to_face", "call", "counter", "message", "group"])
            # Around midnight the day here is another than the day in UTC.
            at = f"{on}T{chance.randrange(24):02}:{chance.randrange(60):02}:00{pick(['Z', '+13:00', '-11:00', '+02:00'])}"
            visits.append({"customer_id": customer, "kind": kind, "direction": pick(["us", "them", None]),
                           "outcome": pick(["met", "met", "met", "no_answer", "left_message"]),
                           "started_at": maybe(at, 0.95), "on_day": maybe(on, 0.7), "member_id": maybe(pick(members), 0.8),
                           "effect": pick([None, "unknown", "damaged", "weakened", "same", "strengthened", "strengthened"]),
                           "customer_feeling": maybe(chance.randrange(-2, 3), 0.4),
                           "customer_rating": maybe(chance.randrange(11), 0.1),
                           "next_step": maybe("call back", 0.3), "next_step_on": maybe(any_day(), 0.6),
                           "next_step_done": maybe(True, 0.5)})
    # Chance alone makes nobody happy.
    happy = [(customer, BEGIN + timedelta(days=30 * n + 3)) for customer in ids[::10] for n in range(days // 30 + 1)]
    visits += [{"customer_id": customer, "kind": "face_to_face", "outcome": "met", "effect": "strengthened",
                "on_day": on.isoformat(), "started_at": f"{on}T09:00:00Z"} for customer, on in happy]
    visit_ids = replica.put("visit", visits)
    groups = [v for v, row in zip(visit_ids, visits) if row["kind"] == "group"]
    replica.put("visit_customer", [{"visit_id": v, "customer_id": pick(ids), "customer_feeling": maybe(1)} for v in groups])
    promises = [{"customer_id": customer, "what": "the list", "made_on": on.isoformat(), "state": "kept",
                 "due_on": (on + timedelta(days=9)).isoformat(), "done_on": (on + timedelta(days=7)).isoformat()}
                for customer, on in happy]
    for _ in range(customers * 2):
        on = any_day()
        state = pick(["open", "open", "kept", "kept", "late", "broken", "released", None])
        promises.append({"customer_id": pick(ids), "by": pick(["us", "us", "them", None]), "what": "a thing",
                         "made_on": maybe(on), "visit_id": maybe(pick(visit_ids), 0.3), "state": state,
                         "due_on": maybe(any_day(), 0.9), "done_on": maybe(any_day(), 0.8)})
    replica.put("promise", promises)
    replica.put("terms", [{"customer_id": pick(ids), "whose": pick(["theirs", "ours", None]), "words": "mornings",
                           "rhythm_days": maybe(pick([1, 7, 14, 30, 60, 180]), 0.8), "since_on": maybe(any_day())}
                          for _ in range(customers // 2)])
    replica.put("circumstance", [{"customer_id": pick(ids), "what": "they move", "since_on": maybe(any_day()),
                                  "until_on": maybe(any_day(), 0.8)} for _ in range(customers // 2)])
    replica.put("need", [{"customer_id": pick(ids), "words": "quieter", "state": pick(
        ["heard", "promised", "given", "confirmed", None])} for _ in range(customers // 2)])
    sales = [{"customer_id": pick(ids), "item": pick(["Corolla", "corolla ", "Oven"]), "sold_on": any_day(),
              "seller_id": maybe(pick(members))} for _ in range(customers // 2)]
    sales += [dict(sale, item=sale["item"].upper()) for sale in sales[::3]]  # recorded twice
    sale_ids = replica.put("sale", sales)
    marks = []
    for sale_id, sale in zip(sale_ids, sales):
        for after in (3, 30, 90, 365):
            if some() < 0.4:
                due = date.fromisoformat(sale["sold_on"]) + timedelta(days=after)
                marks.append({"customer_id": sale["customer_id"], "sale_id": sale_id, "due_on": due.isoformat(),
                              "done_visit_id": pick([v for v, row in zip(visit_ids, visits)
                                                     if row["customer_id"] == sale["customer_id"]] or [None])})
    marks += [{"customer_id": pick(ids), "about": "the quote", "due_on": any_day(), "owner_id": maybe(pick(members)),
               "done_visit_id": maybe(pick(visit_ids))} for _ in range(customers // 2)]
    replica.put("follow_up", marks)


def differ(day, what, ours, theirs):
    if ours == theirs:
        return
    for mine, other in zip(ours, theirs):
        if mine != other:
            sys.exit(f"{day} {what}:\n  the rules {json.dumps(mine)}\n  tendctl   {json.dumps(other)}")
    sys.exit(f"{day} {what}: {len(ours)} by the rules, {len(theirs)} by tendctl")


def main(tendctl, seed=1, customers=60, days=365):
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        replica = Replica(tendctl, folder)
        invent(random.Random(seed), replica, customers, days)
        company = {table: replica.lines("get", table) for table in TABLES}
        company["visit_by_id"] = {row["id"]: row for row in company["visit"]}
        words, kinds = {}, {}
        for n in range(days):
            on = BEGIN + timedelta(days=n)
            profiles = [rules.profile(company, row, on) for row in company["customer"]]
            differ(on, "profile", profiles, replica.lines("profile", "--on", on.isoformat()))
            rows = rules.today(company, on)
            differ(on, "today", rows, replica.lines("today", "--on", on.isoformat()))
            for profile in profiles:
                # No figure without rows behind it, and no rows behind what is not known.
                assert all((part["value"] is None) == (not part["evidence"]) for part in profile["signals"].values())
                words[profile["standing"]] = words.get(profile["standing"], 0) + 1
            for reason in (reason for row in rows for reason in row["reasons"]):
                assert reason["evidence"], reason
                kinds[reason["reason"]] = kinds.get(reason["reason"], 0) + 1
        # A year in which something never happened proves nothing about it.
        assert len(words) == 6, words
        assert len(kinds) == 9, kinds
        print(f"{days} days of {customers} customers: {words}, {kinds}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
