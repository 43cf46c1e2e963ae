# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""The decision desk, opened at a terminal of its own."""

import os
import pty
import re
import signal
import subprocess
import termios
import threading
import time
from urllib.parse import urlsplit

from bench import AGENCY, end

LINK = re.compile(r"https?://\S+/sign-in\?link=[0-9a-f]+")


class Desk:
    """`agency serve` for a bench; every link signs one browser in."""

    def __init__(self, bench, port=0, more=()):
        terminal, theirs = pty.openpty()
        settings = termios.tcgetattr(theirs)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(theirs, termios.TCSANOW, settings)
        self.terminal = terminal
        self.told = ""
        self.used = 0
        self.process = subprocess.Popen(
            [AGENCY, "serve", "--port", str(port), *more], cwd=bench.root, env=bench.environment,
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        )
        os.close(theirs)
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        self._first = self._next_link()
        self.origin = "{0.scheme}://{0.netloc}".format(urlsplit(self._first))
        self.port = urlsplit(self._first).port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _listen(self):
        while True:
            try:
                block = os.read(self.terminal, 65536)
            except OSError:
                return
            if not block:
                return
            self.told += block.decode(errors="replace")

    def _next_link(self):
        until = time.monotonic() + 30
        while time.monotonic() < until:
            links = LINK.findall(self.told)
            # The line has to have come whole.
            if len(links) > self.used and self.told.rfind("\n") > self.told.rfind(links[-1]):
                self.used = len(links)
                return links[-1]
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"the desk printed no link: {self.told[-2000:]}")

    def link(self):
        """A link that nobody has used; Enter at the terminal has another printed."""
        if self._first:
            link, self._first = self._first, None
            return link
        os.write(self.terminal, b"\n")
        return self._next_link()

    def kill(self):
        """Ends it as a loss of power would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self):
        """Ends it as Ctrl-C does."""
        end(self.process, signal.SIGINT)
        # Whoever reads on would read from the next desk's terminal, which may get the same number.
        self.listener.join(10)
        try:
            os.close(self.terminal)
        except OSError:
            pass
