# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""What a person sees when something fails: the session, the server, the connection, or another who was quicker."""

import http.client
import unittest
from urllib.parse import urlencode, urlsplit

from bench import Bench, choices, wait
from browser import Browser
from desk import Desk
from wire import Wire


class FaultTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = Bench()
        cls.addClassCleanup(cls.bench.__exit__)
        # One run for each test, carried to its choice.
        cls.runs = cls.bench.begin(runs=10)
        cls.wire = Wire()
        cls.addClassCleanup(cls.wire.close)
        cls.browser = Browser("faults", wire=cls.wire)
        cls.addClassCleanup(cls.browser.__exit__)

    def setUp(self):
        self.run_name = self.runs.pop()
        self.desk = self.open_desk()
        self.browser.sign_in(self.desk.link())
        self.open(self.browser)

    def open_desk(self, port=0):
        desk = Desk(self.bench, port)
        self.addCleanup(desk.close)
        self.wire.target = desk.port
        return desk

    def open(self, browser):
        browser.go(f"{self.desk.origin}/runs/{self.run_name}")
        browser.wait_for("Up to date.", 20)

    def live(self):
        return self.browser.find(".live").text

    def fill(self, browser, option, reason):
        browser.find("#option").send_keys(option)
        browser.find("#reason").send_keys(reason)
        press = browser.button("Have this option enacted")
        wait("the button can be pressed", press.is_enabled, 10)
        return press

    def test_without_a_session_there_is_the_page_for_signing_in_and_nothing_is_chosen(self):
        press = self.fill(self.browser, "p2", "The session is gone.")
        self.browser.driver.delete_all_cookies()
        self.browser.follow(press)
        self.assertIn("You are not signed in", self.browser.text())
        self.browser.picture("signed-out")
        self.browser.go(f"{self.desk.origin}/runs/{self.run_name}")
        self.assertIn("You are not signed in", self.browser.text())
        self.assertIn("agency serve", self.browser.text(), "the page says where the next link is")
        self.assertEqual([], choices(self.bench, self.run_name))
        self.browser.sign_in(self.desk.link())
        self.open(self.browser)

    def test_a_page_that_is_open_hears_that_it_was_signed_out(self):
        cookie = self.browser.driver.get_cookie("__Host-agency")
        self.assertTrue(cookie["httpOnly"] and cookie["secure"] and cookie["sameSite"] == "Strict", cookie)
        form = self.browser.find("form.who input[name=form]").get_attribute("value")
        self.assertEqual(303, self.post("/sign-out", {"form": form}, cookie["value"]))
        self.browser.wait_for("signed out", 20)
        self.browser.picture("heard-of-sign-out", is_whole=False)
        self.browser.driver.refresh()
        self.assertIn("You are not signed in", self.browser.text())

    def post(self, path, fields, session):
        address = urlsplit(self.desk.origin)
        connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=30)
        headers = {
            "Host": address.netloc, "Origin": self.desk.origin, "Cookie": f"__Host-agency={session}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", path, urlencode(fields), headers)
        status = connection.getresponse().status
        connection.close()
        return status

    def test_a_page_says_that_the_server_is_gone_and_what_to_do_when_another_is_there(self):
        self.browser.find("#reason").send_keys("Typed before the server went.")
        self.desk.kill()
        self.browser.wait_for("No connection", 20)
        self.browser.picture("server-gone", is_whole=False)
        self.assertEqual("Typed before the server went.", self.browser.find("#reason").get_attribute("value"))
        self.assertFalse(choices(self.bench, self.run_name))
        before = self.desk
        self.desk = self.open_desk(before.port)
        self.assertEqual(before.port, self.desk.port)
        self.assertNotEqual(before.origin, self.desk.origin, "every start has a name of its own")
        self.browser.wait_for("No longer connected", 30)
        self.assertEqual("Typed before the server went.", self.browser.find("#reason").get_attribute("value"))
        self.browser.picture("another-server", is_whole=False)
        self.browser.driver.refresh()
        self.assertIn("use the address that the terminal says", self.browser.text())
        self.browser.picture("old-address")
        self.browser.sign_in(self.desk.link())
        self.open(self.browser)

    def test_what_happened_while_the_connection_was_gone_arrives(self):
        events = len(self.bench.events(self.run_name))
        self.wire.cut()
        self.addCleanup(self.wire.mend)
        self.browser.wait_for("No connection", 20)
        self.browser.picture("no-connection", is_whole=False)
        self.bench.agency("pause", self.run_name, "--why", "While nobody could see.")
        self.wire.mend()
        self.browser.wait_for("new event", 30)
        self.browser.picture("caught-up", is_whole=False)
        happened = len(self.bench.events(self.run_name)) - events
        self.assertIn(f"{happened} new event", self.live())
        self.assertTrue(all(not button.is_enabled() for button in self.browser.all("#choose button")),
                        "what is shown is no longer so, and cannot be answered")
        self.browser.follow(self.browser.find(".live a"))
        self.assertIn("While nobody could see.", self.browser.text())

    def test_a_browser_that_is_offline_goes_on_where_it_was(self):
        self.offline(True)
        self.addCleanup(self.offline, False)
        # A browser that only plays offline keeps what is open.
        self.wire.cut()
        self.wire.mend()
        self.browser.wait_for("No connection", 20)
        self.bench.agency("pause", self.run_name, "--why", "While it was offline.")
        self.offline(False)
        self.browser.wait_for("While it was offline.", 30)

    def test_whoever_is_on_the_way_to_another_page_is_not_brought_back_by_news(self):
        # A page without a form shows what is new by itself.
        self.browser.follow(self.fill(self.browser, "p2", "To be watched."))
        self.browser.wait_for("Up to date.", 20)
        self.bench.agency("pause", self.run_name, "--why", "While somebody leaves.")
        self.browser.wait_for("new event", 20)
        self.slow(4000)
        self.addCleanup(self.slow, 0)
        self.browser.follow(self.browser.find(".bar .home"))
        self.assertIn("Inbox", self.browser.driver.title)

    def offline(self, is_offline):
        self.network(offline=is_offline, latency=0)

    def slow(self, milliseconds):
        self.network(offline=False, latency=milliseconds)

    def network(self, **conditions):
        self.browser.command("Network.enable")
        self.browser.command("Network.emulateNetworkConditions", **conditions, downloadThroughput=-1, uploadThroughput=-1)

    def test_of_two_who_choose_the_first_has_and_the_other_is_told(self):
        with Browser("faults-other") as other:
            other.sign_in(self.desk.link())
            # Without the stream the other hears of nothing, and presses in good faith.
            other.command("Network.enable")
            other.command("Network.setBlockedURLs", urls=["*/live*"])
            other.go(f"{self.desk.origin}/runs/{self.run_name}")
            first = self.fill(self.browser, "p2", "First come.")
            second = self.fill(other, "p1", "A reason that took long to think of.")
            self.browser.follow(first)
            self.assertIn("First come.", self.browser.text())
            other.follow(second)
            other.picture("told")
            self.assertEqual("Conflict", other.find("h1").text)
            self.assertIn("Back to the inbox", other.text())
        self.assertEqual([("p2", "First come.")], choices(self.bench, self.run_name))

    def test_the_page_of_the_slower_one_is_shut_when_the_first_has_chosen(self):
        with Browser("faults-other") as other:
            other.sign_in(self.desk.link())
            self.open(other)
            second = self.fill(other, "p1", "Too late.")
            self.browser.follow(self.fill(self.browser, "p2", "First."))
            other.wait_for("new event", 20)
            self.assertFalse(second.is_enabled())
            other.picture("shut", is_whole=False)
            self.assertEqual("Too late.", other.find("#reason").get_attribute("value"), "what was typed is still there")

    def test_whoever_is_at_the_form_sees_that_the_server_is_gone(self):
        self.fill(self.browser, "p2", "Typed at the bottom of the page.")
        self.desk.kill()
        self.browser.wait_for("No connection", 20)
        self.assertTrue(self.browser.run(
            "const box = document.querySelector('.here').getBoundingClientRect(); return box.height > 0 && box.bottom > 0 && "
            "box.top < innerHeight && document.querySelector('.here').textContent.includes('No connection')"
        ))

    def test_who_was_slower_is_told_who_chose_and_led_back_to_the_run(self):
        with Browser("faults-other") as other:
            other.sign_in(self.desk.link())
            other.command("Network.enable")
            other.command("Network.setBlockedURLs", urls=["*/live*"])
            other.go(f"{self.desk.origin}/runs/{self.run_name}")
            second = self.fill(other, "p1", "Slower.")
            self.browser.follow(self.fill(self.browser, "p2", "First come."))
            other.follow(second)
            self.assertTrue(other.all(f"a[href='/runs/{self.run_name}']"), "there is a way back to the run")
            self.assertIn("p2", other.text(), "it says what was chosen")


if __name__ == "__main__":
    unittest.main()
