# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""The choice with nothing but a keyboard."""

import unittest

from bench import Bench, choices, wait
from browser import Browser
from desk import Desk
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

# Where the focus is, whether it can be seen, and whether something lies over it.
FOCUS = """
const element = document.activeElement;
if (!element || element === document.body) return null;
const box = [...element.getClientRects()].find((one) => one.width && one.height);
const style = getComputedStyle(element);
const isSeen = box && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
const top = isSeen && document.elementFromPoint(Math.max(1, box.left + Math.min(box.width, innerWidth) / 2),
  Math.min(innerHeight - 1, Math.max(1, box.top + box.height / 2)));
return {
  what: element.id || element.textContent.trim().slice(0, 60) || element.tagName,
  tag: element.tagName.toLowerCase(),
  isSeen: Boolean(isSeen),
  isOutlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  isFree: Boolean(top && (element.contains(top) || top.contains(element))),
  isInMain: Boolean(element.closest("main")),
};
"""

# Notes what could be pressed when the page was there, before anybody could have read it.
ARMED = """
addEventListener("load", () => {
  window.armedAtOnce = [...document.querySelectorAll("#choose button:not(.none)")].filter((button) => !button.disabled).length;
});
"""


class KeyboardTests(unittest.TestCase):
    def test_the_whole_choice_is_made_with_the_keyboard_alone(self):
        with Bench() as bench, Browser("keyboard") as browser:
            (run,) = bench.begin()
            self.bench, self.browser = bench, browser
            with Desk(bench) as desk:
                browser.command("Page.addScriptToEvaluateOnNewDocument", source=ARMED)
                browser.go(desk.link())
                self.tab_to("Sign in", 4)
                self.turn(Keys.ENTER)
                self.assertEqual("Inbox", browser.find("h1").text)
                self.tab_to("Split the names", 7)
                self.turn(Keys.ENTER)
                self.assertEqual(0, browser.run("return window.armedAtOnce"), "nobody can press what they cannot have read")
                self.skip()
                self.open_a_plan()
                self.steer_with_enter(run)
                self.choose(run)
                self.assertEqual([], browser.complaints())
            self.assertEqual([("p2", "Typed with keys alone.")], choices(bench, run))

    def press(self, *keys):
        ActionChains(self.browser.driver).send_keys(*keys).perform()

    def turn(self, key):
        """Presses a key that leads to another page."""
        self.browser.run("window.isOld = true")
        self.press(key)
        self.browser.wait_for_page()

    def tab(self, is_back=False):
        """Goes on or back by one, to where the focus can be seen."""
        keys = ActionChains(self.browser.driver)
        (keys.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT) if is_back else keys.send_keys(Keys.TAB)).perform()
        focus = self.browser.run(FOCUS)
        if focus:
            with self.subTest(focus["what"]):
                self.assertTrue(focus["isSeen"], f"the focus is out of sight: {focus}")
                self.assertTrue(focus["isOutlined"], f"the focus is not shown: {focus}")
                self.assertTrue(focus["isFree"], f"something lies over the focus: {focus}")
        return focus

    def tab_to(self, what, most, is_back=False):
        """Goes on to what is called so; fails when that is too far."""
        passed = []
        for _ in range(most):
            focus = self.tab(is_back)
            passed.append(focus and focus["what"])
            if focus and focus["what"].startswith(what):
                return focus
        raise AssertionError(f"{what} is not reached with {most} steps: {passed}")

    def skip(self):
        """The first step is over all that is on every page."""
        first = self.tab()
        self.assertEqual("Skip to the content", first["what"])
        self.browser.picture("skip-link", is_whole=False)
        self.press(Keys.ENTER)
        focus = self.tab()
        self.assertTrue(focus["isInMain"], f"the next step is within the content: {focus}")

    def open_a_plan(self):
        focus = self.tab_to("p2 Only take", 60)
        self.assertEqual("summary", focus["tag"])
        self.press(Keys.SPACE)
        self.assertTrue(self.browser.run("return document.activeElement.parentElement.open"), "a plan opens with the space bar")
        self.browser.picture("plan-opened", is_whole=False)

    def steer_with_enter(self, run):
        """Enter stops nothing, pauses nothing and asks nothing."""
        before = self.bench.types(run)
        self.tab_to("why", 200)
        self.stay("It must not stop.")
        self.assertEqual(before, self.bench.types(run))
        self.press(*[Keys.BACKSPACE] * 20)
        self.tab_to("option", 12, is_back=True)

    def stay(self, text):
        """Types into a field and presses Enter, which leads nowhere."""
        self.browser.run("window.isOld = true")
        self.press(text, Keys.ENTER, Keys.ENTER)
        self.browser.run("return new Promise((go) => setTimeout(go, 500))")
        self.assertTrue(self.browser.run("return window.isOld"), "Enter in a field led to another page")

    def choose(self, run):
        before = self.bench.types(run)
        self.stay("p2")
        self.assertEqual("p2", self.browser.run("return document.activeElement.value"))
        self.tab_to("reason", 1)
        self.press("Typed with keys alone.")
        self.assertEqual(before, self.bench.types(run), "nothing was chosen yet")
        wait("the button can be pressed", self.browser.button("Have this option enacted").is_enabled, 10)
        self.tab_to("Have this option enacted", 1)
        self.browser.picture("about-to-press", is_whole=False)
        self.turn(Keys.SPACE)
        self.assertIn("Typed with keys alone.", self.browser.text())


if __name__ == "__main__":
    unittest.main()
