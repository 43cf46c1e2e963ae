# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""A board whose every role means harm, and a brief that does, each made for one group of the texts."""

import pathlib
import re
import sys

from bench import Bench
from payloads import at, group, several

PLAYER = pathlib.Path(__file__).with_name("player.py")

BOARD = """
architecture: hostile-board
about: A board that means harm to whatever shows what it says, for tests.

roles:
  proposer:
    kind: propose
    performer: player
    instructions: Propose a plan.
    reads: [brief, actions, reason, proposal, critique]
    budget: {seconds: 60}
  critic:
    kind: critique
    performer: player
    instructions: Criticise.
    reads: [brief, proposal]
    budget: {seconds: 60}
  auditor:
    kind: evaluate
    performer: player
    instructions: Judge.
    reads: [brief, proposal, changes, observations]
    criteria: [goal-fit, safety]
    budget: {seconds: 60}
  refuser:
    kind: evaluate
    performer: failing
    instructions: Judge, and fail.
    reads: [brief, proposal]
    criteria: [goal-fit]
    budget: {seconds: 60}
  complainer:
    kind: evaluate
    performer: failing
    instructions: Judge, and fail.
    reads: [brief, proposal]
    criteria: [goal-fit]
    budget: {seconds: 60}
  explainer:
    kind: explain
    performer: player
    instructions: Explain.
    reads: [brief, proposals, evaluations, changes, observations, question]
    budget: {seconds: 60}
  enactor:
    kind: enact
  reviser:
    kind: update
    performer: player
    instructions: Revise.
    reads: [brief, actions, proposal, observations, reason]
    budget: {seconds: 60}

flow:
  - propose:  {role: proposer, count: 8}
  - critique: {role: critic, rounds: 1}
  - evaluate: {roles: [auditor, refuser, complainer], independent: true}
  - explain:  {role: explainer}
  - choose:   {by: person, expires: 24h, returns: 1}
  - enact:    {role: enactor, checkpoint: every-step, halt-on: surprise, surprise: 0.8}
  - update:   {role: reviser, at-most: 2}
"""


# What no brief may hold, not even as an escape: it is left out there, and arrives by every other way.
REFUSED = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\ufffe\\uffff]")


def quoted(text):
    """A text as YAML has it in quotation marks, with an escape for everything that is not plain."""
    letters = []
    for letter in text:
        code = ord(letter)
        if letter in "\"\\":
            letters.append("\\" + letter)
        elif 0x20 <= code < 0x7F:
            letters.append(letter)
        else:
            letters.append(f"\\U{code:08X}")
    return '"' + "".join(letters) + '"'


def brief(number):
    """A brief of which title, goals and constraints carry the texts of a group, and its document too."""
    numbers = group(number)

    def told(place, text, limit):
        return REFUSED.sub("", at(place, text, limit))

    goals = "".join(
        f"  - id: goal-{text}\n"
        f"    want: {quoted(told('bg', text, 3000))}\n"
        "    check:\n"
        "      tool: files.read\n"
        "      arguments: {path: list.txt}\n"
        f"      expect: {{contains: {quoted(told('bk', text, 300))}}}\n"
        for text in numbers
    )
    constraints = "".join(f"  - {quoted(told('bc', text, 3000))}\n" for text in numbers)
    title = REFUSED.sub("", several("bt", numbers, 1200))
    document = "\n".join(told("bd", text, 2000).replace("---", "- - -") for text in numbers)
    return (
        f"---\nbrief: hostile-{number}\ntitle: {quoted(title)}\nstakes: moderate\ngoals:\n{goals}constraints:\n{constraints}"
        f"resources: {{tokens: 20000000, money: 100, seconds: 28800}}\n---\n{document}\n"
    )


class HostileBench(Bench):
    """A bench in which runs of the hostile board can begin."""

    def __init__(self):
        super().__init__()
        (self.root / "board.yaml").write_text(BOARD)

    def begin(self, number):
        """Begins the run of a group, which comes to wait for a choice."""
        self.prepare_workspace(f"ws-{number}")
        python, group = sys.executable, str(number)
        profiles = self.root / f"profiles-{number}.yaml"
        profiles.write_text(
            "profiles:\n"
            f"  player: {{provider: program, command: [{python}, -B, {PLAYER}, \"{group}\"], lifetime: resident, concurrency: 2}}\n"
            f"  failing: {{provider: program, command: [{python}, -B, {PLAYER}, \"{group}\", once], concurrency: 2}}\n"
        )
        (self.root / f"brief-{number}.md").write_text(brief(number))
        self.agency(
            "run", f"brief-{number}.md", "-a", "board.yaml", "-w", f"ws-{number}", "--profiles", str(profiles), status=75
        )
