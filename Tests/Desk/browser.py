# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Chromium as a person uses it, with what it logs: complaints of pages, and every request."""

import base64
import json
import os
import pathlib
import shutil

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from bench import ROOT, wait

SCREENSHOTS = pathlib.Path(os.environ.get("DESK_SCREENSHOTS", ROOT / ".desk-tests" / "screenshots"))
DESKTOP = (1200, 900)
PHONE = (400, 800)


class Browser:
    """A browser of its own, with no history and no cookies."""

    def __init__(self, name, size=DESKTOP, wire=None):
        """Opens a browser.

        name: What pictures of it are called. size: Width and height of its page. wire: What lies between it and the desk.
        """
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "chromium"
        way = f"MAP *.localhost 127.0.0.1:{wire.port}" if wire else "EXCLUDE *.localhost"
        # Whatever a page asks for elsewhere must show in the log and reach nobody.
        flags = [
            "--headless=new", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--no-proxy-server",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--host-resolver-rules={way}, MAP desk.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ]
        if os.getuid() == 0:
            flags.append("--no-sandbox")
        for flag in flags:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        # Whether a certificate is right is looked at elsewhere; here is what becomes of pages that come by one.
        options.accept_insecure_certs = True
        # A dialog must stay to be seen.
        options.unhandled_prompt_behavior = "ignore"
        service = webdriver.ChromeService(executable_path=shutil.which("chromedriver") or "chromedriver")
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_page_load_timeout(60)
        self.name = name
        self.count = 0
        self.resize(size)

    def __enter__(self):
        return self

    def __exit__(self, kind=None, *_):
        try:
            if kind:
                print(f"{self.name} was at {self.driver.current_url}: {self.picture('failed', is_whole=False)}")
                print(self.text()[:600], self.complaints())
        finally:
            self.driver.quit()

    def command(self, name, **parameters):
        """Sends a command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def resize(self, size):
        """Gives the page a size; a narrow one is a phone's."""
        self.size = size
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=size[0], height=size[1], deviceScaleFactor=1, mobile=size[0] < 600,
        )

    def go(self, address):
        """Opens an address, and waits for its page."""
        # The driver can take the last of the page before for all of the new one.
        self.run("window.isOld = true")
        self.driver.get(address)
        self.wait_for_page()

    def run(self, script, *arguments):
        """Runs a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def find(self, selector):
        """The one element of a selector."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        """All elements of a selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def button(self, words):
        """The button that says something."""
        return self.driver.find_element(By.XPATH, f"//button[normalize-space()='{words}']")

    def text(self):
        """What can be read on the page now."""
        return self.run("return document.body ? document.body.innerText : ''")

    def wait_for(self, words, seconds=60):
        """Waits until something can be read on the page, which may change meanwhile."""
        wait(f"the page says “{words}”", lambda: words in self.text(), seconds)

    def follow(self, element):
        """Presses what leads to another page, and waits for that."""
        self.run("window.isOld = true")
        element.click()
        self.wait_for_page()

    def wait_for_page(self, seconds=30):
        """Waits for the page that comes instead of the one that was marked."""
        script = "return !window.isOld && document.readyState === 'complete'"
        WebDriverWait(self.driver, seconds, 0.05).until(lambda _: self.run(script))

    def sign_in(self, link):
        """Follows a link from the terminal and signs in."""
        self.go(link)
        self.follow(self.button("Sign in"))
        assert "Inbox" in self.driver.title, self.driver.title

    def complaints(self):
        """What the browser complained of since this was last asked."""
        return [entry for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def network(self):
        """The events of the network since this was last asked, as (method, parameters)."""
        entries = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [(one["method"], one["params"]) for one in entries if one["method"].startswith("Network.")]

    def picture(self, name, is_whole=True):
        """Keeps a picture of the page: whole, up to a length that can be looked at, or as it is seen now."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.count += 1
        parameters = {"format": "png"}
        if is_whole:
            whole = self.command("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": self.size[0], "height": min(whole["height"], 12000), "scale": 1}
            parameters |= {"clip": clip, "captureBeyondViewport": True}
        taken = self.command("Page.captureScreenshot", **parameters)
        path = SCREENSHOTS / f"{self.name}-{self.size[0]}-{self.count:02}-{name}.png"
        path.write_bytes(base64.b64decode(taken["data"]))
        return path
