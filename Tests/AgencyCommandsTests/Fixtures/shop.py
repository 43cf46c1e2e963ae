# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Makes the database of customers where there is none, and prints what is in it."""

import os
import sqlite3
import sys

NAMES = ["Ada Lovelace", "Grace Hopper", "Alan Turing", "Cher", "Donald Knuth"]

isNew = not os.path.exists(sys.argv[1])
shop = sqlite3.connect(sys.argv[1])
if isNew:
    shop.execute("create table customers (id integer primary key, name text not null)")
    shop.executemany("insert into customers (name) values (?)", [(name,) for name in NAMES])
    shop.commit()
print("\n".join(shop.iterdump()))
