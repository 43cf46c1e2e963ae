#!/usr/bin/env python3
"""The acceptance checks of the migration.

    python3 checks/check.py names | emails | queries | rows | all

Each check prints one line for every kind of fault, with the number of cases and up to five of them, or one line that
says that all is well, and exits 1 or 0. What was there before is read from ``checks/baseline.db``. Everything runs on
a private copy of ``shop.db``: nothing in the workspace is written to.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Callable, Iterable, Iterator, NamedTuple

sys.dont_write_bytecode = True

WORKSPACE = Path(__file__).resolve().parent.parent
SHOP = WORKSPACE / "shop.db"
BASELINE = WORKSPACE / "checks" / "baseline.db"

HONORIFICS = {"dr", "prof", "mr", "mrs", "ms", "rev", "sir"}
SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "md"}
PARTICLES = {"da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "la", "le", "los", "ter", "van",
             "von", "zu"}

# MARK: The rules of the brief


def tidy(text: str) -> str:
    """A text with composed letters, single spaces and none around it, whatever kind of space they were."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """What all spellings of an address, or of a name, have in common."""
    return unicodedata.normalize("NFKC", text.strip()).casefold()


def plain(word: str) -> str:
    return word.rstrip(".").casefold()


def split_at_comma(name: str) -> tuple[str, str] | None:
    """The given and the family name of ``Family, Given``; nothing for a name with no comma or a suffix after it."""
    family, comma, given = (part.strip() for part in tidy(name).partition(","))
    return (given, family) if comma and given and plain(given) not in SUFFIXES else None


def display(name: str) -> str:
    """A name as it is shown after the migration."""
    pieces = split_at_comma(name)
    return " ".join(pieces) if pieces else tidy(name)


def quoted(text: str | None) -> str:
    """A text with what is invisible in it spelt out."""
    return repr(text) if text is None or unicodedata.is_normalized("NFC", text) else ascii(text)


class Customer(NamedTuple):
    """A customer as he was before the migration."""

    id: int
    name: str
    email: str | None
    created_at: str

    @property
    def key(self) -> str:
        """The folded address; empty if there is none."""
        return fold(self.email or "")

    @property
    def seniority(self) -> tuple[str, int]:
        return self.created_at, self.id

    def same_name(self, other: Customer) -> bool:
        return fold(display(self.name)) == fold(display(other.name))


# MARK: Faults


class Fault(NamedTuple):
    """One thing that is wrong, and with whom or what; the same fault is reported once, with its cases counted."""

    text: str
    case: str = ""


def report(check: str, faults: Iterable[Fault], praise: str) -> bool:
    """Prints what a check found, and returns whether it found nothing."""
    cases = defaultdict(list)
    for fault in faults:
        cases[fault.text].append(fault.case)
    for text, examples in cases.items():
        shown = "; ".join(filter(None, examples[:5]))
        more = "; …" if len(examples) > 5 else ""
        print(f"FAIL {check}: {text}" + (f" ({len(examples)}): {shown}{more}" if shown else ""))
    if not cases:
        print(f"ok   {check}: {praise}")
    return not cases


# MARK: The two databases


class Shop:
    """The database under test, on a private copy, beside what it was before."""

    def __init__(self, copy: Path):
        self.path = copy
        self.now = sqlite3.connect(copy)
        self.before = sqlite3.connect(f"{BASELINE.as_uri()}?mode=ro", uri=True)
        rows = self.before.execute("select id, name, email, created_at from customers order by id")
        self.customers = {row[0]: Customer(*row) for row in rows}
        self.groups = defaultdict(list)
        for customer in sorted(self.customers.values(), key=lambda customer: customer.seniority):
            if customer.key:
                self.groups[customer.key].append(customer)
        self.merges: dict[int, int] = {}
        if {"old_id", "new_id"} <= self.columns("customer_merges"):
            self.merges.update(self.now.execute("select old_id, new_id from customer_merges"))

    def close(self) -> None:
        self.now.close()
        self.before.close()

    def columns(self, table: str, stored: bool = False) -> set[str]:
        """The columns of a table of today; only those that are not generated, if ``stored``."""
        rows = self.now.execute("select name, hidden from pragma_table_xinfo(?)", [table])
        return {name.lower() for name, hidden in rows if not (stored and hidden)}

    def missing(self, *columns: str) -> list[Fault]:
        """Faults for the columns that customers ought to have and does not."""
        return [Fault(f"customers has no column {name}") for name in columns if name not in self.columns("customers")]


# MARK: names


def check_names(shop: Shop) -> Iterator[Fault]:
    """Every name is in two columns, and says what it said."""
    faults = shop.missing("given_name", "family_name")
    if faults:
        yield from faults
        return
    if "name" in shop.columns("customers", stored=True):
        yield Fault("customers still stores the old column name beside the new ones")
    for id, given, family in shop.now.execute("select id, given_name, family_name from customers order by id"):
        if id in shop.customers:
            text = wrong_name(shop.customers[id].name, given, family)
            if text:
                yield Fault(text, f"{id} was {quoted(shop.customers[id].name)}, is {quoted(given)} + {quoted(family)}")


def wrong_name(name: str, given: str | None, family: str | None) -> str | None:
    """What is wrong with the pieces of a name, if anything; the gravest first."""
    words = tidy(given or "").split()
    if not words:
        return "no given name"
    if family is not None and not family.strip():
        return "an empty family name where there should be none (null)"
    pieces = split_at_comma(name)
    if pieces:
        if (tidy(given), tidy(family or "")) != pieces:
            return "a name with a comma that did not come out as given name and family name"
    elif tidy(f"{given} {family or ''}") != tidy(name):
        return "the pieces do not give the name that was there"
    elif family is None and len(words) > 1:
        return "no family name, though the name has more than one part"
    elif all(plain(word) in HONORIFICS for word in words):
        return "a given name that is only an honorific"
    elif "," in given:
        return "a comma in the given name"
    elif words[-1] in PARTICLES:
        return "a particle of the family name that was left in the given name"
    if any(piece != piece.strip() for piece in (given, family or "")):
        return "white space around a piece"
    return None


# MARK: emails


def check_emails(shop: Shop) -> Iterator[Fault]:
    """Nobody shares an address, no address was lost, and the database sees to it from now on."""
    faults = shop.missing("email")
    if faults:
        yield from faults
        return
    faults = shop.missing("email_disputed")
    disputed = "null" if faults else "email_disputed"
    now = {id: rest for id, *rest in shop.now.execute(f"select id, email, {disputed} from customers order by id")}

    holders = defaultdict(list)
    for id, (email, _) in now.items():
        if email is not None and not email.strip():
            yield Fault("an empty address where there should be none (null)", f"{id} has {quoted(email)}")
        elif email is not None:
            holders[fold(email)].append(f"{id} has {quoted(email)}")
            if email != email.strip():
                yield Fault("white space around an address", f"{id} has {quoted(email)}")
    for sharing in holders.values():
        if len(sharing) > 1:
            yield Fault("an address that more than one customer has", " and ".join(sharing))

    yield from faults
    for customer in shop.customers.values():
        if customer.id in now:
            text = wrong_address(shop, customer, *now[customer.id])
            if text:
                email, disputed = now[customer.id]
                has = f"{quoted(email)}, disputed {quoted(disputed)}"
                yield Fault(text, f"{customer.id} had {quoted(customer.email)}, has {has}")
    yield from wrong_merges(shop)
    yield from trials_of_uniqueness(shop)


def wrong_address(shop: Shop, customer: Customer, email: str | None, disputed: str | None) -> str | None:
    """What is wrong with the address that a customer has now, if anything."""
    if not customer.key:
        return "an address for a customer who had none" if (email or "").strip() else None
    if fold(email or "") == customer.key:
        return None
    if email is not None:
        return "another address than before"
    if customer == shop.groups[customer.key][0]:
        return "an address that was taken from the customer who had it first"
    if customer.id not in shop.merges and fold(disputed or "") != customer.key:
        return "an address that is neither kept nor in email_disputed"
    return None


def wrong_merges(shop: Shop) -> Iterator[Fault]:
    """Only two accounts of one person may become one, and that is the older one."""
    for old, new in shop.merges.items():
        if old not in shop.customers or new not in shop.customers:
            yield Fault("a merge of a customer who never was", f"{old} into {new}")
            continue
        gone, kept = shop.customers[old], shop.customers[new]
        case = f"{old} {quoted(gone.name)} into {new} {quoted(kept.name)}"
        if not gone.key or gone.key != kept.key:
            yield Fault("a merge of customers who did not share an address", case)
        elif not gone.same_name(kept):
            yield Fault("a merge of customers whose names are different", case)
        elif gone.seniority < kept.seniority:
            yield Fault("a merge of an older account into a newer one", case)


def trials_of_uniqueness(shop: Shop) -> Iterator[Fault]:
    """Tries to enter addresses that the database ought to refuse, and some that it ought to take."""
    connection = sqlite3.connect(shop.path, isolation_level=None)
    samples = connection.execute(
        "select id, email from customers where email like '%_@_%' and email not glob '*[^ -~]*' order by id limit 2")
    known, other = samples.fetchone(), samples.fetchone()
    if not known or not other:
        yield Fault("hardly a customer has an address")
        return
    required = [name for name, in connection.execute(
        "select name from pragma_table_xinfo('customers')"
        " where \"notnull\" and dflt_value is null and not pk and not hidden and name <> 'email'")]
    into, values = ", ".join(["email", *required]), ", ".join(["?", *required])

    def entry(email: str | None) -> tuple[str, list]:
        """Enters a customer with an address, and else only with what every customer must have."""
        return f"insert into customers ({into}) select {values} from customers limit 1", [email]

    def change(email: str) -> tuple[str, list]:
        """Changes the address of a customer."""
        return "update customers set email = ? where id = ?", [email, other[0]]

    fresh, capitals = "somebody.new@example.com", known[1].swapcase()
    trials = (
        (True, "a new customer with a new address", [entry(fresh)]),
        (True, "two new customers without an address", [entry(None), entry(None)]),
        (False, "two new customers whose addresses differ only in capitals", [entry(fresh), entry(fresh.title())]),
        (False, f"a new customer with {capitals} beside {known[1]}", [entry(capitals)]),
        (False, f"a change of an address to {capitals} beside {known[1]}", [change(capitals)]),
    )
    for welcome, what, statements in trials:
        refusal = attempt(connection, statements)
        if welcome and refusal:
            yield Fault(f"the database refuses {what}: {refusal}")
        elif not welcome and not refusal:
            yield Fault(f"the database accepts {what}")
        elif not welcome and not isinstance(refusal, sqlite3.IntegrityError):
            yield Fault(f"the database fails at {what}: {refusal}")
    connection.close()


def attempt(connection: sqlite3.Connection, statements: list[tuple[str, list]]) -> sqlite3.Error | None:
    """Runs statements in a transaction that is rolled back, and returns the error that they met."""
    connection.execute("begin")
    try:
        for sql, values in statements:
            connection.execute(sql, values)
        return None
    except sqlite3.Error as error:
        return error
    finally:
        if connection.in_transaction:
            connection.execute("rollback")


# MARK: queries


def check_queries(shop: Shop) -> Iterator[Fault]:
    """The application answers as before, still records changes, and schema.sql describes the database."""
    try:
        app = Application(shop)
    except (Exception, SystemExit) as error:
        yield Fault(f"the application does not start: {error}")
        return
    for query, arguments, answer in shop.before.execute("select query, arguments, answer from answers order by id"):
        values = json.loads(arguments)
        asked = " ".join(map(str, [query, *values]))
        try:
            expected = app.comparable(query, json.loads(answer))
            found = app.comparable(query, app.ask(query, *values))
        except Exception as error:
            yield Fault(f"{query} does not run: {error}", asked)
            continue
        if found - expected and query != "changes":
            yield Fault(f"{query} gives rows that it did not give before", f"{asked}: {min(found - expected)}")
        if expected - found:
            yield Fault(f"{query} no longer gives rows that it gave", f"{asked}: {min(expected - found)}")
    yield from trial_of_change(shop, app)
    app.connection.close()
    yield from trial_of_command(shop)
    yield from wrong_schema(shop)


class Application:
    """The application of the workspace, at work on the private copy."""

    def __init__(self, shop: Shop):
        sys.path.insert(0, str(WORKSPACE))
        from app import db, queries

        self.queries: ModuleType = queries
        self.connection = db.connect(shop.path, writable=True)
        # Whose rows may well be others now: those who shared an address, and in a search by name those whose name
        # was not written as it is shown.
        self.shared = {customer.id for group in shop.groups.values() if len(group) > 1 for customer in group}
        self.unsteady = {id for id, customer in shop.customers.items() if customer.name != display(customer.name)}
        self.shown = {tidy(customer.name): display(customer.name) for customer in shop.customers.values()}

    def ask(self, query: str, *values: object) -> list[dict]:
        return self.queries.run(self.connection, query, *values)

    def comparable(self, query: str, rows: list[dict]) -> Counter:
        """The rows as texts in which only what matters is left, without the order that they came in."""
        skip = self.shared | self.unsteady if query == "find" else self.shared
        return Counter(json.dumps({column: self.value(column, value) for column, value in row.items()},
                                  ensure_ascii=False, sort_keys=True)
                       for row in rows if row.get("customer_id") not in skip)

    def value(self, column: str, value: object) -> object:
        """A name as it is shown, and an address without regard to its spelling."""
        if column == "name" and isinstance(value, str):
            return self.shown.get(tidy(value), tidy(value))
        if column == "email":
            return fold(value or "")
        return value


def trial_of_change(shop: Shop, app: Application) -> Iterator[Fault]:
    """Changes an address through the application and a name by hand, and looks whether both are on record."""
    id = min(id for id, customer in shop.customers.items() if customer.key and id not in app.shared)
    column = "given_name" if "given_name" in shop.columns("customers") else "name"
    renaming = f"update customers set {column} = 'Somebody' where id = ?"
    address = "somebody.new@example.com"
    trials = (
        ("change-email", lambda: app.ask("change-email", id, address)),
        ("an update of a name", lambda: app.connection.execute(renaming, [id])),
    )
    for what, change in trials:
        try:
            before = len(app.ask("changes", id))
            change()
            if len(app.ask("changes", id)) == before:
                yield Fault(f"{what} leaves no record in customer_changes")
            if what == "change-email" and [row["customer_id"] for row in app.ask("login", address)] != [id]:
                yield Fault("change-email has no effect on login")
        except Exception as error:
            yield Fault(f"{what} does not run: {error}")
        app.connection.rollback()


def trial_of_command(shop: Shop) -> Iterator[Fault]:
    """Asks one question on the command line."""
    command = [sys.executable, "-B", "-m", "app", "--database", str(shop.path), "top-customers", "3"]
    outcome = subprocess.run(command, cwd=WORKSPACE, capture_output=True, text=True)
    if outcome.returncode != 0:
        yield Fault(f"the command line does not run: {outcome.stderr.strip()[-200:]}")


def wrong_schema(shop: Shop) -> Iterator[Fault]:
    """Whether schema.sql makes the customers of the database, and its views work."""
    described = sqlite3.connect(":memory:")
    try:
        described.executescript((WORKSPACE / "schema.sql").read_text(encoding="utf-8"))
        columns = {name.lower() for name, in described.execute("select name from pragma_table_xinfo('customers')")}
        if columns != shop.columns("customers"):
            yield Fault("schema.sql and shop.db disagree on the columns of customers",
                        ", ".join(sorted(columns ^ shop.columns("customers"))))
    except (OSError, sqlite3.Error) as error:
        yield Fault(f"schema.sql cannot be loaded: {error}")
    described.close()
    for view, in shop.now.execute("select name from sqlite_master where type = 'view'").fetchall():
        try:
            shop.now.execute(f'select * from "{view}" limit 1').fetchall()
        except sqlite3.Error as error:
            yield Fault(f"the view {view} is broken: {error}")


# MARK: rows


def check_rows(shop: Shop) -> Iterator[Fault]:
    """Nothing is gone: every customer, and every row of every other table, with what it said."""
    live = {id for id, in shop.now.execute("select id from customers")}
    for customer in shop.customers.values():
        if customer.id not in live and customer.id not in shop.merges:
            yield Fault("a customer who is gone", f"{customer.id} {quoted(customer.name)}")
    for id in sorted(live - set(shop.customers)):
        yield Fault("a customer who was not there before", str(id))
    for old, new in shop.merges.items():
        if new not in live:
            yield Fault("a customer who was merged into one who is gone", f"{old} into {new}")

    orphans = orphan_rows(shop.before)
    for table, in shop.before.execute("select name from sqlite_master where type = 'table' order by name").fetchall():
        if table not in ("customers", "answers"):
            yield from wrong_rows(shop, table, live, orphans.get(table, set()))

    for message, in shop.now.execute("pragma integrity_check").fetchall():
        if message != "ok":
            yield Fault("the database is damaged", message)
    for table, target in shop.now.execute(
            "select t.name, f.\"table\" from sqlite_master t, pragma_foreign_key_list(t.name) f where type = 'table'"):
        if not shop.columns(target):
            yield Fault("a foreign key to a table that is not there", f"{table} to {target}")


def orphan_rows(before: sqlite3.Connection) -> dict[str, set[int]]:
    """The ids of the rows that belong to nobody, by table; with what hangs on them."""
    gone = "customer_id not in (select id from customers)"
    without = f"order_id not in (select id from orders) or order_id in (select id from orders where {gone})"
    conditions = {"orders": gone, "customer_changes": gone, "order_lines": without, "payments": without}
    return {table: {id for id, in before.execute(f"select id from {table} where {condition}")}
            for table, condition in conditions.items()}


def wrong_rows(shop: Shop, table: str, live: set[int], orphans: set[int]) -> Iterator[Fault]:
    """Compares a table with what it was. Orphans may have moved to a table of their own, and what belonged to an
    account that was merged belongs to the account that is left."""
    columns = [name for _, name, *_ in shop.before.execute(f"pragma table_info({table})")]
    lost = set(columns) - shop.columns(table)
    if lost:
        yield Fault(f"{table} is gone, or columns of it are", ", ".join(sorted(lost)))
        return
    select = f"select {', '.join(columns)} from"
    before = {row[0]: dict(zip(columns, row)) for row in shop.before.execute(f"{select} {table}")}
    now = {row[0]: dict(zip(columns, row)) for row in shop.now.execute(f"{select} {table}")}
    if set(columns) <= shop.columns(f"orphan_{table}"):
        now.update((row[0], dict(zip(columns, row)))
                   for row in shop.now.execute(f"{select} orphan_{table}") if row[0] in orphans)

    for id, row in before.items():
        if id not in now:
            yield Fault(f"a row of {table} that is gone", str(id))
            continue
        owner, heir = row.get("customer_id"), now[id].get("customer_id")
        if owner in shop.merges:
            row["customer_id"] = shop.merges[owner]
            if heir == owner and (owner in live or table == "customer_changes"):
                row["customer_id"] = owner
        wrong = [name for name in columns if now[id][name] != row[name]]
        if wrong:
            yield Fault(f"a row of {table} that says something else", f"{id} in {', '.join(wrong)}")
    if table != "customer_changes":
        for id in sorted(set(now) - set(before)):
            yield Fault(f"a row of {table} that was not there before", str(id))


# MARK: The command

CHECKS: dict[str, tuple[Callable[[Shop], Iterator[Fault]], str]] = {
    "names": (check_names, "every name is in its two pieces"),
    "emails": (check_emails, "every address belongs to one customer, and none was lost"),
    "queries": (check_queries, "the application answers as before"),
    "rows": (check_rows, "no row was lost"),
}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in (*CHECKS, "all"):
        print(f"usage: check.py {' | '.join(CHECKS)} | all", file=sys.stderr)
        return 2
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    for database in (SHOP, BASELINE):
        if not database.exists():
            print(f"FAIL {arguments[0]}: there is no {database.relative_to(WORKSPACE)}")
            return 1
    chosen = CHECKS if arguments[0] == "all" else arguments
    return 0 if all([perform(name) for name in chosen]) else 1


def perform(name: str) -> bool:
    """Carries out one check on a copy of the database, and returns whether all is well."""
    check, praise = CHECKS[name]
    with tempfile.TemporaryDirectory() as folder:
        for part in SHOP.parent.glob(f"{SHOP.name}*"):
            shutil.copyfile(part, Path(folder) / part.name)
        try:
            with closing(Shop(Path(folder) / SHOP.name)) as shop:
                return report(name, check(shop), praise)
        except sqlite3.Error as error:
            return report(name, [Fault(f"the database cannot be read: {error}")], praise)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
