#!/usr/bin/env python3
"""demo_rows.py TENDCTL REPLICA: fills a replica with the demonstration workspace.

Twenty customers in two territories, 120 visits over the nine months before today, promises, one open relay and
one plan. The seed is fixed: the same rows every time but for the dates, which end today.
"""
import datetime
import json
import random
import subprocess
import sys

TENDCTL, REPLICA = sys.argv[1], sys.argv[2]
chance = random.Random(1806)
now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)

NAMES = ["Ana Ruiz", "Piet de Vries", "Grace Bell", "Samira Haddad", "Tom Lind", "Lena Fischer", "Leo Park",
         "Mina Osei", "Anna Novak", "Jonas Weber", "Aiko Tanaka", "Omar Farouk", "Ines Costa", "Pavel Dvorak",
         "Ruth Adler", "Sam Okoro", "Eva Lindqvist", "Hugo Martin", "Nora Byrne", "Igor Petrov"]
PLACES = ["Bakery, Mill Lane", "Corner shop, Station Road", "Canteen, North School", "Garage, Harbour Street",
          "Delicatessen, Old Market", "Cafe, River Walk", "Hotel kitchen, Abbey Hill", "Greengrocer, Park Row"]
SAID = [("The van came at seven again. We open at six.", -1), ("Six on the dot all week. Thank you.", 1),
        ("Your rye sells out by ten.", 2), ("Nobody tells me when the van is late.", -2),
        ("I would pay more to get it on time.", 0), ("The other firm never calls. You do.", 2),
        ("The boxes are too heavy for my new girl.", -1), ("We are closing on Mondays from spring.", 0),
        ("My daughter takes over in summer.", 1), ("The invoice was wrong twice.", -1),
        ("The car is fine, honestly. The seat hurts my back.", 0), ("You were the only ones who came by.", 2)]
STEPS = ["Ask whether six o'clock held", "Bring the autumn list", "Hand over the oven quote", "Ring about the invoice"]


def put(table, rows):
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    done = subprocess.run([TENDCTL, "--replica", REPLICA, "put", table, "--batch", "50"], input=lines, text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return [json.loads(line)["id"] for line in done.stdout.splitlines()]


def rows_of(table):
    done = subprocess.run([TENDCTL, "--replica", REPLICA, "get", table], text=True, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


subprocess.run([TENDCTL, "--replica", REPLICA, "sync"], check=True, capture_output=True)
territories = [row["id"] for row in rows_of("territory")]
customers = put("customer", [
    {"name": name, "kind": "person", "place": chance.choice(PLACES), "phone": f"06 {chance.randrange(10**7, 10**8)}",
     "territory_id": territories[i % len(territories)] if territories else None}
    for i, name in enumerate(NAMES)])
visits = []
for _ in range(120):
    customer = chance.randrange(len(customers) - 2)  # two were never talked to
    at = now - datetime.timedelta(days=chance.randrange(1, 270), minutes=chance.randrange(600))
    said, feeling = chance.choice(SAID)
    visit = {"customer_id": customers[customer], "kind": chance.choice(["face_to_face", "face_to_face", "call", "counter"]),
             "outcome": "met", "direction": "us", "started_at": at.isoformat().replace("+00:00", "Z"), "said": said,
             "customer_feeling": feeling}
    if chance.random() < 0.12:
        visit.update(kind="call", outcome="no_answer", said=None, customer_feeling=None)
    elif chance.random() < 0.2:
        visit["next_step"] = chance.choice(STEPS)
        visit["next_step_on"] = (now + datetime.timedelta(days=chance.randrange(-3, 9))).date().isoformat()
    visits.append(visit)
put("visit", visits)
put("promise", [{"customer_id": customers[i], "by": "us", "what": what, "state": "open",
                 "due_on": (now + datetime.timedelta(days=days)).date().isoformat()}
                for i, what, days in [(0, "Delivery before six", 1), (1, "The oven quote", 0), (4, "A spare key", 5)]])
put("terms", [{"customer_id": customers[0], "words": "Message first; ring after 17:00.", "whose": "theirs"},
              {"customer_id": customers[3], "words": "A call once a month is plenty.", "rhythm_days": 30, "whose": "theirs"}])
(remark,) = put("remark", [{"customer_id": customers[2], "words": "The till line is too long on Saturdays.",
                            "customer_name": NAMES[2]}])
put("relay_event", [{"remark_id": remark, "kind": "passed", "at": now.isoformat().replace("+00:00", "Z")}])
(plan,) = put("plan", [{"customer_id": customers[0], "title": "Bread out when we open", "active": True}])
put("goal", [{"plan_id": plan, "words": "Bread out when we open.", "measure": "deliveries before six, in ten",
              "baseline": 4, "target": 9, "due_on": (now + datetime.timedelta(days=90)).date().isoformat()}])
put("initiative", [{"plan_id": plan, "what": what, "kind": kind} for what, kind in
                   [("Driver rings when he is late", "process"), ("First van leaves at five", "policy")]])
print(f"{len(customers)} customers and {len(visits)} visits", file=sys.stderr)
