"""The rules of docs/RULES.md once more, written from that page and not from the program.

Rows are dicts as `tendctl get` prints them. Days are datetime.date.
"""
import datetime as dt
import json
from datetime import date, timedelta


def day(text):
    return date.fromisoformat(text) if text else None


def utc_day(ms):
    return date(1970, 1, 1) + timedelta(days=ms // 86_400_000)


def made(row_id):
    """The day a version 7 id was made on."""
    octets = row_id.replace("-", "")
    return utc_day(int(octets[:12], 16)) if octets[12] == "7" else None


def moment(text):
    """Milliseconds since 1970 of an RFC 3339 moment."""
    when = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (when - dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)) // timedelta(milliseconds=1)


class Visit:
    def __init__(self, row, feeling, rating):
        self.id = row["id"]
        self.row = row
        self.day = day(row["on_day"])
        if row["started_at"]:
            self.at = moment(row["started_at"])
            self.day = self.day or utc_day(self.at)
        else:
            self.day = self.day or made(self.id)
            self.at = (self.day - date(1970, 1, 1)).days * 86_400_000 if self.day else None
        self.met = row["outcome"] == "met"
        self.kind = row["kind"] or "face_to_face"
        self.two_way = self.met and self.kind != "message"
        self.effect = row["effect"] if row["effect"] not in (None, "unknown") else None
        self.feeling = feeling
        self.rating = rating
        self.by_them = row["direction"] == "them"


