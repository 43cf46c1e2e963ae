# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""What a step prints is on the page of its run while it acts, and is text there."""

import json
import sys
import unittest

from bench import Bench, wait
from browser import Browser
from desk import Desk

PROGRAM = """
import pathlib, sys, time
print('first \\x1b[31mred\\x1b[0m <img src=x onerror=alert(1)> \\u202eevil', flush=True)
for number in range(600):
    print('line', number, flush=True)
    time.sleep(0.1)
    if pathlib.Path('enough').exists():
        break
"""


class OutputTests(unittest.TestCase):
    def test_what_a_step_prints_is_seen_while_it_acts(self):
        with Bench() as bench:
            [run] = bench.begin()
            plan = {
                "assumptions": ["nobody hurries"],
                "steps": [{
                    "id": "s1", "intent": "Print for a while.", "reversibility": "reversible", "stakes": "low", "after": [],
                    "action": {"tool": "shell.run", "arguments": {"command": ["python3", "-c", PROGRAM], "seconds": 8}},
                    "forecasts": [{
                        "statement": "there are files", "probability": 0.9,
                        "check": {"tool": "files.list", "arguments": {}, "expect": {"contains": "list.txt"}},
                    }],
                }],
            }
            (bench.root / "plan.json").write_text(json.dumps(plan))
            bench.agency("choose", run, "--edit", "p2", "--plan", "plan.json", "--why", "to look on")
            desk = Desk(bench)
            self.addCleanup(desk.close)
            with Browser("output") as browser:
                browser.sign_in(desk.link())
                browser.go(f"{desk.origin}/runs/{run}")
                with bench.worker():
                    # What was added is put before people anew by whoever works on the run.
                    wait("it can be chosen", lambda: bench.types(run)[-1] == "choice_requested", 30)
                    shown = bench.events(run)[-1]["body"]["digest"]
                    bench.agency("choose", run, "--option", "p2.e1", "--shown", shown, "--why", "to look on")
                    browser.wait_for("Step s1 acts", 30)
                    browser.wait_for("line 3", 30)
                    seen = browser.find("#running pre").text
                    self.assertIn("<img src=x onerror=alert(1)>", seen)
                    self.assertIn("‹U+001B›[31mred", seen)
                    self.assertIn("‹U+202E›evil", seen)
                    # It grows without the page being asked for anew.
                    browser.run("window.isSame = true")
                    last = int(seen.rsplit("line ", 1)[1].split()[0])
                    browser.wait_for(f"line {last + 10}", 20)
                    self.assertTrue(browser.run("return window.isSame"))
                    self.assertTrue(browser.run("const pre = document.querySelector('#running pre'); return pre.scrollTop + pre.clientHeight >= pre.scrollHeight - 2"))
                    browser.picture("acting", is_whole=False)
                    wait("the step has ended", lambda: "step_observed" in bench.types(run), 60)
                    browser.wait_for("Up to date.", 20)
                    wait("the page shows no step that acts", lambda: not browser.all("#running"), 30)
            self.assertEqual([], list((bench.root / "home" / "runs" / run).glob("output.json*")))

    def test_why_work_breaks_off_is_seen_until_it_goes_on(self):
        with Bench() as bench:
            [run] = bench.begin()
            shown = bench.events(run)[-1]["body"]["digest"]
            bench.agency("choose", run, "--option", "p2", "--shown", shown, "--why", "to look on")
            (bench.root / "ws").rename(bench.root / "away")
            desk = Desk(bench)
            self.addCleanup(desk.close)
            trouble = bench.root / "home" / "runs" / run / "trouble.json"
            with Browser("trouble") as browser:
                with bench.worker():
                    wait("work breaks off", trouble.exists, 30)
                browser.sign_in(desk.link())
                self.assertIn("■", browser.find("ul.runs .alarm").text)
                browser.go(f"{desk.origin}/runs/{run}")
                self.assertIn("it is tried again by itself", browser.text())
                browser.picture("broken-off", is_whole=False)
                (bench.root / "away").rename(bench.root / "ws")
                # Another worker, so that nobody waits for the pause of the first.
                with bench.worker():
                    wait("it goes on", lambda: "step_observed" in bench.types(run), 60)
                browser.driver.refresh()
                self.assertNotIn("tried again by itself", browser.text())
            self.assertFalse(trouble.exists())
