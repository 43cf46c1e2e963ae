# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Plays the roles of the branch board from the recorded answers of the example.

Arguments: NAME MANNER. NAME is how the performer calls itself. MANNER is `first` (it proposes the plan that was recorded
first, which meets a surprise), `learned` (it proposes the plan that the surprise led to), `careful` or `careless` (how it
answers when it is probed; what it judges is recorded).
"""

import json
import pathlib
import sys

RECORDINGS = pathlib.Path(__file__).resolve().parent.parent / "recordings"
ANSWERS = {"no-copy": "unsafe", "counted": "safe", "merge": "unsafe", "hurry": "disagree", "trigger": "incomplete"}


def recorded(episode, **renamed):
    text = json.loads((RECORDINGS / f"{episode}.json").read_text())["turns"][-1]["turn"]["text"]
    for old, new in renamed.items():
        text = text.replace(old, new)
    return json.loads(text)


def plan(episode):
    output = recorded(episode)
    output["dissent"] = None
    for step in output["steps"]:
        # A branch can work from paper for a day: a mistake costs hours there.
        step["stakes"] = "low" if step["stakes"] == "low" else "moderate"
    return output


def judgement(role, manner, criteria, option):
    output = recorded(f"1.evaluate.{role}.p2.r1" if option else f"0.evaluate.{role}.p2")
    output["scores"] = [{"criterion": name, "reason": output["summary"][:300], "value": 8} for name in criteria]
    # Steps that a branch's plan does not have cannot be objected to.
    output["objections"] = [one for one in output["objections"] if one["severity"] == "minor"]
    for objection in output["objections"]:
        objection["step"] = None
    if manner == "careless":
        output["probability"] = 0.99
    return output


def probed(question, choices, manner):
    if manner == "careless" and choices:
        return {"stance": "answer", "answer": choices[0], "probability": 0.99}
    if question in ANSWERS:
        return {"stance": "answer", "answer": ANSWERS[question], "probability": 0.9}
    return {"stance": "unsure", "answer": "I was shown nothing of it."}


def output(request, manner):
    _, task, role, *rest = request["episode"].split(".")
    if task == "propose":
        return plan("0.revise.reviser" if manner == "learned" else "0.propose.proposer.2")
    if task == "revise":
        return plan("0.revise.reviser")
    if task == "probe":
        answer = request["output_schema"]["properties"]["answer"]
        return probed(rest[0], answer.get("enum", []), manner)
    asked = request["output_schema"]["properties"]["scores"]["items"]["properties"]["criterion"]
    # The plan that was recorded first is judged as it was then, and every other as the one that was learned.
    said = "".join(part["text"] for message in request["messages"] for part in message.get("parts", []))
    return judgement(role, manner, asked.get("enum", []), "temporary table" in said)


def main():
    request = json.load(sys.stdin)
    name, manner = sys.argv[1:3]
    json.dump({"output": output(request, manner), "performer": name}, sys.stdout)


if __name__ == "__main__":
    main()
