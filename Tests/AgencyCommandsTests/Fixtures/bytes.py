# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""Writes bytes that are no text into a file."""

import sys

with open(sys.argv[1], "wb") as file:
    file.write(b"---\n\xff\xfe\x00\x80\n")
