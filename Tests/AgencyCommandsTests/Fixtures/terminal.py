# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Starts a program at a terminal of its own and plays the person: arguments are SCRIPT PROGRAM ARGUMENTS…

The script is a JSON list of [AWAITED, TYPED]: when the awaited text has been shown, since the last was, the text is typed.
What was shown is printed, and the program's status is this one's.
"""

import json
import os
import pty
import select
import sys
import time

script = json.loads(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])

shown, seen = b"", 0
deadline = time.monotonic() + 60
while time.monotonic() < deadline:
    ready, _, _ = select.select([terminal], [], [], 1)
    if ready:
        try:
            block = os.read(terminal, 65536)
        except OSError:
            break
        if not block:
            break
        shown += block
    while script and (place := shown.find(script[0][0].encode(), seen)) >= 0:
        awaited, typed = script.pop(0)
        seen = place + len(awaited.encode())
        os.write(terminal, typed.encode())
else:
    os.kill(child, 9)
_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
if script:
    sys.exit("never shown: %r" % script[0][0])
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
