# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Does to a ledger what nobody should: LEDGER hold, or LEDGER flip COPY COLUMN SEQUENCE BIT.

“hold” locks it for writing until standard input ends. “flip” makes a copy, takes its triggers away, and flips one bit in a
column of an event, or in the artefact of that number.
"""

import sqlite3
import sys

ledger = sqlite3.connect(sys.argv[1], isolation_level=None)
if sys.argv[2] == "hold":
    ledger.execute("begin immediate")
    open(sys.argv[3], "w").close()
    sys.stdin.read()
    ledger.execute("rollback")
    sys.exit(0)

copy = sqlite3.connect(sys.argv[3], isolation_level=None)
ledger.backup(copy)
for (name,) in copy.execute("select name from sqlite_schema where type = 'trigger'").fetchall():
    copy.execute('drop trigger "%s"' % name)
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
