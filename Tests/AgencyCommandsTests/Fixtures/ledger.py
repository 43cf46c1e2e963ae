# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Does to a ledger what nobody should: LEDGER hold, LEDGER flip COPY COLUMN SEQUENCE BIT, or LEDGER rewrite COPY SEQUENCE.

“rewrite” makes a copy in which an event has a blank more, and chains everything after it anew. “hold” locks it for writing until standard input ends. “flip” makes a copy, takes its triggers away, and flips one bit in a
column of an event, or in the artefact of that number.
"""

import hashlib
import os
import sqlite3
import sys

ledger = sqlite3.connect(sys.argv[1], isolation_level=None)
if sys.argv[2] == "hold":
    ledger.execute("begin immediate")
    open(sys.argv[3], "w").close()
    sys.stdin.read()
    ledger.execute("rollback")
    sys.exit(0)

os.makedirs(os.path.dirname(sys.argv[3]) or ".", exist_ok=True)
copy = sqlite3.connect(sys.argv[3], isolation_level=None)
ledger.backup(copy)
for (name,) in copy.execute("select name from sqlite_schema where type = 'trigger'").fetchall():
    copy.execute('drop trigger "%s"' % name)
if sys.argv[2] == "rewrite":
    def number(value):
        return value.to_bytes(8, "big")

    previous = None
    for run, sequence, old, hash, data in copy.execute(
        "select run, sequence, previous, hash, bytes from events order by run, sequence"
    ).fetchall():
        if sequence < int(sys.argv[4]):
            previous = hash
            continue
        data = bytes(data) + (b" " if sequence == int(sys.argv[4]) else b"")
        name = run.encode()
        hash = hashlib.sha256(
            b"openagency.ledger.entry.v2\0" + number(len(name)) + name + number(sequence) + previous + number(len(data))
            + hashlib.sha256(data).digest()
        ).digest()
        copy.execute(
            "update events set previous = ?, hash = ?, bytes = ? where run = ? and sequence = ?",
            (previous, hash, data, run, sequence),
        )
        previous = hash
    sys.exit(0)

column, number, bit = sys.argv[4], int(sys.argv[5]), int(sys.argv[6])
if column == "artefact":
    table, column = "artefacts", "bytes"
    (row,) = copy.execute("select rowid from artefacts order by rowid limit 1 offset ?", (number,)).fetchone()
else:
    table = "events"
    (row,) = copy.execute("select rowid from events where sequence = ?", (number,)).fetchone()
(value,) = copy.execute('select "%s" from %s where rowid = ?' % (column, table), (row,)).fetchone()
value = bytearray(value)
value[bit // 8 % len(value)] ^= 1 << bit % 8
copy.execute('update %s set "%s" = ? where rowid = ?' % (table, column), (bytes(value), row))
