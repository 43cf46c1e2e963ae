"""Does at the decision desk what a person does in a browser: signs in, reads, chooses, and prints what came of it as JSON.

browser.py AGENCY OPTION REASON
"""
import html
import http.client
import json
import re
import signal
import subprocess
import sys
import time
from urllib.parse import urlencode, urlsplit

agency, option, reason = sys.argv[1:]
desk = subprocess.Popen([agency, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
link = next(line.strip() for line in desk.stdout if line.startswith("http://"))
address = urlsplit(link)
cookie = None


def ask(method, path, fields=None):
    # Browsers take every name under localhost for this machine.
    connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=30)
    headers = {"Host": address.netloc} | ({"Cookie": cookie} if cookie else {})
    body = None
    if fields is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{address.netloc}"}
        body = urlencode(fields)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.getheader("set-cookie"), text


def field(page, name):
    return html.unescape(re.search(f'name="{name}" value="([^"]*)"', page)[1])


try:
    outside, _, _ = ask("GET", "/")
    _, _, page = ask("GET", f"{address.path}?{address.query}")
    _, given, _ = ask("POST", "/sign-in", {"link": field(page, "link")})
    cookie = given.split(";")[0]
    _, _, inbox = ask("GET", "/")
    run = re.search(r'href="(/runs/[^"]+)"', inbox)[1]
    _, _, page = ask("GET", run)
    time.sleep(1.2)
    fields = {name: field(page, name) for name in ("form", "view", "shown")}
    fields |= {"verdict": "option", "option": option, "reason": reason}
    chosen, _, _ = ask("POST", run + "/choice", fields)
    again, _, _ = ask("POST", run + "/choice", fields)
finally:
    desk.send_signal(signal.SIGINT)
    try:
        desk.wait(20)
    finally:
        desk.kill()
print(json.dumps({"outside": outside, "chosen": chosen, "again": again, "shown": fields["shown"], "ended": desk.returncode}))
