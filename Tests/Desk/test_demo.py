# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""The demonstration in the browser, from the link in the terminal to the report of what was done."""

import unittest

import looks
from bench import Bench, choices, wait
from browser import DESKTOP, PHONE, Browser
from desk import Desk


class DemonstrationTests(unittest.TestCase):
    def test_the_whole_migration_is_decided_in_a_window(self):
        self.decide(DESKTOP)

    def test_the_whole_migration_is_decided_on_a_phone(self):
        self.decide(PHONE)

    def decide(self, size):
        name = "phone" if size == PHONE else "window"
        with Bench() as bench, Browser(name, size) as browser:
            bench.prepare_demonstration()
            with bench.worker(), Desk(bench) as desk:
                self.sign_in(browser, desk)
                browser.go(desk.origin + "/")
                browser.follow(browser.find("ul.runs a"))
                self.choose(browser, "p2", "It rebuilds the tables from the schema, and every step is checked.")
                # Nothing is reloaded by hand: the page hears of what is done and shows it.
                browser.wait_for("p2.r1", 90)
                browser.wait_for("A choice is waited for", 90)
                self.choose(browser, "p2.r1", "The revision deals with the names that were not foreseen.")
                self.look(browser, "carried-out")
                browser.wait_for("Done", 150)
                wait("the page says how it ended", lambda: "Done" in browser.find(".outcome").text, 60)
                self.look(browser, "report")
                browser.follow(browser.find(".home"))
                self.look(browser, "inbox-over")
                self.assertIn("Over", browser.text())
            self.assertEqual(["p2", "p2.r1"], [option for option, _ in choices(bench)])
            self.assertEqual([], browser.complaints(), "the browser complained")
            bench.agency("verify")

    def sign_in(self, browser, desk):
        link = desk.link()
        browser.go(desk.origin + "/")
        self.assertIn("You are not signed in", browser.text())
        # A page that is not for whoever is not signed in is told with 401, which the browser notes.
        refused = browser.complaints()
        self.assertTrue(all("401" in one["message"] for one in refused), refused)
        self.look(browser, "not-signed-in")
        browser.go(link)
        self.look(browser, "sign-in")
        browser.follow(browser.button("Sign in"))
        self.assertEqual(desk.origin + "/", browser.driver.current_url)
        self.look(browser, "inbox")

    def choose(self, browser, option, reason):
        browser.wait_for("A choice is waited for", 90)
        wait("the option is in the form", lambda: option in browser.find("#choose").text, 60)
        self.look(browser, f"choice-{option}")
        self.assertEqual("", browser.find("#option").get_attribute("value"), "nothing is selected beforehand")
        press = browser.button("Have this option enacted")
        browser.find("#option").send_keys(option)
        browser.find("#reason").send_keys(reason)
        wait("the button can be pressed", press.is_enabled, 10)
        browser.run("document.querySelector('#choose form').scrollIntoView({block: 'center'})")
        browser.picture(f"typed-{option}", is_whole=False)
        browser.follow(press)
        self.assertIn(reason, browser.text())

    def look(self, browser, where):
        browser.picture(where)
        looks.check(self, browser, where)


if __name__ == "__main__":
    unittest.main()
