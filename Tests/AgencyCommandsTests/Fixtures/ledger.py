# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Does to a ledger what nobody should.

LEDGER hold FILE                         locks it for writing until standard input ends, and makes FILE when it has
LEDGER flip COPY COLUMN SEQUENCE BIT     makes a copy in which one bit is turned over in a column of an event, or in the artefact
                                         of that number
LEDGER rewrite COPY SEQUENCE             makes a copy in which an event has a blank more, and chains everything after it anew
LEDGER await COUNT                       waits until there are so many events, and prints how many there are
LEDGER cut COPY SEQUENCE                 makes a copy without that event and those after it
LEDGER replace COPY LINES                 makes a copy in which each line of a file is the event of its number, chained anew
LEDGER forge COPY                        makes a copy in which the snapshots say that their runs are over, with digests that fit

In copies the triggers are taken away first.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
import sys
import time

if sys.argv[2] == "await":
    for _ in range(6000):
        try:
            # Never the one who makes it.
            with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)) as ledger:
                (count,) = ledger.execute("select count(*) from events").fetchone()
        except sqlite3.OperationalError:
            count = 0
        if count >= int(sys.argv[3]):
            print(count)
            sys.exit(0)
        time.sleep(0.01)
    sys.exit("there are not %s events" % sys.argv[3])

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
if sys.argv[2] == "cut":
    copy.execute("delete from events where sequence >= ?", (int(sys.argv[4]),))
    copy.execute("delete from snapshots")
    sys.exit(0)
if sys.argv[2] == "forge":
    forged = 0
    for key, run, sequence, hash, form, data in copy.execute(
        "select key, names.run, sequence, hash, form, bytes from snapshots join names using (key)"
    ).fetchall():
        state = json.loads(bytes(data)[32:])
        state["status"] = "finished"
        text = json.dumps(state, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        preface = "%s\n%s\n%d\n%s\n" % (form, run, sequence, bytes(hash).hex())
        data = hashlib.sha256(preface.encode() + text).digest() + text
        forged += copy.execute("update snapshots set bytes = ? where key = ?", (data, key)).rowcount
    sys.exit(None if forged else "there are no snapshots")
if sys.argv[2] == "replace":
    for sequence, line in enumerate(open(sys.argv[4], "rb").read().splitlines()):
        copy.execute("update events set bytes = ? where sequence = ?", (line, sequence))
if sys.argv[2] in ("replace", "rewrite"):
    # What is replaced is chained anew from the beginning.
    blank = int(sys.argv[4]) if sys.argv[2] == "rewrite" else None

    def number(value):
        return value.to_bytes(8, "big")

    previous = None
    for key, run, sequence, hash, data in copy.execute(
        "select key, names.run, sequence, hash, bytes from events join names on key = events.run order by key, sequence"
    ).fetchall():
        if blank is not None and sequence < blank:
            previous = hash
            continue
        data = bytes(data) + (b" " if sequence == blank else b"")
        name = run.encode()
        if sequence == 0:
            previous = hashlib.sha256(b"openagency.ledger.genesis.v1\0" + name).digest()
        hash = hashlib.sha256(
            b"openagency.ledger.entry.v2\0" + number(len(name)) + name + number(sequence) + previous + number(len(data))
            + hashlib.sha256(data).digest()
        ).digest()
        copy.execute(
            "update events set hash = ?, bytes = ? where run = ? and sequence = ?", (hash, data, key, sequence)
        )
        previous = hash
    copy.execute("delete from snapshots")
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
