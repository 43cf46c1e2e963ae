# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""What programs read, examined against the description of it that the desk serves.

Environment: DESK_API_HEADER, such as "Authorization: Bearer …", with DESK_API_URL, has a desk examined that is open already;
else one is opened, and the cookie of a person who is signed in is sent.
"""

import http.client
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import unittest
from urllib.parse import urlencode, urlsplit

from bench import Bench
from desk import Desk

DESCRIPTION = "/api/openapi.json"


def ask(origin, method, path, headers=None, fields=None):
    """Asks the desk, whose name this machine is, for something: status, headers, text."""
    address = urlsplit(origin)
    connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=30)
    body = None
    headers = {"Host": address.netloc} | (headers or {})
    if fields is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
        body = urlencode(fields)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, dict(answer.getheaders()), text


def sign_in(desk):
    """The header of a person who is signed in."""
    link = urlsplit(desk.link()).query.removeprefix("link=")
    status, headers, _ = ask(desk.origin, "POST", "/sign-in", fields={"link": link})
    assert status == 303, status
    cookie = {name.lower(): value for name, value in headers.items()}["set-cookie"]
    return "Cookie", cookie.split(";")[0]


def token(desk):
    """The header of a program that reads and holds work back, whose token a person has just made."""
    cookie = dict([sign_in(desk)])
    _, _, page = ask(desk.origin, "GET", "/people", cookie)
    form = re.search('name="form" value="([^"]*)"', page)[1]
    fields = {"form": form, "name": "examiner", "hold": "yes"}
    status, _, page = ask(desk.origin, "POST", "/programs", cookie, fields)
    assert status == 200, page
    return "Authorization", "Bearer " + re.search("<pre>([0-9a-f]{64})</pre>", page)[1]


def settings(described, header):
    """How the examination is to identify itself: a cookie that the description names has to be sent as that."""
    name, _, value = header[1].partition("=")
    schemes = described.get("components", {}).get("securitySchemes", {})
    cookies = [key for key, one in schemes.items() if one.get("in") == "cookie" and one.get("name") == name]
    if header[0] == "Cookie" and cookies:
        return "".join(f"[auth.openapi.{key}]\napi_key = {json.dumps(value)}\n" for key in cookies), []
    return "", ["--header", ": ".join(header)]


def examine(origin, header, described, examples=40):
    """Sends what a description allows, and what it does not, to every operation of it.

    Returns the status, what was told, and the report.
    """
    address = urlsplit(origin)
    here = f"http://127.0.0.1:{address.port}"
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        (report.parent / "description.json").write_text(json.dumps(described))
        configuration, identity = settings(described, header)
        # Which plans can be filed depends on the tools of the run, which no description has.
        configuration += (
            '[[operations]]\ninclude-path = "/api/runs/{run}/options"\nchecks.positive_data_acceptance.expected-statuses = [200, 400, 404, 409]\n'
        )
        (report.parent / "schemathesis.toml").write_text(configuration)
        done = subprocess.run(
            [
                pathlib.Path(sys.executable).with_name("schemathesis"), "run", "description.json", "--url", here,
                "--header", f"Host: {address.netloc}", *identity, "--checks", "all",
                "--max-examples", str(examples), "--seed", "1", "--continue-on-failure", "--request-timeout", "20",
                "--report", "json", "--report-json-path", report,
            ],
            cwd=folder, env=os.environ | {"NO_COLOR": "1", "COLUMNS": "160"}, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
        )
        told = json.loads(report.read_text()) if report.exists() else {}
    return done.returncode, done.stdout, told


class InterfaceTests(unittest.TestCase):
    def test_every_answer_is_as_the_description_says(self):
        if "DESK_API_HEADER" in os.environ:
            name, _, value = os.environ["DESK_API_HEADER"].partition(":")
            return self.check(os.environ["DESK_API_URL"].rstrip("/"), (name, value.strip()))
        with Bench() as bench:
            run = bench.begin()[0]
            with Desk(bench) as desk:
                self.check(desk.origin, token(desk), run)

    def check(self, origin, header, run=None):
        status, _, text = ask(origin, "GET", DESCRIPTION, dict([header]))
        if status != 200:
            self.skipTest(f"GET {DESCRIPTION} answers {status}: there is no description yet")
        described = json.loads(text)
        operations = [
            f"{method} {path}" for path, methods in described["paths"].items() for method in methods
            if method in ("get", "put", "post", "delete", "patch")
        ]
        self.assertTrue(operations, "something is described")
        # What happens from now on is a stream without an end.
        del described["paths"]["/api/runs/{run}/live"]
        operations = [operation for operation in operations if not operation.endswith("/live")]
        for path in described["paths"].values():
            for parameter in path.get("parameters", []):
                if parameter["name"] == "run" and run:
                    parameter["schema"] = {"type": "string", "enum": [run, "none"]}
        ended, told, report = examine(origin, header, described)
        self.assertEqual(0, ended, told[-12_000:])
        self.assertEqual(len(operations), report["operations"]["tested"], told[-2000:])


class ExaminationTests(unittest.TestCase):
    """The examination above is able to fail, and to pass."""

    def test_an_answer_that_is_as_described_passes(self):
        status, told, report = self.examined({"count": 1}, 200)
        self.assertEqual(0, status, told[-6000:])
        self.assertEqual(1, report["operations"]["tested"])

    def test_a_fault_of_the_server_and_a_wrong_shape_are_found(self):
        status, told, _ = self.examined({"message": "oh"}, 500)
        self.assertEqual(1, status, told[-6000:])
        self.assertIn("Server error", told)
        status, told, _ = self.examined({"count": "one"}, 200)
        self.assertEqual(1, status, told[-6000:])
        self.assertIn("Response violates schema", told)

    def examined(self, answer, status):
        shape = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}
        content = {"application/json": {"schema": shape}}
        description = {
            "openapi": "3.1.0", "info": {"title": "One thing", "version": "1"},
            "paths": {"/api/thing": {"get": {"responses": {"200": {"description": "It.", "content": content}}}}},
        }

        class Server(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def refuse(self):
                self.send_response(405)
                self.send_header("Allow", "GET")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_QUERY = refuse

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                return examine(f"http://localhost:{server.server_port}", ("Authorization", "Bearer none"), description, 5)
            finally:
                server.shutdown()


if __name__ == "__main__":
    unittest.main()
