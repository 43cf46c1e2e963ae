# Part of OpenAgency.
# SPDX-License-Identifier: Apache-2.0
"""What lies between a browser and the desk: it can be cut, and mended."""

import socket
import threading


class Wire:
    """Carries every connection to a port of this machine, as long as it is whole."""

    def __init__(self):
        self.target = None
        self.is_whole = True
        self._ends = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Ends all connections; new ones come to nothing."""
        with self._lock:
            self.is_whole = False
            ends, self._ends = self._ends, set()
        for end in ends:
            self._close(end)

    def mend(self):
        """Lets new connections through."""
        self.is_whole = True

    def close(self):
        """Ends it for good."""
        self.cut()
        self._listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self.is_whole:
                self._close(near)
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target), 10)
            except OSError:
                self._close(near)
                continue
            with self._lock:
                self._ends |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one, other):
        try:
            while block := one.recv(65536):
                other.sendall(block)
        except OSError:
            pass
        for end in (one, other):
            self._close(end)

    def _close(self, end):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        end.close()
