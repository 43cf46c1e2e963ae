# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""What models, tools, files and people write to do harm, on every page that shows it."""

import unittest

import harm
import looks
from bench import wait
from browser import DESKTOP, PHONE, SCREENSHOTS, Browser
from desk import Desk
from hostile import HostileBench
from payloads import TEXTS, group, mark, several, shown

# Where a text is put, and what of it a page shows.
PLACES = {
    "bt": "title of the brief", "bg": "goal", "bk": "expectation of a goal", "bc": "constraint",
    "pt": "title of a plan", "ps": "summary of a plan", "as": "assumption", "pd": "dissent of a proposer", "pi": "intent of a step",
    "pr": "argument of a step", "po": "what a step printed", "pf": "forecast", "px": "expectation of a forecast",
    "su": "forecast that fails", "es": "evaluation", "er": "reason of a score", "ed": "dissent of an evaluator", "os": "objection",
    "oe": "evidence of an objection", "kd": "dissent of a critic", "fr": "refusal of a performer", "fe": "complaint of a performer",
    "pn": "name of a performer", "fn": "name of a file",
    "xs": "explanation", "xc": "claim", "xr": "cited record", "xq": "quotation", "xd": "dissent of an explainer",
    "qu": "question of a person", "ys": "answer", "yc": "claim of an answer", "yr": "cited record of an answer",
    "yq": "quotation of an answer", "wy": "reason of a choice",
    "rt": "title of a revised plan", "rs": "summary of a revised plan", "ra": "assumption of a revised plan",
    "rd": "dissent of a reviser", "ri": "intent of a revised step",
}


class Hostility:
    """What is done with the runs of some groups; two of them at once are quicker on two cores."""

    groups = ()

    def test_what_others_wrote_is_text_on_every_page_and_hides_and_covers_nothing(self):
        texts = [number for each in self.groups for number in group(each)]
        self.seen, self.whole, self.pages = set(), set(), 0
        with HostileBench() as bench, Browser(f"hostile-{self.groups[0]}") as browser:
            for number in self.groups:
                bench.begin(number)
            with Desk(bench) as desk:
                harm.watch(browser)
                browser.sign_in(desk.link())
                self.origin = desk.origin
                runs = [link.get_attribute("href") for link in browser.all("ul.runs a")]
                self.assertEqual(len(self.groups), len(runs))
                # Who waits longest comes first, so that the runs are in the order in which they began.
                runs = list(zip(self.groups, runs))
                self.look(browser, "inbox")
                for number, run in runs:
                    browser.go(run)
                    self.look(browser, f"choice-{number}")
                    self.ask(browser, group(number))
                self.work(bench)
                for number, run in runs:
                    browser.go(run)
                    self.choose(browser, group(number))
                self.follow(bench, browser, runs)
                for number, run in runs:
                    browser.go(run)
                    self.look(browser, f"revised-{number}")
                    self.end(browser, number)
                self.work(bench)
                # From here on the policy of the pages holds too; it would ring if it had anything to stop.
                browser.command("Page.setBypassCSP", enabled=False)
                for number, run in runs:
                    browser.go(run)
                    self.look(browser, f"over-{number}")
                browser.go(desk.origin + "/")
                self.look(browser, "inbox-over")
                browser.go(desk.origin + "/records")
                self.look(browser, "records")
        missing = {
            place: [number for number in texts if (place, number) not in self.seen] for place in PLACES
        }
        told = f"{len(self.seen)} texts at {len(PLACES)} kinds of places were seen in {self.pages} views of pages"
        lines = [f"{len(texts) - len(numbers):3} of {len(texts)}  {PLACES[place]}" for place, numbers in missing.items()]
        name = f"hostile-{'-'.join(map(str, self.groups))}.txt"
        SCREENSHOTS.with_name(name).write_text("\n".join([told, *lines]) + "\n")
        with self.subTest("every text was seen at some place in full"):
            self.assertEqual(set(), set(texts) - self.whole)
        with self.subTest("every kind of place was seen"):
            self.assertEqual([], [PLACES[place] for place, numbers in missing.items() if len(numbers) == len(texts)])

    def work(self, bench):
        bench.agency("worker", "--until-idle", status=(0, 75))

    def ask(self, browser, numbers):
        self.fill(browser, "#question", several("qu", numbers, 1900))
        browser.follow(browser.button("Ask"))

    def choose(self, browser, numbers):
        browser.find("#option").send_keys("p1")
        self.fill(browser, "#reason", several("wy", numbers, 3900))
        press = browser.button("Have this option enacted")
        wait("the button can be pressed", press.is_enabled, 10)
        browser.follow(press)
        self.assertNotIn("/choice", browser.driver.current_url, "the desk refused the choice")

    def end(self, browser, number):
        """The runs end in different ways."""
        if number % 2 == 0:
            self.fill(browser, "#option", "" if number else "p1.r1")
            self.fill(browser, "#reason", several("wy", group(number), 3900))
            press = browser.button("Choose none" if number else "Have this option enacted")
        else:
            self.fill(browser, "#why", several("wy", group(number)[:2], 900))
            press = browser.button("Stop for good")
        wait("the button can be pressed", press.is_enabled, 10)
        browser.follow(press)

    def fill(self, browser, selector, text):
        """Puts in what no keyboard has."""
        browser.run("document.querySelector(arguments[0]).value = arguments[1]", selector, text)

    def follow(self, bench, browser, runs):
        """Events arrive in a page that is open."""
        browser.go(runs[-1][1])
        browser.run("window.isOld = true")
        self.work(bench)
        wait("the page has heard", lambda: not browser.run("return window.isOld") or "new event" in browser.text(), 30)
        self.look(browser, "followed")

    def look(self, browser, where):
        """Asserts that nothing came alive, hides, covers or breaks the page, shut and opened, wide and narrow."""
        for size, is_open in ((DESKTOP, False), (PHONE, False), (PHONE, True), (DESKTOP, True)):
            browser.resize(size)
            browser.run("for (const part of document.querySelectorAll('details')) part.open = arguments[0]", is_open)
            self.pages += 1
            how = f"{where}, {'opened' if is_open else 'shut'}"
            looks.check(self, browser, how)
            with self.subTest(f"{how}, at {size[0]}: nothing is covered"):
                self.assertEqual([], harm.covered(browser)[1])
            if not is_open:
                browser.picture(where, is_whole="-0" in where or "inbox" in where)
        found = harm.structure(browser)
        with self.subTest(f"{where}: nothing came alive"):
            self.assertEqual([], found["strange"], "the desk makes no such thing")
            self.assertEqual([], browser.complaints(), "the browser complained")
            self.assertEqual([], [url for url in harm.requests(browser) if not url.startswith(self.origin + "/")])
            self.assertTrue(browser.driver.current_url.startswith(self.origin + "/"), browser.driver.current_url)
        with self.subTest(f"{where}: nothing hides"):
            self.assertEqual([], found["raw"])
        self.count(browser.run("return document.documentElement.textContent"))

    def count(self, text):
        for number in range(len(TEXTS)):
            places = [place for place in PLACES if mark(place, number) in text]
            self.seen.update((place, number) for place in places)
            starts = [text.find(mark(place, number)) for place in places]
            if any(shown(number)[:150] in text[start:start + 600] for start in starts):
                self.whole.add(number)


