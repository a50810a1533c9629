"""No figure about a customer stands without rows behind it: every report of tendctl over a small company.

    evidence.py TENDCTL [TEND_SERVER]    each figure that stands alone, by verb and path
    evidence.py --self-test              plant figures and see them found

A number has rows behind it when the object it stands in names rows that are there, under a key of EVIDENCE, or when a
row whose id stands beside it holds it in a column of that name. A text that is but a number is one. What is counted or
added up must be what the rows beside it come to. Without a server nobody is a member, and `heard` says nothing.
"""
import contextlib
import json
import os
import re
import sys
import tempfile
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(__file__))
import company  # noqa: E402
import year  # noqa: E402

TABLES = os.path.join(os.path.dirname(__file__), "..", "..", "app", "journal", "tables.json")
ON = date(2026, 6, 30)
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EVIDENCE = ("evidence", "visit", "visits", "rows", "customers", "last_contact", "rhythm_evidence")


def minutes_known(minutes):
    """Of none that are known there is no sum."""
    known = [some for some in minutes if some is not None]
    return sum(known) if known else None


# Where it is known what the rows beside a figure must come to; 0 is then said of none, and of nothing else.
COMES_TO = {
    ("brief", "contacts_this_year"): lambda its, rows: len(its["evidence"]),
    ("brief", "minutes_this_year"): lambda its, rows: minutes_known(rows[visit]["minutes"] for visit in its["evidence"]),
    ("radar", "people"): lambda its, rows: len(its["evidence"]),
    ("radar", "percent"): lambda its, rows: 100 * len(its["evidence"]) // its["customers"],
    ("radar", "before"): lambda its, rows: len(its["evidence_before"]),
    ("retention", "losses"): lambda its, rows: len(its["evidence"]),
}
# What is no figure about a customer, and why.
ALLOWED = {
    ("profile", "rhythm_days"): (lambda its: its["rhythm_from"] == "default", "90 days is the rule's, of nobody"),
    ("plan", "expected"): (lambda its: its["whole"], "on the way that the goal's row beside it says"),
    ("radar", "customers"): (lambda its: True, "how many were asked about; `profile` tells of each"),
    ("retention", "year"): (lambda its: True, "when, not how much"),
    ("status", "waiting"): (lambda its: True, "rows that were not sent yet"),
    ("status", "conflicts"): (lambda its: True, "what devices disagree about"),
    ("status", "refused"): (lambda its: True, "what the server would not take"),
    ("recent", "number"): (lambda its: True, "the action's own, to take it back by"),
}
# What verbs do that report nothing. Any other verb of the help must be asked.
NO_REPORT = {
    "works on the file": {"init", "join", "sync", "rescue", "restore", "verify"},
    "writes, or takes back": {"put", "delete", "attach", "resolve", "undo-merge", "undo", "unite", "part", "import",
                              "undo-import"},
    "shows rows and files as they are": {"get", "history", "conflicts", "refused", "merged", "attachments",
                                         "fetch-attachment", "imports", "export", "backup"},
}


def ids_in(value):
    return {match[0] for match in ID.finditer(json.dumps(value))}


def is_number(value):
    if isinstance(value, str):
        return re.fullmatch(r"[-+]?\d+([.,]\d+)?\s*%?", value) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_backed(rows, verb, its, key):
    """Whether this number of a report has rows behind it."""
    if (verb, key) in COMES_TO:
        with contextlib.suppress(KeyError, TypeError, ZeroDivisionError):
            return its[key] == COMES_TO[verb, key](its, rows)
        return False
    if (verb, key) in ALLOWED and ALLOWED[verb, key][0](its):
        return True
    if any(ids and ids <= rows.keys() for ids in (ids_in(its.get(name)) for name in EVIDENCE)):
        return True
    beside = [rows[other] for other in its.values() if isinstance(other, str) and other in rows]
    return any(key in row and row[key] == its[key] for row in beside)


