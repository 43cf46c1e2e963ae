# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""A server of tools over HTTP: prints its port, and what it is asked; /moved sends whoever asks elsewhere."""
import http.server
import json


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def note(self, what):
        print(self.command, self.path, what, self.headers.get("mcp-session-id"), flush=True)

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self, messages):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for message in messages:
            text = "event: message\ndata: %s\n\n" % json.dumps(message)
            for piece in (text[:7], text[7:]):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece.encode()), piece.encode()))
                self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def do_DELETE(self):
        self.note("-")
        self.reply(200)

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.note(message.get("method"))
        if self.path == "/moved":
            return self.reply(307, location="/mcp")
        if "id" not in message:
            return self.reply(202)
        if message["method"] == "initialize":
            result = {
                "protocolVersion": message["params"]["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "fixture", "version": "1"},
            }
            body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()
            return self.reply(200, body, content_type="application/json", mcp_session_id="abc")
        if message["method"] == "tools/list":
            schema = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
            result = {"tools": [{"name": "echo", "description": "Says it again.", "inputSchema": schema}]}
        else:
            result = {"content": [{"type": "text", "text": message["params"]["arguments"]["text"]}]}
        self.stream([{"jsonrpc": "2.0", "id": message["id"], "result": result}])


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
