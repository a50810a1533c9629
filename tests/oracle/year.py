"""A year of a company, day by day: what tendctl says must be what rules.py says.

    year.py TENDCTL [SEED] [CUSTOMERS] [DAYS]

Chance makes the rows; each day asked about is one call of `today` and one of `profile`.
"""
import calendar
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(__file__))
import rules  # noqa: E402

TABLES = ["customer", "visit", "visit_customer", "promise", "terms", "circumstance", "need", "sale", "follow_up", "plan",
          "goal", "initiative", "measurement", "loss", "handover", "member", "remark", "relay_event", "tag", "customer_tag",
          "outside_record"]
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


def id_made(on, number):
    """A version 7 id of that day."""
    octets = f"{calendar.timegm(on.timetuple()) * 1000:012x}7000800000000000"[:20] + f"{number:012x}"
    return f"{octets[:8]}-{octets[8:12]}-{octets[12:16]}-{octets[16:20]}-{octets[20:]}"


def invent_remarks(chance, replica, ids, met, any_day):
    """Remarks on their way, some of them answered, some of those told."""
    remarks = [{"customer_id": chance.choice(ids + [None]), "words": "it is freezing",
                "to_role": chance.choice(["office", "office", None])} for _ in ids]
    for row, remark in zip(remarks, replica.put("remark", [dict(r, heard_at=f"{BEGIN - timedelta(days=300)}T09:00:00Z")
                                                           for r in remarks])):
        events = [{"remark_id": remark, "kind": chance.choice(["seen", "will_do", "answered", "cannot"]),
                   "at": chance.choice([None, f"{any_day()}T{chance.randrange(24):02}:30:00Z"])} for _ in range(chance.randrange(4))]
        if row["customer_id"] in met and chance.random() < 0.4:
            events.append({"remark_id": remark, "kind": "told_customer", "at": f"{any_day()}T10:00:00Z",
                           "visit_id": chance.choice(met[row["customer_id"]])})
        if events:
            replica.put("relay_event", events)