def bare(rows, verb, told, path=""):
    """The numbers that stand alone in this report: where, and what they are."""
    if isinstance(told, dict):
        for key, value in told.items():
            if not is_number(value):
                yield from bare(rows, verb, value, f"{path}.{key}")
            elif not is_backed(rows, verb, told, key):
                yield f"{path}.{key}"[1:], value
    elif isinstance(told, list):
        for value in told:
            yield from bare(rows, verb, value, path + "[]")
    elif is_number(told):
        yield path[1:], told  # in a list of numbers nothing stands beside it


def invent(replica):
    """A little of everything that a report may tell."""
    day = lambda ago: (ON - timedelta(days=ago)).isoformat()
    at = lambda ago: f"{day(ago)}T09:00:00Z"
    member, other = (f"01900000-0000-7000-8000-00000000000{i}" for i in (1, 2))
    names = ["Ana Lind", "Ana Lindt", "Bo Quiet", "Cem Left", "Dot Never", "Eve Letters", "Fay Back"]
    ana, _, bo, cem, dot, eve, fay = replica.put("customer", [
        {"id": year.id_made(ON - timedelta(days=600), i), "name": name, "phone": "555-0100" if i < 2 else None}
        for i, name in enumerate(names)])
    of = lambda customer, ago, kind="face_to_face", **more: {
        "customer_id": customer, "kind": kind, "outcome": "met", "on_day": day(ago), "started_at": at(ago),
        "member_id": member, "minutes": 20, **more}
    visits = replica.put("visit", [
        of(ana, 20, "group", member_id=other), of(ana, 8, "message", said="Thank you"),
        of(ana, 3, "counter", direction="them", said="The boot lid rattles", effect="weakened", customer_rating=7),
        of(ana, 40, "call", direction="us", effect="strengthened", customer_feeling=1, next_step="call",
           next_step_on=day(0)),
        of(ana, 100, customer_rating=5, effect="strengthened"), of(ana, 130, direction="them", minutes=None),
        of(ana, 2, outcome="no_answer"), of(ana, 1, outcome="left_message"),
        of(ana, 5, "call", help="asked", said="Come on Friday"), of(bo, 300, customer_rating=2),
        of(bo, 310, direction="them"), of(cem, 200), of(eve, 30, "message"), of(fay, 400), of(fay, 30, "call")])
    replica.put("visit_customer", [
        {"visit_id": visits[0], "customer_id": bo, "said": "The room was cold", "customer_feeling": -1},
        {"visit_id": visits[0], "customer_id": ana, "customer_feeling": 1}])
    replica.put("promise", [
        {"customer_id": ana, "by": "us", "what": "the lid", "made_on": day(30), "due_on": day(9), "state": "open"},
        {"customer_id": ana, "by": "them", "what": "a photo", "made_on": day(30), "due_on": day(-3), "state": "open"},
        {"customer_id": ana, "by": "us", "what": "a mat", "made_on": day(120), "state": "kept", "done_on": day(112)},
        {"customer_id": bo, "by": "us", "what": "a call", "made_on": day(60), "state": "broken", "done_on": day(45)},
        # Whenever this is run, it is due: for `remind`.
        {"customer_id": bo, "by": "us", "what": "a quote", "made_on": "2019-12-01", "due_on": "2020-01-01"}])
    replica.put("terms", [
        {"customer_id": customer, "whose": whose, "words": "mornings", "rhythm_days": days, "since_on": day(150)}
        for customer, whose, days in ((ana, "theirs", 14), (ana, "ours", 30), (dot, "theirs", 60))])
    replica.put("circumstance", [{"customer_id": ana, "what": "they move", "since_on": day(20), "until_on": day(-5)}])
    replica.put("need", [{"customer_id": ana, "words": "a quieter lid", "state": "given"},
                         {"customer_id": bo, "words": "a larger boot", "state": "heard"}])
    sale, _ = replica.put("sale", [{"customer_id": customer, "item": "Corolla", "sold_on": day(30), "seller_id": member}
                                   for customer in (ana, bo)])
    replica.put("follow_up", [{"customer_id": ana, "sale_id": sale, "due_on": day(27), "done_visit_id": visits[1]},
                              {"customer_id": bo, "about": "the quote", "due_on": day(2), "owner_id": member}])
    replica.put("handover", [{"customer_id": bo, "from_id": member, "to_id": other, "on_day": day(4)}])
    lost = (cem, "service", 100), (cem, "market", 100), (fay, "service", 380)
    replica.put("loss", [{"customer_id": whose, "reason": reason, "on_day": day(ago)} for whose, reason, ago in lost])
    replica.put("buying", [{"customer_id": ana, "where": "both", "why": "near", "would_change": "a longer warranty"}])
    replica.put("client_says", [{"customer_id": ana, "wants": "a car that lasts", "worth": "much", "said_on": day(40)}])
    question, = replica.put("question", [{"words": "Was it clean?", "from_on": day(30)}])
    replica.put("answer", [{"question_id": question, "customer_id": customer, "words": "Mostly", "on_day": day(3)}
                           for customer in (ana, None)])
    replica.put("market_note", [{"words": "Corollas are called back", "from_on": day(9), "item": "corolla"}])
    remarks = replica.put("remark", [
        {"customer_id": ana, "words": "The waiting room is freezing", "to_role": "office", "heard_at": at(3)},
        {"customer_name": "A walker-by", "words": "Nice windows", "to_role": "office", "heard_at": at(3)}])
    replica.put("relay_event", [{"remark_id": remark, "kind": kind, "at": at(ago), "words": "It is mended"}
                                for remark, kind, ago in ((remarks[0], "passed", 2), (remarks[0], "seen", 1),
                                                          (remarks[0], "answered", 0), (remarks[1], "passed", 2))])
    plans = replica.put("plan", [{"customer_id": ana, "title": "Win her back"}, {"title": "Keep everybody"}])
    goals = replica.put("goal", [
        {"plan_id": plan, "words": "better", "measure": measure, "baseline": baseline, "target": target,
         "since_on": day(95), "due_on": day(-90)}
        for plan, measure, baseline, target in (
            (plans[0], "smiles", 1, 9.5), (plans[0], "rating", 40, 80), (plans[0], "contacts", 2, 12),
            (plans[0], "hours", 0, 5), (plans[0], "recency", 90, 20), (plans[1], "relationships", 2, 5),
            (plans[1], "gone_quiet", 3, 0))])
    replica.put("measurement", [{"goal_id": goals[0], "on_day": day(ago), "value": ago / 8} for ago in (60, 20)])
    replica.put("initiative", [{"plan_id": plans[0], "what": "ring in a day", "owner_id": member, "due_on": day(-2)}])
    replica.put("plan", [{"id": plan, "active": True} for plan in plans])
    replica.put("look", [{"customer_id": ana, "member_id": other, "on_day": day(1)}])


