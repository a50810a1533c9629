"""Other people's programs on our files, and ours on theirs: python3-vobject and python3-icalendar.

    interop.py TENDCTL FIXTURES

They read what tendctl exports, and must find what tendctl's own rows say; tendctl reads what they write, and must show
what they were given.
"""
import datetime
import pathlib
import sys

import icalendar
import vobject
from replica import Replica, equal

FIXTURES = pathlib.Path(sys.argv[2])


def cards_are_read_by_vobject():
    replica = Replica("out")
    for name in ("phone-2.1.vcf", "desk-3.0.vcf", "new-4.0.vcf", "hubspot.csv"):
        replica.run("import", str(FIXTURES / name))
    customers = {row["name"]: row for row in replica.rows("customer")}
    names = {row["id"]: row["name"] for row in customers.values()}
    cards = list(vobject.readComponents(replica.run("export", "--format", "vcard")))
    equal("cards", len(cards), len(customers))
    for card in cards:
        row = customers[card.fn.value]
        card.validate(raiseException=True)
        if row["phone"]:
            assert any(row["phone"] in tel.value for tel in card.contents["tel"]), card.fn.value
        if row["email"]:
            assert row["email"] in [one.value for one in card.contents["email"]], card.fn.value
        if row["note"]:
            equal("note", card.note.value, row["note"])
        if row["title"]:
            equal("title", card.title.value, row["title"])
        if row["organisation_id"]:
            equal("organisation", card.org.value[0], names[row["organisation_id"]])
        if row["kind"] == "organisation":
            equal("own organisation", card.org.value[0], row["name"])
    by_name = {card.fn.value: card for card in cards}
    photo = by_name["Amélie Dubois"].photo.value
    original = next(vobject.readComponents((FIXTURES / "desk-3.0.vcf").read_text())).photo.value
    equal("photo", bytes(photo), bytes(original))
    equal("parts of a name", by_name["Dr. Jörg Müller"].n.value.family, "Müller")
    equal("parts of an address", by_name["Amélie Dubois"].adr.value.city, "Le Havre")
    equal("a group", by_name["Amélie Dubois"].contents["x-ablabel"][0].group, "item2")


def cards_of_vobject_are_read():
    replica = Replica("in")
    text = ""
    for number in range(30):
        card = vobject.vCard()
        card.add("n").value = vobject.vcard.Name(family=f"Ünal;{number}", given="Ayşe, A.", prefix="Dr.")
        card.add("fn").value = f"Dr. Ayşe, A. Ünal;{number}"
        card.add("uid").value = f"vobject-{number}"
        phone = card.add("tel")
        phone.value, phone.type_param = f"+90 212 555 {number:04}", "CELL"
        card.add("email").value = f"a{number}@unal.example"
        card.add("org").value = ["Ünal & Oğlu", "Satış"]
        card.add("adr").value = vobject.vcard.Address(street="Liman 1", city="İzmir", code="35000", country="TR")
        card.add("note").value = "line one\nline; two, with \\ and a very long tail " + "ş" * 200
        card.add("x-score").value = str(number)
        photo = card.add("photo")
        photo.value, photo.encoding_param, photo.type_param = bytes([number] * 400), "b", "JPEG"
        text += card.serialize()
    octets = text.encode()
    equal("first import", replica.load(octets), (30, 0, 0, 0))
    equal("second import", replica.load(octets), (0, 0, 30, 0))
    rows = {row["name"]: row for row in replica.rows("customer")}
    row = rows["Dr. Ayşe, A. Ünal;7"]
    equal("phone", row["phone"], "+90 212 555 0007")
    equal("address", row["address"], "Liman 1, 35000 İzmir, TR")
    equal("note", row["note"], "line one\nline; two, with \\ and a very long tail " + "ş" * 200)
    equal("firm", rows["Ünal & Oğlu"]["kind"], "organisation")
    back = {card.fn.value: card for card in vobject.readComponents(replica.run("export", "--format", "vcard"))}
    equal("what only they know", back["Dr. Ayşe, A. Ünal;7"].contents["x-score"][0].value, "7")
    equal("photo", bytes(back["Dr. Ayşe, A. Ünal;7"].photo.value), bytes([7] * 400))
    equal("uid", back["Dr. Ayşe, A. Ünal;7"].uid.value, "vobject-7")


def calendars_are_read_by_both():
    replica = Replica("calendar")
    jane = replica.put("customer", name="Jane Doe", email="jane@doe.example")
    visit = replica.put("visit", customer_id=jane, kind="call", outcome="met", started_at="2026-06-11T14:20:00Z", minutes=25,
                        on_day="2026-06-11", said="Größe; ja, \"gern\"\nzweite Zeile " + "ß" * 90, next_step="Offer",
                        next_step_on="2026-07-01")
    task = replica.put("follow_up", customer_id=jane, about="Ring, please", due_on="2026-12-24")
    text = replica.run("export", "--format", "ical")
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()
    found = {str(part["UID"]): part for part in icalendar.Calendar.from_ical(text).walk() if "UID" in part}
    equal("entries", len(found), 3)
    equal("begins", found[visit]["DTSTART"].dt, datetime.datetime(2026, 6, 11, 14, 20, tzinfo=datetime.timezone.utc))
    equal("lasts", found[visit]["DURATION"].dt, datetime.timedelta(minutes=25))
    equal("said", str(found[visit]["DESCRIPTION"]), "Größe; ja, \"gern\"\nzweite Zeile " + "ß" * 90)
    equal("due", found[task]["DUE"].dt, datetime.date(2026, 12, 24))
    parsed = vobject.readOne(text)
    equal("tasks", sorted(one.summary.value for one in parsed.vtodo_list), ["Offer", "Ring, please"])
    assert all("DTSTAMP" in part for part in found.values())


def calendars_of_icalendar_are_read():
    replica = Replica("events")
    replica.put("customer", name="Jane Doe", email="jane@doe.example")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Example//Made by a test//EN")
    calendar.add("version", "2.0")
    for number in range(20):
        event = icalendar.Event()
        event.add("uid", f"event-{number}@example")
        event.add("dtstamp", datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc))
        event.add("dtstart", datetime.datetime(2026, 5, 1 + number, 9, 30, tzinfo=datetime.timezone.utc))
        event.add("dtend", datetime.datetime(2026, 5, 1 + number, 10, 15, tzinfo=datetime.timezone.utc))
        event.add("summary", "Meeting, " + "ö" * 60)
        event.add("attendee", "MAILTO:jane@doe.example")
        calendar.add_component(event)
    octets = calendar.to_ical()
    equal("first import", replica.load(octets), (20, 0, 0, 0))
    equal("second import", replica.load(octets), (0, 0, 20, 0))
    visits = sorted(replica.rows("visit"), key=lambda row: row["started_at"])
    equal("begins", visits[3]["started_at"], "2026-05-04T09:30:00Z")
    equal("minutes", visits[3]["minutes"], 45)
    equal("words", visits[3]["impression"], "Meeting, " + "ö" * 60)


for check in (cards_are_read_by_vobject, cards_of_vobject_are_read, calendars_are_read_by_both,
              calendars_of_icalendar_are_read):
    check()
    print(f"{check.__name__}: holds")
