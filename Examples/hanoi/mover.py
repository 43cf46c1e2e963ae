#!/usr/bin/env python3
"""Moves one disk of a tower, and errs in a seeded share of its answers.

Reads one request a line on standard input and answers each with a line on standard output, until the input ends. It sees
what any performer would see: the prompt, with the state in it. It keeps nothing between two requests.
"""
import argparse
import json
import random
import sys


def state_in(request):
    """The state stands below the last heading "state", on the line after its mark."""
    parts = request["messages"][-1]["parts"]
    text = "".join(part.get("text", "") for part in parts)
    return json.loads(text[text.rindex("## state"):].split("\n", 3)[2])


def legal_moves(pegs):
    for source in range(3):
        for target in range(3):
            if pegs[source] and source != target and (not pegs[target] or pegs[target][-1] > pegs[source][-1]):
                yield source, target


def right_move(pegs, step):
    smallest = next(place for place in range(3) if pegs[place] and pegs[place][-1] == 1)
    if step % 2 == 0:
        disks = sum(len(peg) for peg in pegs)
        return smallest, (smallest + (2 if disks % 2 else 1)) % 3
    return next(move for move in legal_moves(pegs) if move[0] != smallest)


def answer(state, chance, error):
    pegs = [list(peg) for peg in state["pegs"]]
    move = right_move(pegs, state["step"])
    draw = chance.random()
    if draw < error / 4:
        return "I would move the smallest disk."  # no answer at all
    if draw < error / 2:
        return json.dumps({"done": False, "state": {"pegs": pegs, "step": state["step"] + 1}, "why": "x" * 500})  # rambles
    if draw < error:
        others = [other for other in legal_moves(pegs) if other != move]
        move = chance.choice(others)  # a legal move in the wrong direction
    pegs[move[1]].append(pegs[move[0]].pop())
    done = not pegs[0] and not pegs[1]
    return json.dumps({"done": done, "state": {"pegs": pegs, "step": state["step"] + 1}}, separators=(",", ":"))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--error", type=float, default=0.02, help="the share of answers that are wrong")
    options.add_argument("--seed", type=int, help="the same errors each time; only for a single mover that is never restarted")
    options = options.parse_args()
    # Several movers with one seed would err together, and be worth one vote.
    chance = random.Random(options.seed)
    for line in sys.stdin:
        text = answer(state_in(json.loads(line)), chance, options.error)
        sys.stdout.write(json.dumps({"text": text}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
