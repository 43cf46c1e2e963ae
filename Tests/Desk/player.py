# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Plays every role of the hostile board with answers that fit their shapes and mean harm to whatever shows them.

player.py GROUP: one request a line on standard input, one answer a line on standard output.
player.py GROUP once: one request, for a performer that complains and fails.
"""

import json
import os
import re
import sys

from payloads import TEXTS, at, group, several

MINE = group(int(sys.argv[1]))
PROPOSALS = 8


def forecast(statement, tool, arguments, expect, probability):
    check = {"tool": tool, "arguments": arguments, "expect": expect}
    return {"statement": statement, "check": check, "probability": probability}


def step(name, intent, tool, arguments, forecasts=(), after=()):
    return {
        "id": name, "intent": intent, "action": {"tool": tool, "arguments": arguments}, "forecasts": list(forecasts),
        "reversibility": "reversible", "stakes": "moderate", "after": list(after),
    }


def file_name(number):
    """A name of a file that means harm too; whatever no file can be called is left out."""
    return re.sub(r"[/\x00-\x1f\x7f-\x9f]", "", at("fn", number, 90))


def steps(prefix, numbers):
    """Writes each text to a file of a hostile name, prints it, and says of it what is so."""
    made = []
    for number in numbers:
        name, after = f"s{number}", [made[-1]["id"]] if made else []
        if number % 8 < 4:
            arguments = {"path": f"notes-{number}.txt", "content": at(prefix + "r", number, 60_000)}
            look, expected = {"path": f"notes-{number}.txt"}, {"contains": at(prefix + "x", number, 300)}
            seen = [forecast(at(prefix + "f", number, 600), "files.read", look, expected, 0.6)]
            made.append(step(name, at(prefix + "i", number, 1000), "files.write", arguments, seen, after))
        else:
            code = "import sys; sys.stdout.write(sys.argv[1])"
            text = at(prefix + "o", number, 60_000).replace("\0", "")
            arguments = {"command": ["python3", "-c", code, text]}
            made.append(step(name, at(prefix + "i", number, 1000), "shell.run", arguments, [], after))
    return made


def proposal(request):
    episode = request["episode"]
    if ".revise." in episode:
        return plan("r", MINE, steps("r", MINE[:4]))
    index = int(re.search(r"\.(?:p?)(\d+)(?:\.\d+)?$", episode)[1]) - 1
    own = [number for place, number in enumerate(MINE) if place % PROPOSALS == index % PROPOSALS]
    if index:
        return plan("p", own, steps("q", own))
    # The first is the one that is enacted: everything is in it, and at its end something is seen that was not expected.
    made = steps("p", MINE)
    wrong = forecast(at("su", MINE[0], 600), "files.read", {"path": "list.txt"}, {"contains": at("sx", MINE[1], 300)}, 0.97)
    names = [file_name(number) for number in MINE]
    code = "import sys; [open(name, 'w').write('x') for name in sys.argv[1:]]"
    made.append(step("names", "Make files of odd names.", "shell.run", {"command": ["python3", "-c", code, *names]}, [], [made[-1]["id"]]))
    notes = ["sh", "-c", "cat notes-*.txt"]
    made.append(step("notes", "Print what was written.", "shell.run", {"command": notes}, [], ["names"]))
    made.append(step("last", "See what was not expected.", "files.write", {"path": "end.txt", "content": "x\n"}, [wrong], [made[-1]["id"]]))
    return plan("p", own, made) | {"assumptions": [at("as", number, 1000) for number in MINE]}


def plan(prefix, own, made):
    return {
        "title": several(prefix + "t", own[:2], 200),
        "summary": several(prefix + "s", own, 6000),
        "assumptions": [at(prefix + "a", number, 1000) for number in own],
        "steps": made,
        "dissent": several(prefix + "d", own, 4000),
    }


def objections(place, numbers):
    severities = ["minor", "serious", "blocking"]
    return [
        {"severity": severities[number % 3], "statement": at(place + "s", number, 2000), "evidence": at(place + "e", number, 4000), "step": None}
        for number in numbers
    ]


def evaluation(request):
    numbers = share(request)
    criterion = request["output_schema"]["properties"]["scores"]["items"]["properties"]["criterion"]
    reasons = [
        {"criterion": name, "reason": at("er", numbers[place % len(numbers)], 2000), "value": 7}
        for place, name in enumerate(criterion.get("enum", []))
    ]
    return {
        "summary": several("es", numbers, 4000), "scores": reasons, "objections": objections("o", numbers),
        "probability": 0.6, "dissent": several("ed", numbers, 4000),
    }


def share(request):
    """The texts that go with the option that an episode is about."""
    found = re.search(r"\.p(\d+)(?:\.|$)", request["episode"])
    index = int(found[1]) - 1 if found else 0
    return [number for place, number in enumerate(MINE) if place % PROPOSALS == index % PROPOSALS]


def explanation(request, prefix):
    claims = [
        {
            "text": at(prefix + "c", number, 1000),
            "citations": [{"record": at(prefix + "r", number, 200), "quote": at(prefix + "q", number, 600)}],
        }
        for number in MINE
    ]
    return {"summary": several(prefix + "s", MINE, 6000), "claims": claims, "dissent": several(prefix + "d", MINE, 4000)}


def critique(request):
    numbers = share(request)
    return {
        "objections": objections("k", numbers), "suggestions": [at("kg", number, 2000) for number in numbers],
        "dissent": several("kd", numbers, 4000),
    }


def output(request):
    task = request["episode"].split(".")[1]
    makers = {
        "evaluate": evaluation, "critique": critique, "explain": lambda request: explanation(request, "x"),
        "answer": lambda request: explanation(request, "y"),
    }
    return makers.get(task, proposal)(request)


def main():
    if sys.argv[2:] == ["once"]:
        request = json.loads(sys.stdin.readline())
        first, second = (share(request) * 2)[:2]
        if "refuser" in request["role"]:
            return print(json.dumps({"refusal": several("fr", [first, second], 300)}))
        sys.stderr.write(several("fe", [first, second], 230).replace("\n", " "))
        sys.exit(3)
    for line in sys.stdin:
        request = json.loads(line)
        name = at("pn", MINE[len(request["episode"]) % len(MINE)], 200)
        print(json.dumps({"output": output(request), "performer": name}), flush=True)


if __name__ == "__main__":
    main()
