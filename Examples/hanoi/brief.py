#!/usr/bin/env python3
"""Prints the brief for a tower of so many disks: brief.py DISKS"""
import sys

disks = int(sys.argv[1])
if not 1 <= disks <= 20:
    sys.exit("from 1 to 20 disks")
tower = list(range(disks, 0, -1))
print(f"""---
brief: hanoi-{disks}
title: Move a tower of {disks} disks
state: {{pegs: [{tower}, [], []], step: 0}}
goals:
  - id: moved
    want: All {disks} disks are on the third peg.
    check: {{tool: state, arguments: {{pointer: /pegs/2}}, expect: {{equals: "{str(tower).replace(' ', '')}"}}}}
  - id: shortest
    want: It took {2 ** disks - 1} moves, which is the least possible, so that not one was wrong.
    check: {{tool: state, arguments: {{pointer: /step}}, expect: {{equals: "{2 ** disks - 1}"}}}}
---

Three pegs; the tower stands on the first. One disk is moved at a time, and none may lie on a smaller one.""")