def reports(replica):
    """Every way to ask, word by word, and of everybody: each verb of the help that is not in NO_REPORT."""
    on = ("--on", ON.isoformat())
    customers = [row["id"] for row in replica.lines("get", "customer")]
    figures = [figure["figure"] for figure in replica.lines("radar", *on)]
    asked = [(verb, *on) for verb in ("today", "profile", "plan", "radar", "retention", "why", "questions", "notes")]
    asked += [(verb, customer, *on) for verb in ("profile", "plan", "brief", "says", "notes") for customer in customers]
    asked += [("radar", words, *on) for words in (*figures, "--mine")] + [("why", "warranty", *on)]
    asked += [("who", *words, *on) for words in (["quiet"], ["unhappy"], ["promised"], ["said", "lid"], ["changed"])]
    asked += [("looks", customer) for customer in customers] + [("search", words) for words in ("lid", "5550100")]
    asked += [("doubles",), ("doubles", "Ana Lind"), ("heard",), ("remind", "--at", "00:00"), ("status",), ("recent",)]
    known = {words[0] for words in asked}.union(*NO_REPORT.values())
    assert verbs(replica) == known, f"not asked, or not there: {verbs(replica) ^ known}"
    assert verbs(replica, "who") == {words[1] for words in asked if words[0] == "who"}
    return asked


def verbs(replica, *of):
    return set(re.findall(r"^  ([a-z][\w-]*)  ", replica.run(*of, "--help").split("Subcommands:")[1], re.M))


