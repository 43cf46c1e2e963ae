"""The command line of the office: ``python3 -m app label 17``. Without a statement it lists them all."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from contextlib import closing

from app import db, queries


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m app", description="Asks the order book.")
    parser.add_argument("--database", default=db.DATABASE, help="another database than shop.db")
    parser.add_argument("statement", nargs="?", help="what to ask; leave it out for a list")
    parser.add_argument("values", nargs="*", help="the values of its parameters")
    options = parser.parse_args()

    if options.statement is None:
        list_statements()
        return 0
    try:
        writable = queries.named(options.statement).writes
        with closing(db.connect(options.database, writable=writable)) as connection, connection:
            rows = queries.run(connection, options.statement, *options.values)
    except (LookupError, ValueError, sqlite3.Error) as fault:
        print(fault, file=sys.stderr)
        return 1
    show(rows)
    return 0


def list_statements() -> None:
    """Prints every statement with its parameters and what it is for."""
    for statement in queries.STATEMENTS.values():
        heading = " ".join([statement.name, *(name.upper() for name in statement.parameters)])
        print(f"{heading:<30} {statement.about}")


def show(rows: list[dict]) -> None:
    """Prints one row as a block and several as lines separated by tabs, under a heading."""
    if len(rows) == 1:
        for column, value in rows[0].items():
            print(f"{column:<14} {'' if value is None else value}")
    elif rows:
        print(*rows[0], sep="\t")
        for row in rows:
            print(*("" if value is None else value for value in row.values()), sep="\t")


if __name__ == "__main__":
    sys.exit(main())