class Customer:
    """What is known of one customer at the end of a day."""

    def __init__(self, company, row, on):
        self.row, self.id, self.on, self.company = row, row["id"], on, company
        mine = [r for r in company["visit"] if r["customer_id"] == self.id]
        visits = [Visit(r, r["customer_feeling"], r["customer_rating"]) for r in mine]
        for part in company["visit_customer"]:
            if part["customer_id"] == self.id and part["visit_id"] in company["visit_by_id"]:
                visit = company["visit_by_id"][part["visit_id"]]
                known = [v for v in visits if v.id == visit["id"]]
                if not known:
                    visits.append(Visit(visit, part["customer_feeling"], None))
                    visits[-1].effect = None
                elif part["customer_feeling"] is not None:
                    known[0].feeling = part["customer_feeling"]
        self.all_days = {v.id: v.day for v in visits}
        self.visits = sorted((v for v in visits if v.day and v.day <= on), key=lambda v: (v.at, v.id))
        self.contacts = [v for v in self.visits if v.met]
        of = lambda table: sorted((r for r in company[table] if r["customer_id"] == self.id), key=lambda r: r["id"])
        self.promises = [p for p in of("promise") if not self.made_on(company, p) or self.made_on(company, p) <= on]
        self.terms = [t for t in of("terms") if not t["since_on"] or day(t["since_on"]) <= on]
        self.circumstances = [c for c in of("circumstance") if not c["since_on"] or day(c["since_on"]) <= on]
        self.needs = of("need")
        self.initiatives = [i for p in company["plan"] if p["customer_id"] == self.id and is_active(company, p)
                            for i in company["initiative"] if i["plan_id"] == p["id"]]
        self.sales = [s for s in of("sale") if s["sold_on"] and day(s["sold_on"]) <= on]
        later = {v for v, its in self.all_days.items() if its and its > on}
        self.is_done = lambda visit: bool(visit) and visit not in later
        self.follow_ups = [(f, self.is_done(f["done_visit_id"])) for f in of("follow_up")]
        self.rhythm, self.rhythm_from, self.rhythm_row = self.find_rhythm()
        self.last = self.find_last()

    @staticmethod
    def made_on(company, promise):
        if promise["made_on"]:
            return day(promise["made_on"])
        visit = company["visit_by_id"].get(promise["visit_id"])
        if visit is None:
            return None
        return day(visit["on_day"]) or (utc_day(moment(visit["started_at"])) if visit["started_at"] else made(visit["id"]))

    def find_rhythm(self):
        for whose in ("theirs", "ours"):
            stated = [t for t in self.terms if (t["whose"] or "theirs") == whose and 0 < (t["rhythm_days"] or 0) <= 36500]
            if stated:
                newest = max(stated, key=lambda t: (t["since_on"] or "", t["id"]))
                return newest["rhythm_days"], whose, newest["id"]
        bears = {b["tag_id"] for b in self.company["customer_tag"] if b["customer_id"] == self.id}
        tags = [t for t in self.company["tag"] if t["id"] in bears and 0 < (t["rhythm_days"] or 0) <= 36500]
        if tags:
            shortest = min(tags, key=lambda t: (t["rhythm_days"], t["id"]))
            return shortest["rhythm_days"], "tag", shortest["id"]
        # The order is by moment; the day written down may say otherwise.
        days = []
        for visit in self.contacts:
            if not days or days[-1] != visit.day:
                days.append(visit.day)
        six = days[-6:]
        gaps = sorted((b - a).days for a, b in zip(six, six[1:]))
        return (max(7, gaps[len(gaps) // 2]), "habit", None) if len(gaps) >= 3 else (90, "default", None)

    def find_last(self):
        last = None
        for visit in self.contacts:
            if visit.kind == "message" and last and (visit.day - last.day).days > 2 * self.rhythm:
                continue
            last = visit
        return last

    def promise_state(self, promise):
        if promise["state"] in ("kept", "broken", "released"):
            if not promise["done_on"] or day(promise["done_on"]) <= self.on:
                return promise["state"]
        past = promise["due_on"] and day(promise["due_on"]) < self.on
        return "late" if past or promise["state"] == "late" else "open"

    def ours(self):
        return [p for p in self.promises if (p["by"] or "us") == "us"]

    def ago(self, when):
        return (self.on - when).days

    # ---- signals: (number or None, rows)

    def recency(self):
        if not self.last:
            return None, []
        rows = [self.last.id] + ([self.rhythm_row] if self.rhythm_row else [])
        return self.ago(self.last.day) * 100 // self.rhythm, rows

    def two_wayness(self):
        six = self.contacts[-6:][::-1]
        if len(six) < 2:
            return None, []
        return sum(v.by_them for v in six) * 100 // len(six), [v.id for v in six]

    def promises_kept(self):
        over = []
        for promise in self.ours():
            state = self.promise_state(promise)
            if state not in ("kept", "late", "broken"):
                continue
            end = day(promise["due_on"])
            if state != "late" and promise["done_on"]:
                end = day(promise["done_on"])
            if end and end <= self.on and self.ago(end) < 365:
                over.append((promise["id"], state))
        kept = sum(state == "kept" for _, state in over)
        return (kept * 100 // len(over), [row for row, _ in over]) if over else (None, [])

    def rating(self):
        for visit in reversed(self.contacts):
            if (visit.rating is not None or visit.feeling is not None) and self.ago(visit.day) < 730:
                number = visit.rating * 10 if visit.rating is not None else (visit.feeling + 2) * 25
                return number, [visit.id]
        return None, []

    def breadth(self):
        weight = {"face_to_face": 5, "group": 4, "counter": 3, "call": 2, "message": 1}
        year = [v for v in self.contacts if self.ago(v.day) < 365]
        if len({v.day for v in year}) < 2:
            return None, []
        number, rows = 0, []
        for member in sorted({v.row["member_id"] or "" for v in year}):
            theirs = [v for v in year if (v.row["member_id"] or "") == member]
            best = max(weight[v.kind] for v in theirs)
            number += best
            rows.append([v for v in theirs if weight[v.kind] == best][-1].id)
        return number, rows

    def signals(self):
        return {"recency": self.recency(), "two_wayness": self.two_wayness(), "promises_kept": self.promises_kept(),
                "rating": self.rating(), "breadth": self.breadth()}

    # ---- the word

    def standing(self):
        known = sum(number is not None for number, _ in self.signals().values())
        if not any(v.two_way for v in self.visits):
            return "data_only", []
        if known < 2:
            return "not_enough_known", []
        if self.last and self.ago(self.last.day) > 2 * self.rhythm:
            return "gone_quiet", [self.last.id]
        rows = [self.last.id] if self.last and self.ago(self.last.day) > self.rhythm else []
        effects = [v for v in reversed(self.contacts) if v.effect]
        bad = [v.id for v in effects[:3] if v.effect in ("damaged", "weakened")]
        rows += bad if len(bad) >= 2 else []
        rows += [p["id"] for p in self.ours()
                 if p["due_on"] and self.promise_state(p) == "late" and self.ago(day(p["due_on"])) > 7]
        if rows:
            return "cooling", rows
        two = effects[:2]
        if len(two) == 2 and all(v.effect == "strengthened" for v in two):
            for promise in self.ours():
                if self.promise_state(promise) == "kept" and promise["done_on"] and day(promise["done_on"]) >= two[1].day:
                    return "growing", [two[0].id, two[1].id, promise["id"]]
        return "steady", [self.last.id] if self.last else []

    # ---- reasons

    def reasons(self):
        out = []

        def dated(kind, due, topic, rows, owner=""):
            if due and (due - self.on).days <= 7:
                out.append(("now" if due <= self.on else "soon", due, kind, topic or "", rows, owner or ""))

        for promise in self.ours():
            if self.promise_state(promise) in ("open", "late"):
                dated("promise", day(promise["due_on"]), promise["what"], [promise["id"]])
        for follow_up, done in self.follow_ups:
            if not done:
                dated("follow_up", day(follow_up["due_on"]), follow_up["about"], [follow_up["id"]], follow_up["owner_id"])
        for visit in self.visits:
            if visit.row["customer_id"] == self.id and visit.row["next_step"] and not visit.row["next_step_done"]:
                dated("next_step", day(visit.row["next_step_on"]), visit.row["next_step"], [visit.id], visit.row["member_id"])
        for circumstance in self.circumstances:
            dated("circumstance", day(circumstance["until_on"]), circumstance["what"], [circumstance["id"]])
        for need in self.needs:
            if need["state"] == "given":
                since = self.last.day if self.last else made(self.id) or self.on
                out.append(("soon", since, "need", need["words"], [need["id"]], ""))
        for initiative in self.initiatives:
            if not (initiative["done_on"] and day(initiative["done_on"]) <= self.on):
                dated("initiative", day(initiative["due_on"]), initiative["what"], [initiative["id"]],
                      initiative["owner_id"])
        for handover in (h for h in self.company["handover"] if h["customer_id"] == self.id):
            if not self.is_done(handover["told_visit_id"]):
                dated("handover", day(handover["on_day"]), "", [handover["id"]], handover["to_id"])
        for remark in self.company["remark"]:
            if remark["customer_id"] == self.id and remark["to_role"]:
                self.answers(remark, dated)
        self.calls(dated)
        is_firm = self.row["kind"] == "organisation" and any(c["organisation_id"] == self.id for c in self.company["customer"])
        if not self.last and (is_firm or any(self.was_brought_by(r) for r in self.company["outside_record"])):
            pass  # another program brought them, or their people are here
        elif not self.last:
            since = made(self.id) or self.on
            if since <= self.on:
                out.append(("soon", since, "never_talked", "", [self.id], ""))
        else:
            rows = [self.last.id] + ([self.rhythm_row] if self.rhythm_row else [])
            if self.ago(self.last.day) > 2 * self.rhythm:
                out.append(("gone_quiet", self.last.day, "gone_quiet", "", rows, ""))
            elif self.ago(self.last.day) >= self.rhythm:
                out.append(("soon", self.last.day + timedelta(days=self.rhythm), "rhythm", "", rows, ""))
        out = [(*reason, *self.whose(owner)) for *reason, owner in out]
        groups = ["now", "soon", "gone_quiet"]
        kinds = ["next_step", "follow_up", "promise", "gone_quiet", "never_talked", "rhythm", "call_after_sale",
                 "circumstance", "need", "initiative", "handover", "answer"]
        return sorted(out, key=lambda r: (groups.index(r[0]), r[1], kinds.index(r[2]), r[4]))

    def was_brought_by(self, record):
        is_entry = record["visit_id"] or record["follow_up_id"] or record["promise_id"]
        return record["customer_id"] == self.id and not is_entry and not json.loads(record["brought"] or "{}").get("joined")

    def whose(self, owner):
        """(whose it is now, whether it waits to be handed over)"""
        left = {member["id"] for member in self.company["member"] if member["active"] is False}
        if owner not in left:
            return owner, False
        handed = [h for h in self.company["handover"] if h["customer_id"] == self.id and day(h["on_day"]) <= self.on]
        to = max(handed, key=lambda h: (day(h["on_day"]), h["id"]))["to_id"] if handed else None
        return (to, False) if handed and to not in left else (owner, True)

    def answers(self, remark, dated):
        at = lambda e: (moment(e["at"]) if e["at"] else int(e["id"].replace("-", "")[:12], 16), e["id"])
        events = [e for e in self.company["relay_event"] if e["remark_id"] == remark["id"]]
        first = min((e for e in events if e["kind"] in ("answered", "cannot")), key=at, default=None)
        told = any(e["kind"] == "told_customer" and self.is_done(e["visit_id"]) for e in events)
        if first and not told and utc_day(at(first)[0]) <= self.on:
            dated("answer", utc_day(at(first)[0]), remark["words"], [remark["id"], first["id"]], remark["member_id"])

    def calls(self, dated):
        same = {}
        for sale in self.sales:
            item = "".join((sale["item"] or "").split()).casefold()
            same.setdefault((item, sale["sold_on"]), []).append(sale)
        for (_, sold_on), sales in sorted(same.items()):
            ids = {sale["id"] for sale in sales}
            made_on = {f["due_on"] for f, done in self.follow_ups if done and f["sale_id"] in ids}
            sold = day(sold_on)
            days = [sold + timedelta(days=n) for n in (3, 30, 90)] + [sold + timedelta(days=365 * n) for n in range(1, 30)]
            past = [d for d in days if d <= self.on]
            coming = [d for d in days if self.on < d <= self.on + timedelta(days=7)]
            due = past[-1] if past and past[-1].isoformat() not in made_on else None
            if not due and coming and coming[0].isoformat() not in made_on:
                due = coming[0]
            dated("call_after_sale", due, sales[0]["item"], [sales[0]["id"]], sales[0]["seller_id"])

    def go_there(self):
        after = (self.last.at, self.last.id) if self.last else None
        return sum(not v.met and (after is None or (v.at, v.id) > after) for v in self.visits) >= 2


def profile(company, row, on):
    now = Customer(company, row, on)
    before = Customer(company, row, on - timedelta(days=90)).signals()
    signals = {}
    for name, (number, rows) in now.signals().items():
        was = before[name][0]
        if number is None or was is None:
            trend = "not_known"
        elif number == was:
            trend = "level"
        else:
            trend = "better" if (number > was) != (name == "recency") else "worse"
        signals[name] = {"value": number, "trend": trend, "evidence": rows}
    word, rows = now.standing()
    return {"customer": now.id, "name": row["name"], "on": on.isoformat(), "standing": word, "evidence": rows,
            "rhythm_days": now.rhythm, "rhythm_from": now.rhythm_from, "rhythm_evidence": now.rhythm_row or "",
            "quiet_days": now.ago(now.last.day) if now.last else None, "last_contact": now.last.id if now.last else "",
            "signals": signals}


# ---- retention and radar

LOSSES = ["circumstances", "competition", "economy", "market", "service", "workmanship"]


def retention(company, row, on):
    """(state, reasons, rows)"""
    customer = Customer(company, row, on)
    met = [v for v in customer.visits if v.two_way]
    if not met:
        return "none", [], []
    losses = sorted((r for r in company["loss"] if r["customer_id"] == customer.id and day(r["on_day"]) <= on),
                    key=lambda r: r["id"])
    left = [r for r in losses if day(r["on_day"]) >= met[-1].day]
    if left:
        return "left", list(dict.fromkeys(r["reason"] for r in left)), [r["id"] for r in left]
    word, rows = customer.standing()
    if word in ("gone_quiet", "cooling"):
        return "at_risk", [], rows
    if word == "not_enough_known" and customer.ago(customer.last.day) > customer.rhythm:
        return "at_risk", [], [customer.last.id]
    found = None
    for before, visit in zip(met, met[1:]):
        if customer.ago(visit.day) >= 365:
            continue
        lost = [r for r in losses if before.day <= day(r["on_day"]) < visit.day]
        if lost:
            found = [visit.id, lost[0]["id"]]
        elif (visit.day - before.day).days > 2 * customer.rhythm:
            found = [visit.id, before.id]
    return ("came_back", [], found) if found else ("staying", [], [met[-1].id])


def radar_words(company, row, on):
    """Which of the five questions this customer answers to."""
    customer = Customer(company, row, on)
    word = customer.standing()[0]
    answers = {"measured": word not in ("data_only", "not_enough_known"),
               "relationships": any(v.two_way for v in customer.visits),
               "their_terms": any((t["whose"] or "theirs") == "theirs" for t in customer.terms),
               "planned": any(is_active(company, p) for p in company["plan"] if p["customer_id"] == customer.id),
               "their_word": customer.rating()[0] is not None}
    return [name for name, is_so in answers.items() if is_so]


# ---- the plan

SIGNALS = ["recency", "two_wayness", "promises_kept", "rating", "breadth"]


def is_whole(goal):
    return bool(goal["measure"]) and None not in (goal["baseline"], goal["target"], goal["due_on"])


def is_active(company, plan):
    return bool(plan["active"]) and any(is_whole(g) for g in company["goal"] if g["plan_id"] == plan["id"])


def thousandths(number):
    return None if number is None else round(number * 1000)


def cut(number, by):
    """Division that cuts off, also below zero."""
    return abs(number) // by * (1 if number >= 0 else -1)


def month_ends(since, on):
    days, at = [], since
    while True:
        nxt = date(at.year + at.month // 12, at.month % 12 + 1, 1)
        if nxt - timedelta(days=1) >= on:
            break
        days.append(nxt - timedelta(days=1))
        at = nxt
    return days + [on] if since <= on else []


def measured(company, plan, goal, on):
    kind = goal["measure"]
    own = next((c for c in company["customer"] if c["id"] == plan["customer_id"]), None)
    if kind in ("relationships", "gone_quiet"):
        if plan["customer_id"]:
            return None
        words = [(c["id"], Customer(company, c, on).standing()[0]) for c in company["customer"]]
        rows = [c for c, word in words if (word != "data_only" if kind == "relationships" else word == "gone_quiet")]
        return len(rows) * 1000, rows or [plan["id"]]
    if own is None:
        return None
    customer = Customer(company, own, on)
    if kind in SIGNALS:
        number, rows = customer.signals()[kind]
        return None if number is None else (number * 1000, rows)
    if not customer.visits:
        return None
    year = [v for v in customer.contacts if customer.ago(v.day) < 365]
    minutes = sum(max(0, v.row["minutes"] or 0) for v in year)
    number = len(year) * 1000 if kind == "contacts" else minutes * 1000 // 60
    return number, [v.id for v in year] or [customer.visits[-1].id]


def points(company, plan, goal, on):
    since = day(goal["since_on"]) or made(goal["id"]) or on
    if goal["measure"] in SIGNALS + ["contacts", "hours", "relationships", "gone_quiet"]:
        found = [(d, measured(company, plan, goal, d)) for d in month_ends(since, on)]
        return [(d, number, rows) for d, it in found if it for number, rows in [it]]
    days = {}
    for row in sorted(company["measurement"], key=lambda r: r["id"]):
        if row["goal_id"] == goal["id"] and row["value"] is not None and day(row["on_day"]) <= on:
            days[day(row["on_day"])] = (thousandths(row["value"]), [row["id"]])
    return [(d, *days[d]) for d in sorted(days)]


def plan(company, row, on):
    goals = []
    for goal in (g for g in company["goal"] if g["plan_id"] == row["id"]):
        line, expected, standing = points(company, row, goal, on), None, "not_known"
        baseline, target = thousandths(goal["baseline"]), thousandths(goal["target"])
        if line and is_whole(goal):
            at, newest, _ = line[-1]
            since = day(goal["since_on"]) or made(goal["id"]) or at
            whole = (day(goal["due_on"]) - since).days
            gone = min(max((at - since).days, 0), max(whole, 0))
            expected = baseline + cut((target - baseline) * gone, whole) if whole > 0 else target
            beyond = (lambda number: newest >= number) if target >= baseline else (lambda number: newest <= number)
            standing = "reached" if beyond(target) else "ahead" if beyond(expected) else "behind"
        goals.append({"goal": goal["id"], "points": [
            {"on": d.isoformat(), "value": number / 1000, "evidence": rows} for d, number, rows in line],
            "expected": None if expected is None else expected / 1000, "standing": standing})
    mine = [i for i in company["initiative"] if i["plan_id"] == row["id"]]
    states = ["done" if i["done_on"] and day(i["done_on"]) <= on else
              "late" if i["due_on"] and day(i["due_on"]) < on else "open" for i in mine]
    return {"plan": row["id"], "active": is_active(company, row),
            "technology_only": bool(mine) and all(i["kind"] == "technology" for i in mine),
            "goals": goals, "initiatives": states}


def today(company, on):
    groups = ["now", "soon", "gone_quiet"]
    rows = []
    for row in company["customer"]:
        customer = Customer(company, row, on)
        reasons = customer.reasons()
        if not reasons:
            continue
        rows.append({"customer": customer.id, "name": row["name"], "go_there": customer.go_there(), "reasons": [
            {"group": g, "reason": k, "day": d.isoformat(), "topic": t, "evidence": e, "owner": o, "hand_over": h}
            for g, d, k, t, e, o, h in reasons]})
    return sorted(rows, key=lambda r: (groups.index(r["reasons"][0]["group"]), r["reasons"][0]["day"],
                                       r["name"].encode(), r["customer"]))
