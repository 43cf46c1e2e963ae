"""The named statements of ``queries.sql``, and the way to run one."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import NamedTuple


class Statement(NamedTuple):
    """One named statement."""

    name: str
    parameters: tuple[str, ...]
    about: str
    sql: str

    @property
    def writes(self) -> bool:
        """Whether the statement changes the database."""
        return not self.sql.lower().startswith(("select", "with"))


def load(path: Path = Path(__file__).with_name("queries.sql")) -> dict[str, Statement]:
    """Reads the statements of a file, by name and in their order.

    A statement begins at a line ``--: name parameter…``; the comment under it says what it is for.
    """
    statements = {}
    _, *blocks = re.split(r"^--: *", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for block in blocks:
        heading, _, body = block.partition("\n")
        name, *parameters = heading.split()
        about = " ".join(re.findall(r"^-- *(.*)$", body, flags=re.MULTILINE))
        sql = re.sub(r"^--.*\n", "", body, flags=re.MULTILINE).strip()
        statements[name] = Statement(name, tuple(parameters), about, sql)
    return statements


STATEMENTS = load()


def named(name: str) -> Statement:
    """The statement ``name``. Raises ``LookupError`` if there is none."""
    if name not in STATEMENTS:
        raise LookupError(f"there is no statement named {name}")
    return STATEMENTS[name]


def run(connection: sqlite3.Connection, name: str, *values: object) -> list[dict]:
    """Runs the statement ``name`` with ``values`` for its parameters, and returns its rows.

    Raises ``LookupError`` for a name that does not exist and ``ValueError`` for a wrong number of values.
    """
    statement = named(name)
    if len(values) != len(statement.parameters):
        raise ValueError(f"{name} wants: {' '.join(statement.parameters) or 'no values'}")
    rows = connection.execute(statement.sql, dict(zip(statement.parameters, values)))
    return [dict(row) for row in rows]
