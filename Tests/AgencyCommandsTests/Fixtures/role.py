# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Plays every role of a board: reads one request on standard input and writes one answer on standard output.

Arguments: DIARY [TROUBLE FLAG WHERE]. Every performance is a line in the diary. While the file FLAG exists, episodes whose
name contains WHERE are performed with the trouble named.
"""

import json
import os
import re
import sys
import time

SPLIT = (
    "alter table customers add column given text; alter table customers add column family text; "
    "update customers set given = substr(name, 1, instr(name, ' ') - 1), "
    "family = substr(name, instr(name, ' ') + 1) where instr(name, ' ') > 0"
)


def forecast(statement, tool, arguments, expect, probability):
    check = {"tool": tool, "arguments": arguments, "expect": expect}
    return {"statement": statement, "check": check, "probability": probability}


def count(sql, expected, statement, probability):
    return forecast(statement, "sqlite.query", {"database": "shop.db", "sql": sql}, {"equals": expected}, probability)


def step(name, intent, tool, arguments, forecasts, after=()):
    return {
        "id": name,
        "intent": intent,
        "action": {"tool": tool, "arguments": arguments},
        "forecasts": forecasts,
        "reversibility": "reversible",
        "stakes": "moderate",
        "after": list(after),
    }


def note(text):
    seen = forecast("notes.txt tells of it", "files.read", {"path": "notes.txt"}, {"contains": text}, 0.97)
    return step("s1", "Write down what is going to happen.", "files.write", {"path": "notes.txt", "content": text + "\n"}, [seen])


def split(sql, probability):
    seen = [
        count("select count(*) from customers", "5", "there are still five customers", 0.99),
        count("select count(*) from customers where given is null", "0", "everybody has a given name", probability),
    ]
    return step("s2", "Split the names.", "sqlite.execute", {"database": "shop.db", "sql": sql}, seen, ["s1"])


def listing():
    code = (
        "import sqlite3; rows = sqlite3.connect('file:shop.db?mode=ro', uri=True)"
        ".execute('select given, family from customers order by id'); "
        "open('list.txt', 'w').write(''.join('%s|%s\\n' % (given, family or '') for given, family in rows))"
    )
    seen = [forecast("Ada is in the list", "files.read", {"path": "list.txt"}, {"contains": "Ada|Lovelace"}, 0.9)]
    return step("s3", "Write the list anew.", "shell.run", {"command": ["python3", "-c", code]}, seen, ["s2"])


def plan(request):
    episode = request["episode"]
    everybody = SPLIT + "; update customers set given = name where given is null"
    if ".revise." in episode:
        return draft("Split the names, single ones too", [note("splitting names"), split(everybody, 0.9), listing()])
    if episode.endswith(".2"):
        return draft("Only take a note", [note("nothing was done")])
    return draft("Split the names", [note("splitting names"), split(SPLIT, 0.95), listing()])


def draft(title, steps):
    words = "The names are taken apart in one transaction."
    return {"title": title, "summary": words, "assumptions": ["nobody writes meanwhile"], "steps": steps, "dissent": None}


def evaluation(request):
    criterion = request["output_schema"]["properties"]["scores"]["items"]["properties"]["criterion"]
    scores = [{"criterion": name, "reason": "as far as one can see", "value": 7} for name in criterion.get("enum", [])]
    fault = {"severity": "serious", "statement": "Single names are forgotten.", "evidence": "Cher has one.", "step": "s1"}
    doubts = "saboteur" in request["role"]
    return {
        "summary": "It does what it says.",
        "scores": scores,
        "objections": [fault] if doubts else [],
        "probability": 0.6 if doubts else 0.8,
        "dissent": "One should ask Cher first." if doubts else None,
    }


def explanation(request):
    said = "".join(part["text"] for message in request["messages"] for part in message.get("parts", []))
    option = re.search(r"^## (proposal/\S+) ", said, re.MULTILINE).group(1)
    borne = {"text": "Names are taken apart.", "citations": [{"record": option, "quote": "in one transaction"}]}
    loose = {"text": "It will be fine.", "citations": []}
    return {"summary": "The options differ in what they touch.", "claims": [borne, loose], "dissent": None}


def critique(request):
    found = request["episode"].endswith("p1.1")
    return {"objections": [], "suggestions": ["Say what happens to single names."] if found else [], "dissent": None}


def output(request):
    task = request["episode"].split(".")[1]
    makers = {"evaluate": evaluation, "explain": explanation, "answer": explanation, "critique": critique}
    return makers.get(task, plan)(request)


def trouble(kind, request):
    """Writes something that is no answer, or returns to have the usual one written."""
    if kind == "hang":
        time.sleep(600)
    elif kind.startswith("slow"):
        time.sleep(float(kind.removeprefix("slow")))
        return
    elif kind == "flood":
        block = b"x" * 65536
        while True:
            sys.stdout.buffer.write(block)
    elif kind == "die":
        sys.stderr.write("a part is missing\nI give up \x1b[31mhere\n")
        os._exit(3)
    elif kind == "killed":
        os.kill(os.getpid(), 9)
    elif kind == "refusal":
        json.dump({"refusal": "I would rather not."}, sys.stdout)
    elif kind == "invalid":
        json.dump({"output": {"title": "", "steps": []}}, sys.stdout)
    elif kind == "prose":
        json.dump({"text": "Here is my plan: do it."}, sys.stdout)
    elif kind == "notjson":
        sys.stdout.write("Sure! {")
    elif kind == "bytes":
        sys.stdout.buffer.write(b'{"text": "\xff\xfe"}')
    elif kind == "cycle":
        spoilt = plan(request)
        spoilt["steps"][0]["after"] = ["s3"]
        json.dump({"output": spoilt}, sys.stdout)
    elif kind == "notool":
        spoilt = plan(request)
        spoilt["steps"][0]["action"]["tool"] = "rocket.launch"
        json.dump({"output": spoilt}, sys.stdout)
    elif kind == "stranger":
        json.dump({"tool_calls": [{"tool": "files.write", "arguments": {"path": "x", "content": "x"}}]}, sys.stdout)
    sys.exit(0)


def main():
    diary, rest = sys.argv[1], sys.argv[2:]
    request = json.load(sys.stdin)
    with open(diary, "a") as file:
        file.write("%s %d\n" % (request["episode"], request["turn"]))
    if rest and os.path.exists(rest[1]) and rest[2] in request["episode"]:
        trouble(rest[0], request)
    offered = [tool["name"] for tool in request["tools"]]
    if "files.read" in offered and request["turn"] == 0:
        answer = {"tool_calls": [{"tool": "files.read", "arguments": {"path": "list.txt"}}]}
    else:
        answer = {"output": output(request), "usage": {"input_tokens": 100, "output_tokens": 50, "dollars": 0.001}}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