class HostileTests(Hostility, unittest.TestCase):
    groups = (0, 1)


class MoreHostileTests(Hostility, unittest.TestCase):
    groups = (2, 3)


UNESCAPED = """
for (const text of arguments[0]) {
  const part = document.createElement("div");
  part.innerHTML = text;
  document.querySelector("main").append(part);
}
"""


class CanaryTests(unittest.TestCase):
    """What the tests above rely on is able to fail."""

    def test_what_is_not_escaped_is_noticed(self):
        with HostileBench() as bench, Browser("canary") as browser:
            bench.begin(0)
            with Desk(bench) as desk:
                harm.watch(browser)
                browser.sign_in(desk.link())
                self.assertEqual([], harm.structure(browser)["strange"])
                # What refreshes or bases the page would end the test.
                texts = [text for text in TEXTS[:42] if "http-equiv" not in text] + ["\u202e\u200b"]
                browser.run(UNESCAPED, texts)
                browser.run("document.querySelector('main').title = 'x' + arguments[0]", "\u2066")
                rung = wait("the canary rings", lambda: [
                    one for one in browser.complaints() if "canary rang" in one["message"]
                ], 10)
                self.assertTrue(rung)
                found = harm.structure(browser)
                self.assertTrue({"<img>", "img onerror"} <= set(found["strange"]), found)
                self.assertTrue(found["raw"])
                away = wait("something is asked for elsewhere", lambda: [
                    url for url in harm.requests(browser) if "evil.example" in url
                ], 10)
                self.assertTrue(away)

    def test_what_covers_the_form_or_sticks_out_is_noticed(self):
        with HostileBench() as bench, Browser("canary") as browser:
            bench.begin(0)
            with Desk(bench) as desk:
                browser.sign_in(desk.link())
                browser.follow(browser.find("ul.runs a"))
                count, covered = harm.covered(browser)
                self.assertGreaterEqual(count, 5)
                self.assertEqual([], covered)
                browser.run("document.body.append(Object.assign(document.createElement('div'), "
                            "{ style: 'position:fixed;inset:0' }))")
                self.assertEqual(count, len(harm.covered(browser)[1]))
                browser.run("document.body.append(Object.assign(document.createElement('div'), "
                            "{ style: 'width:1300px', textContent: 'wide' }))")
                seen = looks.survey(browser)
                self.assertGreater(seen["scrollWidth"], 1200)
                self.assertEqual(1, len(seen["wide"]), seen)


if __name__ == "__main__":
    unittest.main()
