# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Plays every role as role.py does, and proposes a plan with holes: DIARY.

How many customers there are goes into a note, and the file that victim.txt names is deleted.
"""

import role


def copied(step, argument, source, field, shape):
    return {**step, "holes": [{"argument": argument, "step": source, "field": field, "as": shape}]}


def plan(request):
    count = {"database": "shop.db", "sql": "select count(*) from customers"}
    text = {"type": "string", "maxLength": 20}
    name = {"type": "string", "pattern": "^[a-z]{1,12}[.]txt$"}
    everybody = role.SPLIT + "; update customers set given = name where given is null"
    return role.draft(
        "Count, clear up and split",
        [
            role.step("s1", "Count the customers.", "sqlite.query", count, []),
            copied(
                role.step("s2", "Note how many there are.", "files.write", {"path": "count.txt"}, [], ["s1"]),
                "content", "s1", "output", text,
            ),
            role.step("s3", "See what is in the way.", "shell.run", {"command": ["cat", "victim.txt"]}, [], ["s2"]),
            copied(role.step("s4", "Clear it away.", "files.delete", {}, [], ["s3"]), "path", "s3", "output", name),
            {**role.split(everybody, 0.9), "id": "s5", "after": ["s4"]},
            {**role.listing(), "id": "s6", "after": ["s5"]},
        ],
    )


role.plan = plan
if __name__ == "__main__":
    role.main()