def hold(replica, is_member):
    """Asks for every report, and prints what stands alone in them."""
    invent(replica)
    told = [(words[0], replica.lines(*words)) for words in reports(replica)]
    silent = {verb for verb, _ in told} - {verb for verb, lines in told if lines}
    assert silent == (set() if is_member else {"heard"}), f"says nothing, which proves nothing: {silent}"
    with open(TABLES, encoding="utf-8") as declared:
        tables = [table["name"] for table in json.load(declared)["tables"]]
    rows = {row["id"]: row for table in tables for row in replica.lines("get", table)}
    found = {}
    for verb, lines in told:
        for path, value in (figure for line in lines for figure in bare(rows, verb, line)):
            found.setdefault((verb, path), value)
    for (verb, path), value in sorted(found.items()):
        print(f"{verb}: {path} is {value}, and nothing beside it says of which rows")
    print(f"{sum(len(lines) for _, lines in told)} lines of {len(told)} reports: {len(found)} bare figures")
    return 1 if found else 0


def main(tendctl, program=None):
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        if not program:
            return hold(year.Replica(tendctl, folder), False)
        server = company.Server(program, folder)
        try:
            desk = company.Desk(tendctl, folder, "mia", server)
            assert desk.sync()
            return hold(desk, True)
        finally:
            server.kill()


def self_test():
    a, b, gone = (f"01900000-0000-7000-8000-00000000000{i}" for i in "abc")
    rows = {a: {"id": a, "minutes": 20, "rhythm_days": 14}, b: {"id": b, "minutes": None}}
    planted = [  # a report, and where its bare figures are
        ("profile", {"customer": a, "score": 73}, ["score"]),
        ("profile", {"customer": a, "score": "73 %"}, ["score"]),
        ("profile", {"customer": a, "score": 73, "evidence": []}, ["score"]),
        ("profile", {"customer": a, "score": 0, "evidence": []}, ["score"]),
        ("profile", {"customer": a, "score": 73, "evidence": [gone]}, ["score"]),
        ("profile", {"customer": a, "rhythm_days": 90, "rhythm_from": "habit"}, ["rhythm_days"]),
        ("profile", {"evidence": [a], "signals": {"score": 73}}, ["signals.score"]),
        ("profile", {"evidence": [a], "scores": [7, 3]}, ["scores[]", "scores[]"]),
        ("today", {"customers": 12, "late": 3}, ["customers", "late"]),
        ("radar", {"customers": 0, "people": 0, "percent": 0, "evidence": []}, ["percent"]),  # not known is not 0
        ("plan", {"points": [{"value": 1, "evidence": [a]}, {"value": 2}]}, ["points[].value"]),
        ("says", {"id": a, "minutes": 21, "rhythm_days": 14}, ["minutes"]),  # not what the row holds
        ("brief", {"customer": a, "contacts_this_year": 2}, ["contacts_this_year"]),
        ("brief", {"contacts_this_year": 3, "minutes_this_year": 20, "evidence": [a, b]}, ["contacts_this_year"]),
        ("brief", {"contacts_this_year": 2, "minutes_this_year": 30, "evidence": [a, b]}, ["minutes_this_year"]),
        ("radar", {"people": 1, "evidence": [a], "before": 1}, ["before"]),
        ("brief", {"contacts_this_year": 2, "minutes_this_year": 20, "evidence": [a, b]}, []),
        ("brief", {"contacts_this_year": 0, "minutes_this_year": 0, "evidence": []}, ["minutes_this_year"]),
        ("radar", {"people": 1, "evidence": [a], "before": 0, "evidence_before": []}, []),
        ("profile", {"score": 73.5, "evidence": [a, b]}, []),
        ("profile", {"score": 73, "visit": b}, []),
        ("profile", {"customer": a, "rhythm_days": 90, "rhythm_from": "default"}, []),
        ("says", {"id": a, "minutes": 20, "active": True, "name": "Ana 2", "value": None}, []),
    ]
    failed = 0
    for verb, told, paths in planted:
        found = [path for path, _ in bare(rows, verb, told)]
        if found != paths:
            failed = 1
            print(f"{verb} {json.dumps(told)}: bare are {paths}, found {found}")
    return failed


if __name__ == "__main__":
    sys.exit(self_test() if sys.argv[1:] == ["--self-test"] else self_test() or main(*sys.argv[1:]))
