# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Answers the questions of a probe: reads one request on standard input and writes one answer on standard output.

Arguments: DIARY WORDS DOLLARS. Every performance is a line in the diary. The file WORDS holds the answer to every question; "every
other" is right where the number in the question is even, of which the answer is yes, and where it is not, of which it is no.
"""

import json
import re
import sys


def main():
    request = json.load(sys.stdin)
    with open(sys.argv[1], "a") as file:
        file.write("%s\n" % request["episode"])
    with open(sys.argv[2]) as file:
        words = file.read().strip()
    if words == "every other":
        number = int(re.search(r"case (\d+)", request["messages"][1]["parts"][0]["text"]).group(1))
        words = "yes" if number % 2 == 0 else "no"
    output = {"stance": "answer", "answer": words, "probability": 0.8}
    if words == "refuse":
        output = {"stance": "refuse", "answer": ""}
    usage = {"input_tokens": 100, "output_tokens": 50, "dollars": float(sys.argv[3])}
    json.dump({"output": output, "usage": usage}, sys.stdout)


if __name__ == "__main__":
    main()
