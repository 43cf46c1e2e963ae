#!/usr/bin/env python3
"""Checks every recorded move of a run by the rules alone: agency events RUN --json | check.py DISKS [FILE]

Knows nothing of how the moves were found. Counts, besides, the answers that were given and how many were outvoted or
discarded.
"""
import json
import sys

disks = int(sys.argv[1])
pegs = [list(range(disks, 0, -1)), [], []]
steps = answers = flagged = outvoted = 0
for line in open(sys.argv[2], encoding="utf-8") if len(sys.argv) > 2 else sys.stdin:
    event = json.loads(line)
    if event.get("type") != "state_advanced":
        continue
    body = event["body"]
    winner = body.get("winner", 0)
    votes = body.get("votes", [0])
    flags = {int(place) for place in body.get("flags", {})}
    answers += len(votes)
    flagged += sum(vote in flags for vote in votes)
    after = json.loads(body["answers"][winner])["state"]["pegs"]
    outvoted += sum(vote not in flags and json.loads(body["answers"][vote])["state"]["pegs"] != after for vote in votes)
    gone = [place for place in range(3) if len(after[place]) == len(pegs[place]) - 1]
    come = [place for place in range(3) if len(after[place]) == len(pegs[place]) + 1]
    if len(gone) != 1 or len(come) != 1:
        sys.exit(f"step {steps + 1}: not one disk was moved: {pegs} to {after}")
    disk = pegs[gone[0]].pop()
    if pegs[come[0]] and pegs[come[0]][-1] < disk:
        sys.exit(f"step {steps + 1}: disk {disk} lies on a smaller one")
    pegs[come[0]].append(disk)
    steps += 1
    if pegs != after or body["n"] != steps:
        sys.exit(f"step {steps}: {after} is recorded, {pegs} is what the moves make")
if pegs[2] != list(range(disks, 0, -1)):
    sys.exit(f"after {steps} steps the tower is not moved: {pegs}")
if steps != 2 ** disks - 1:
    sys.exit(f"{steps} steps, where {2 ** disks - 1} are enough: some were wrong")
print(f"{steps:,} steps, each legal, the least possible; {answers:,} answers, {outvoted:,} outvoted, {flagged:,} discarded")
