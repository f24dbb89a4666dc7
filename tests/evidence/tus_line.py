"""What breaks on the way of a file? A TCP line that counts what is sent and is reset in the middle of it."""

import contextlib
import fcntl
import socket
import struct
import termios
import threading
import time
from dataclasses import dataclass, field

RESET = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # SO_LINGER on, for no time: closing sends RST
STEP = 16 * 1024


@dataclass
class BrittleLine:
    """From one client to several servers in turn: every connection goes to the next one.

    `cuts`: after how many bytes sent (over all connections) both sides are reset, in order.
    """

    ports: list[int]
    cuts: list[int] = field(default_factory=list)
    sent: int = 0
    struck: int = 0
    connections: int = 0

    def __enter__(self) -> "BrittleLine":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def begin(self, cuts: list[int]) -> None:
        """Count from nought, with other cuts ahead."""
        self.cuts, self.sent, self.struck = sorted(cuts), 0, 0

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                port = self.ports[self.connections % len(self.ports)]
                self.connections += 1
                server = socket.create_connection(("127.0.0.1", port))
                down = threading.Thread(target=self._down, args=(server, client), daemon=True)
                down.start()
                threading.Thread(target=self._up, args=(client, server, down), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, down: threading.Thread) -> None:
        with contextlib.suppress(OSError):
            while True:
                room = self.cuts[0] - self.sent if self.cuts else STEP
                if room <= 0:
                    self.cuts.pop(0)
                    self.struck += 1
                    _await_delivered(server)
                    _reset(server)
                    down.join()  # a socket that is being read is not closed before
                    _reset(client)
                    return
                content = client.recv(min(STEP, room))
                if not content:
                    server.shutdown(socket.SHUT_WR)
                    return
                server.sendall(content)
                self.sent += len(content)

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        server.settimeout(0.05)
        with contextlib.suppress(OSError):
            while True:
                try:
                    content = server.recv(STEP)
                except TimeoutError:
                    continue
                if not content:
                    break
                client.sendall(content)
            client.shutdown(socket.SHUT_WR)


def _await_delivered(end: socket.socket) -> None:
    """A reset throws away what waits on this side; the break is to come after what counts as sent."""
    until = time.monotonic() + 30
    while time.monotonic() < until and struct.unpack("i", fcntl.ioctl(end, termios.TIOCOUTQ, b"\0" * 4))[0]:
        time.sleep(0.005)


def _reset(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.close()
