"""The rules of docs/RULES.md on customers whose rows and answers were written by hand.

    golden.py TENDCTL [FILE]

Both `tendctl` and rules.py, which are compared with each other elsewhere, must say what the file says.
"""
import os
import sys
import tempfile
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(__file__))
import rules  # noqa: E402
import year  # noqa: E402

FILE = os.path.join(os.path.dirname(__file__), "..", "data", "golden", "people.txt")
ON = date(2026, 6, 30)
COLUMNS = {"member": "member_id", "feeling": "customer_feeling", "rating": "customer_rating", "due": "due_on", "done": "done_on"}


def day(ago):
    return (ON - timedelta(days=int(ago))).isoformat()


class Customer:
    def __init__(self, replica, number, name, added):
        self.replica, self.name, self.wanted = replica, name, {}
        self.id = replica.put("customer", [{"id": year.id_made(ON - timedelta(days=added), number), "name": name}])[0]
        self.rows = {"customer": self.id}

    def put(self, table, label, **values):
        self.rows[label] = self.replica.put(table, [values])[0]

    def add(self, table, label, words):
        """One row as a line of the file has it."""
        values = {COLUMNS.get(key, key): value for key, value in (word.split("=") for word in words if "=" in word)}
        for key, value in values.items():
            if key.endswith("_on"):
                values[key] = day(value)
            elif key in ("customer_feeling", "customer_rating", "rhythm_days"):
                values[key] = int(value)
            elif key == "member_id":
                values[key] = f"01900000-0000-7000-8000-00000000000{value}"
        words = [word for word in words if "=" not in word]
        if table == "group":
            feeling = values.pop("customer_feeling")
            self.put("visit", label, kind="group", on_day=day(words[0]), direction=words[1], outcome="met", **values)
            self.replica.put("visit_customer", [
                {"visit_id": self.rows[label], "customer_id": self.id, "customer_feeling": feeling}])
            return
        values["customer_id"] = self.id
        if table == "visit":
            values = {"on_day": day(words[0]), "kind": words[1], "direction": words[2], "outcome": "met", **values}
        elif table == "terms":
            values["whose"] = words[0]
        elif table == "promise":
            values |= {"by": "us", "what": label, "state": words[0]}
        elif table == "loss":
            values |= {"on_day": day(words[0]), "reason": words[1]}
        elif table == "sale":
            values |= {"sold_on": day(words[0]), "item": label}
        elif table == "circumstance":
            values["what"] = label
        elif table == "need":
            values |= {"words": label, "state": words[0]}
        else:
            sys.exit(f"no rows of {table} here")
        self.put(table, label, **values)

    def expect(self, what, words):
        if what == "today":
            self.wanted.setdefault("today", []).append(words)
        else:
            assert what not in self.wanted, (self.name, what)
            self.wanted[what] = words


def read(replica, path):
    """The customers of the file, their rows put, what is wanted of them noted."""
    customers = []
    with open(path, encoding="utf-8") as lines:
        for line in (line.strip() for line in lines):
            if not line or line.startswith("#"):
                continue
            first, *words = line.split()
            if first == "customer":
                name, added = line[len(first):].rsplit(" added ", 1)
                customers.append(Customer(replica, len(customers), name.strip(), int(added)))
            elif first != "=":
                customers[-1].add(first, words[0], words[1:])
            elif words[0] in ("today", "word", "rhythm", "stays"):
                customers[-1].expect(words[0], words[1:])
            else:
                for part in line[1:].split(";"):
                    customers[-1].expect(part.split()[0], part.split()[1:])
    return customers


def told(customer, profile, retained, reasons):
    """What was told of a customer, in the words of the file."""
    labels = {row: label for label, row in customer.rows.items()}
    rows = lambda ids: [labels[i] for i in ids]
    ago = lambda text: str((ON - date.fromisoformat(text)).days)
    out = {"word": [profile["standing"], *rows(profile["evidence"])],
           "rhythm": [str(profile["rhythm_days"]), profile["rhythm_from"],
                      *rows([profile["rhythm_evidence"]] if profile["rhythm_evidence"] else [])]}
    for name, signal in profile["signals"].items():
        trend = "-" if signal["trend"] == "not_known" else signal["trend"]
        out[name] = ["-" if signal["value"] is None else str(signal["value"]), trend, *rows(signal["evidence"])]
    state, why, which = retained
    out["stays"] = [state, *rows(which)] + ([";", *why] if why else [])
    if reasons:
        out["today"] = [[r["group"], r["reason"], ago(r["day"]), *rows(r["evidence"])] for r in reasons]
    return out


def compare(who, customer, found):
    for what in sorted(customer.wanted.keys() | found.keys()):
        wanted, told_there = customer.wanted.get(what), found.get(what)
        if wanted != told_there:
            sys.exit(f"{customer.name}, {what}:\n  by hand {wanted}\n  {who} {told_there}")


def main(tendctl, path=FILE):
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        replica = year.Replica(tendctl, folder)
        customers = read(replica, path)
        company = {table: replica.lines("get", table) for table in year.TABLES}
        company["visit_by_id"] = {row["id"]: row for row in company["visit"]}
        by_id = {row["id"]: row for row in company["customer"]}
        ours = {row["customer"]: row["reasons"] for row in rules.today(company, ON)}
        profiles = {row["customer"]: row for row in replica.lines("profile", "--on", ON.isoformat())}
        kept = {row["customer"]: (row["state"], row["reasons"], row["evidence"])
                for row in replica.lines("retention", "--on", ON.isoformat()) if "state" in row}
        today = {row["customer"]: row["reasons"] for row in replica.lines("today", "--on", ON.isoformat())}
        assert len(customers) == len(profiles) > 10
        for customer in customers:
            row = by_id[customer.id]
            compare("tendctl", customer, told(customer, profiles[customer.id],
                    kept.get(customer.id, ("none", [], [])), today.get(customer.id)))
            compare("rules.py", customer, told(customer, rules.profile(company, row, ON),
                    rules.retention(company, row, ON), ours.get(customer.id)))
        print(f"{len(customers)} customers are as they were worked out by hand")


if __name__ == "__main__":
    main(*sys.argv[1:])
