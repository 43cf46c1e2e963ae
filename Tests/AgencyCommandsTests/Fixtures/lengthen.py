# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Makes an exported run longer: FILE OUT COUNT [BYTES [NAME]].

To the run in FILE, which has no long artefacts or events, are added events in which somebody pauses it and lets it go on in
turn, each with a reason of so many bytes, until there are COUNT; and the run is given another name. This is written from the
description of the form alone: nothing of the program is used.
"""

import base64
import hashlib
import json
import os
import sys


def number(value):
    return value.to_bytes(8, "big")


def sha256(data):
    return hashlib.sha256(data).digest()


def chained(run, sequence, previous, data):
    name = run.encode()
    return sha256(
        b"openagency.ledger.entry.v2\0" + number(len(name)) + name + number(sequence) + previous + number(len(data))
        + sha256(data)
    )


class Tree:
    """The roots of the full subtrees, the largest first."""

    def __init__(self):
        self.size = 0
        self.roots = []

    def append(self, entry):
        node, size = sha256(b"\0" + entry), self.size
        while size & 1:
            node = sha256(b"\1" + self.roots.pop() + node)
            size >>= 1
        self.roots.append(node)
        self.size += 1

    def root(self):
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = sha256(b"\1" + left + node)
        return node


def line(members):
    return json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def main():
    lines = open(sys.argv[1], "rb").read().splitlines(keepends=True)
    header, end = json.loads(lines[0]), json.loads(lines[-1])
    count = int(sys.argv[3])
    filler = "x" * int(sys.argv[4]) if len(sys.argv) > 4 else ""
    run = sys.argv[5] if len(sys.argv) > 5 else header["run"]
    tree, first, at = Tree(), None, 0
    name = run.encode()
    previous = sha256(b"openagency.ledger.genesis.v1\0" + name)
    # The events are kept aside, because the first line already names their root.
    aside = sys.argv[2] + ".aside"
    with open(aside, "wb") as rest:
        for text in lines[1:-1]:
            members = json.loads(text)
            if "event" in members:
                data = members["text"].encode() if "text" in members else base64.b64decode(members["base64"])
                previous = chained(run, tree.size, previous, data)
                assert run != header["run"] or previous.hex() == members["hash"]
                members["hash"] = previous.hex()
                first, at = first or previous, json.loads(data)["at"]
                tree.append(previous)
            rest.write(line(members))
        assert run != header["run"] or (tree.root().hex(), previous.hex()) == (header["root"], header["head"])
        while tree.size < count:
            data = json.dumps(
                {
                    "at": at + tree.size,
                    "body": {"identifiedBy": "a test", "person": "tester", "reason": "%d%s" % (tree.size, filler)},
                    "type": "run_paused" if tree.size % 2 else "run_continued",
                    "v": 1,
                },
                sort_keys=True,
                separators=(",", ":"),
            )
            previous = chained(run, tree.size, previous, data.encode())
            rest.write(line({"event": tree.size, "hash": previous.hex(), "length": len(data), "text": data}))
            tree.append(previous)
    header.update(
        checkpoint=None, events=tree.size, head=previous.hex(), log=first.hex(), root=tree.root().hex(), run=run
    )
    digest = hashlib.sha256()
    with open(sys.argv[2], "wb") as out, open(aside, "rb") as rest:
        for part in [[line(header)], rest]:
            for text in part:
                digest.update(text)
                out.write(text)
        end["sha256"] = digest.hexdigest()
        out.write(line(end))
    os.remove(aside)


main()