def invent(chance, replica, customers, days):
    """Rows of a company from half a year before BEGIN to the end."""
    pick, some = chance.choice, chance.random
    any_day = lambda: (BEGIN + timedelta(days=chance.randrange(-200, days))).isoformat()
    maybe = lambda value, part=0.5: value if some() < part else None
    members = [f"01900000-0000-7000-8000-00000000000{i}" for i in range(4)]
    ids = replica.put("customer", [{"id": id_made(BEGIN + timedelta(days=chance.randrange(-200, days)), i),
                                    "name": pick(["Ana", "Bo", "Çem", "Dot"]) + f" {i}", "kind": pick(["person", "organisation", None])}
                                   for i in range(customers)])
    replica.put("customer", [{"id": customer, "organisation_id": pick(ids)} for customer in ids[::3]])
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
                           "customer_rating": maybe(chance.randrange(11), 0.1), "minutes": maybe(chance.randrange(90)),
                           "next_step": maybe("call back", 0.3), "next_step_on": maybe(any_day(), 0.6),
                           "next_step_done": maybe(True, 0.5)})
    # Chance alone makes nobody happy.
    happy = [(customer, BEGIN + timedelta(days=30 * n + 3)) for customer in ids[::10] for n in range(days // 30 + 1)]
    visits += [{"customer_id": customer, "kind": "face_to_face", "outcome": "met", "effect": "strengthened",
                "on_day": on.isoformat(), "started_at": f"{on}T09:00:00Z"} for customer, on in happy]
    visit_ids = replica.put("visit", visits)
    groups = [v for v, row in zip(visit_ids, visits) if row["kind"] == "group"]
    replica.put("visit_customer", [{"visit_id": v, "customer_id": pick(ids), "customer_feeling": maybe(1)} for v in groups])
    # And whom the visit itself names.
    whose = {v: row["customer_id"] for v, row in zip(visit_ids, visits)}
    replica.put("visit_customer", [{"visit_id": v, "customer_id": whose[v], "customer_feeling": maybe(-1)} for v in groups[::2]])
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
    met = {}
    for v, row in zip(visit_ids, visits):
        if row["outcome"] == "met":
            met.setdefault(row["customer_id"], []).append(v)
    invent_remarks(chance, replica, ids, met, any_day)
    replica.put("outside_record", [{"customer_id": customer, "source": "a list", "foreign_id": str(n),
                                    "brought": pick([None, "{}", '{"joined":true}', '{"name":"joined"}'])}
                                   for n, customer in enumerate(ids[::6])])
    tags = replica.put("tag", [{"name": "key", "rhythm_days": 21}, {"name": "far", "rhythm_days": 120}, {"name": "new"}])
    replica.put("customer_tag", [{"customer_id": customer, "tag_id": tag} for customer in ids[::5] for tag in chance.sample(tags, 2)])
    needs = [{"customer_id": pick(ids), "words": "quieter", "state": pick(
        ["heard", "promised", "given", "confirmed", None])} for _ in range(customers // 2)]
    for need in needs:
        if need["state"] == "confirmed" and need["customer_id"] in met:
            need["confirmed_visit_id"] = pick(met[need["customer_id"]])
        elif need["state"] == "confirmed":
            need["state"] = "given"
    replica.put("need", needs)
    invent_plans(chance, replica, ids, any_day)
    replica.put("loss", [{"customer_id": pick(ids), "reason": pick(rules.LOSSES), "on_day": any_day()}
                         for _ in range(customers // 2)])
    handed = [pick(ids) for _ in range(customers // 4)]
    replica.put("handover", [{"customer_id": customer, "to_id": pick(members), "on_day": any_day(),
                              "told_visit_id": maybe(pick(met.get(customer, [None])))} for customer in handed])
    sales = [{"customer_id": pick(ids), "item": pick(["Corolla", "corolla ", "Étoile", "étoile", "Oven"]), "sold_on": any_day(),
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


def invent_plans(chance, replica, ids, any_day):
    pick, some = chance.choice, chance.random
    maybe = lambda value, part=0.5: value if some() < part else None
    whose = [None, None] + [pick(ids) for _ in range(12)]
    plans = replica.put("plan", [{"customer_id": customer, "title": "Grow"} for customer in whose])
    goals = []
    for plan, customer in zip(plans, whose):
        kinds = rules.SIGNALS + ["contacts", "hours", "the count of smiles"]
        # Now and then a measure that this plan cannot have.
        for kind in ["relationships", "gone_quiet", "smiles", "rating"] if customer is None else [pick(kinds), pick(kinds), "gone_quiet"]:
            goals.append({"plan_id": plan, "words": "better", "measure": maybe(kind, 0.95), "baseline": maybe(chance.randrange(90), 0.9),
                          "target": maybe(chance.randrange(100) + 0.25, 0.9), "since_on": any_day(), "due_on": maybe(any_day(), 0.9)})
    goals += [{"plan_id": plans[0], "words": "all of them", "measure": "relationships", "baseline": 5,
               "target": len(ids) + 1, "since_on": "2026-02-01", "due_on": "2027-06-30"}]
    goal_ids = replica.put("goal", goals)
    replica.put("measurement", [{"goal_id": pick(goal_ids), "on_day": any_day(), "value": maybe(round(some() * 100, 3), 0.9)}
                                for _ in range(len(goals) * 3)])
    replica.put("initiative", [{"plan_id": pick(plans), "what": "a course", "kind": pick(["policy", "skill", "technology", "technology"]),
                                "owner_id": pick(ids), "due_on": maybe(any_day(), 0.9), "done_on": maybe(any_day(), 0.5)}
                               for _ in range(30)])
    whole = {goal["plan_id"] for goal in goals if rules.is_whole(goal)}
    replica.put("plan", [{"id": plan, "active": True} for plan in plans if plan in whole and some() < 0.8])


def shortened(plan):
    """What the rules say of a plan, of all that tendctl tells."""
    goals = [{key: goal[key] for key in ("goal", "points", "expected", "standing")} for goal in plan["goals"]]
    return {"plan": plan["plan"], "active": plan["active"], "technology_only": plan["technology_only"], "goals": goals,
            "initiatives": [one["state"] for one in plan["initiatives"]]}


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
        words, kinds, standings, states = {}, {}, {}, {}
        for n in range(days):
            on = BEGIN + timedelta(days=n)
            profiles = [rules.profile(company, row, on) for row in company["customer"]]
            differ(on, "profile", profiles, replica.lines("profile", "--on", on.isoformat()))
            rows = rules.today(company, on)
            differ(on, "today", rows, replica.lines("today", "--on", on.isoformat()))
            if n % 20 == 0:
                told = sorted(map(shortened, replica.lines("plan", "--on", on.isoformat())), key=lambda p: p["plan"])
                differ(on, "plan", [rules.plan(company, row, on) for row in company["plan"]], told)
                for goal in (goal for plan in told for goal in plan["goals"]):
                    standings[goal["standing"]] = standings.get(goal["standing"], 0) + 1
            if n % 20 == 0:
                kept = [(c["name"], *rules.retention(company, c, on)) for c in company["customer"]]
                told = replica.lines("retention", "--on", on.isoformat())
                lost = Counter((loss["on_day"][:4], loss["reason"]) for loss in company["loss"] if loss["on_day"] <= on.isoformat())
                differ(on, "losses by year", sorted((*what, n) for what, n in lost.items()),
                       sorted((row["year"], row["reason"], row["losses"]) for row in told if "year" in row))
                told = [row for row in told if "state" in row]
                differ(on, "retention", sorted(k for k in kept if k[1] != "none"),
                       sorted((r["name"], r["state"], r["reasons"], r["evidence"]) for r in told))
                for _, state, _, _ in kept:
                    states[state] = states.get(state, 0) + 1
                answers = [(c["name"], rules.radar_words(company, c, on)) for c in company["customer"]]
                earlier = [rules.radar_words(company, c, on - timedelta(days=90)) for c in company["customer"]]
                for figure in replica.lines("radar", "--on", on.isoformat()):
                    people = replica.lines("radar", figure["figure"], "--on", on.isoformat())
                    differ(on, figure["figure"], sorted(n for n, words in answers if figure["figure"] in words),
                           sorted(p["name"] for p in people))
                    assert len(people) == figure["people"] and all(p["evidence"] for p in people), figure
                    assert figure["percent"] == 100 * len(people) // len(answers), figure
                    assert figure["before"] == sum(figure["figure"] in words for words in earlier), figure
            for profile in profiles:
                # No figure without rows behind it, and no rows behind what is not known.
                assert all((part["value"] is None) == (not part["evidence"]) for part in profile["signals"].values())
                words[profile["standing"]] = words.get(profile["standing"], 0) + 1
            for reason in (reason for row in rows for reason in row["reasons"]):
                assert reason["evidence"], reason
                kinds[reason["reason"]] = kinds.get(reason["reason"], 0) + 1
        # A year in which something never happened proves nothing about it.
        assert len(words) == 6, words
        assert len(kinds) == 12, kinds
        assert len(standings) == 4, standings
        assert len(states) == 5, states
        print(f"{days} days of {customers} customers: {words}, {kinds}, {standings}, {states}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
