# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""An endpoint on this machine that speaks chat completions and misbehaves as the file MODE says.

Arguments: MODE PORT. Writes the number of its port into the file PORT, and ends when its standard input does.
"""

import http.server
import json
import os
import sys
import threading

import role


def mode():
    with open(sys.argv[1]) as file:
        return file.read().strip()


def answer(body):
    """What the role that is asked would say; what it is asked for shows in the shape that is demanded."""
    shape = body["response_format"]["json_schema"]["schema"]
    fields = shape["properties"]
    task = next(task for field, task in TASKS.items() if field in fields)
    messages = [{"parts": [{"text": message["content"]}]} for message in body["messages"] if message["role"] == "user"]
    request = {"episode": "0.%s.x" % task, "role": "x", "messages": messages, "output_schema": shape}
    return json.dumps(role.output(request))


TASKS = {"steps": "propose", "scores": "evaluate", "claims": "explain", "suggestions": "critique"}


def chunk(delta, reason=None):
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return "data: %s\n\n" % json.dumps({"model": "loopback-1", "choices": [choice]})


USAGE = "data: %s\n\n" % json.dumps({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 40}})
DONE = "data: [DONE]\n\n"


class Endpoint(http.server.BaseHTTPRequestHandler):
    refused = set()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind = mode()
        name = self.headers["Idempotency-Key"]
        if kind == "401" and self.headers["Authorization"] == "Bearer right":
            kind = "fine"
        if kind == "429" and name in self.refused:
            kind = "fine"
        self.refused.add(name)
        if kind.isdigit():
            error = {"error": {"message": "not now, says the loopback", "type": "trouble"}}
            self.reply(int(kind), "application/json", json.dumps(error), {"Retry-After": "0"})
        elif kind == "html":
            self.reply(200, "text/html", "<html><body>Please log in to the hotel network.</body></html>")
        elif kind == "invalid-utf8":
            self.reply(200, "text/event-stream", b"data: {\"choices\": [{\"delta\": {\"content\": \"\xff\xfe\"}}]}\n\n")
        elif kind == "huge":
            self.reply(200, "text/event-stream", (chunk({"content": "x" * 65000}) * 170) + chunk({}, "stop") + DONE)
        else:
            self.reply(200, "text/event-stream", self.stream(kind, answer(body)))

    def stream(self, kind, text):
        half = len(text) // 2
        if kind == "truncated":
            return chunk({"content": text[:half]})
        if kind == "empty":
            return chunk({"content": ""}) + chunk({}, "stop") + USAGE + DONE
        if kind == "refusal":
            return chunk({"refusal": "I would rather not."}) + chunk({}, "stop") + USAGE + DONE
        if kind == "cut":
            return chunk({"content": text[:half]}) + chunk({}, "length") + USAGE + DONE
        return chunk({"content": text[:half]}) + chunk({"content": text[half:]}) + chunk({}, "stop") + USAGE + DONE

    def reply(self, status, kind, body, headers={}):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()
with open(sys.argv[2], "w") as port:
    port.write("%d\n" % server.server_address[1])
sys.stdin.read()
os._exit(0)
