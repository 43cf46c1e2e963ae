# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""The desk under a name of its own, encrypted, for browsers on other machines."""

import socket
import ssl
import subprocess
import unittest
from http.client import HTTPResponse
from urllib.parse import urlencode, urlsplit

from bench import Bench
from browser import Browser
from desk import Desk


def certify(folder, name):
    """Makes a certificate of a name that vouches for itself, and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", key, "-out", certificate, "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"],
        check=True, capture_output=True, timeout=60,
    )
    key.chmod(0o600)
    return str(certificate), str(key)


class SiteTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = Bench()
        cls.addClassCleanup(cls.bench.__exit__)
        [cls.run_name] = cls.bench.begin()
        cls.certificate, cls.key = certify(cls.bench.root, "desk.test")
        _, cls.other = certify(cls.bench.root, "other.test")

    def options(self, name="desk.test", certificate=None, key=None):
        return ["--name", name, "--certificate", certificate or self.certificate, "--certificate-key", key or self.key]

    def open(self):
        desk = Desk(self.bench, more=["--address", "0.0.0.0", *self.options()])
        self.addCleanup(desk.close)
        return desk

    def ask(self, desk, method, path, headers, fields=None):
        """Asks over a connection that is only made to who has the certificate."""
        trusting = ssl.create_default_context(cafile=self.certificate)
        body = urlencode(fields) if fields else ""
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "Connection: close"]
        with socket.create_connection(("127.0.0.1", desk.port), 30) as plain:
            with trusting.wrap_socket(plain, server_hostname="desk.test") as line:
                self.assertIn(line.version(), ("TLSv1.2", "TLSv1.3"))
                line.sendall("\r\n".join([*lines, "", body]).encode())
                answer = HTTPResponse(line)
                answer.begin()
                return answer.status, answer.getheader("Set-Cookie") or "", answer.read().decode(errors="replace")

    def test_it_answers_to_its_name_alone_and_takes_forms_of_its_own_pages_alone(self):
        desk = self.open()
        self.assertEqual(f"https://desk.test:{desk.port}", desk.origin)
        here = f"desk.test:{desk.port}"
        for host in ("127.0.0.1", f"127.0.0.1:{desk.port}", f"localhost:{desk.port}", f"desk.test.evil.test:{desk.port}",
                     f"evil.test:{desk.port}", "desk.test:x", f"desk.test:{desk.port}:1"):
            self.assertEqual(421, self.ask(desk, "GET", "/", {"Host": host})[0], host)
        link = {"link": urlsplit(desk.link()).query.removeprefix("link=")}
        for origin in (f"http://{here}", "https://desk.test", "https://evil.test", f"https://evil.test:{desk.port}", "null"):
            self.assertEqual(403, self.ask(desk, "POST", "/sign-in", {"Host": here, "Origin": origin}, link)[0], origin)
        status, cookie, _ = self.ask(desk, "POST", "/sign-in", {"Host": here, "Origin": f"https://{here}"}, link)
        self.assertEqual(303, status)
        self.assertIn("Secure", cookie)
        # Ports may be mapped on the way: what counts is the name.
        for host in (here, "desk.test", "desk.test:443", "DESK.test"):
            status, _, page = self.ask(desk, "GET", "/", {"Host": host, "Cookie": cookie.split(";")[0]})
            self.assertEqual(200, status, host)
            self.assertIn("Waits for a person", page)

    def test_nothing_is_said_without_encryption(self):
        desk = self.open()
        with socket.create_connection(("127.0.0.1", desk.port), 10) as plain:
            plain.sendall(f"GET / HTTP/1.1\r\nHost: desk.test:{desk.port}\r\n\r\n".encode())
            try:
                said = plain.recv(4096)
            except ConnectionResetError:
                said = b""
        self.assertNotIn(b"HTTP", said)

    def test_what_cannot_be_served_safely_is_not_served(self):
        serve = ["serve", "--port", "0"]
        self.bench.agency(*serve, "--address", "0.0.0.0", status=64)
        self.bench.agency(*serve, "--address", "::", "--certificate", self.certificate, status=64)
        self.bench.agency(*serve, *self.options(key=self.other), status=65)
        self.bench.agency(*serve, *self.options(certificate=self.key), status=65)
        self.bench.agency(*serve, *self.options(key=str(self.bench.root / "none")), status=65)
        self.bench.agency(*serve, *self.options(name="desk test"), status=65)
        self.bench.agency(*serve, "--address", "desk.test", *self.options(), status=65)
        open_key = self.bench.root / "open.key"
        open_key.write_text(open(self.key).read())
        open_key.chmod(0o644)
        self.bench.agency(*serve, *self.options(key=str(open_key)), status=(65, 77))

    def test_pages_live_there_as_they_do_on_this_machine(self):
        desk = self.open()
        with Browser("site") as browser:
            browser.sign_in(desk.link())
            browser.go(f"{desk.origin}/runs/{self.run_name}")
            browser.wait_for("Up to date.", 20)
            self.bench.agency("pause", self.run_name, "--why", "Seen from elsewhere.")
            browser.wait_for("Seen from elsewhere.", 30)
            browser.picture("encrypted", is_whole=False)
