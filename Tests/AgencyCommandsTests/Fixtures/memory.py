# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Runs a command, and prints on a last line the most memory that it has had, in bytes."""

import resource
import subprocess
import sys

status = subprocess.run(sys.argv[1:]).returncode
unit = 1 if sys.platform == "darwin" else 1024
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit, flush=True)
sys.exit(status)
