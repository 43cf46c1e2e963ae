"""Opening the order book."""

from __future__ import annotations

import sqlite3
from pathlib import Path

DATABASE = Path(__file__).resolve().parent.parent / "shop.db"


def connect(path: str | Path = DATABASE, *, writable: bool = False) -> sqlite3.Connection:
    """Opens the database at ``path``, for reading only unless ``writable``.

    A database that does not exist is an error; it is never created. Rows can be read by column name.
    """
    mode = "rw" if writable else "ro"
    connection = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode={mode}", uri=True)
    connection.row_factory = sqlite3.Row
    return connection
