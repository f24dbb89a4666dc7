"""What can go wrong on the line? A proxy between a browser and the server that cuts, swallows, crawls, loses and lies."""

import http.client
import random
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PORTAL = "<!doctype html><title>Wi-Fi</title><h1>示例：请先登录本店的 Wi-Fi</h1>".encode()
HOP = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "proxy-connection"}


@dataclass
class Fault:
    """One fault: the next `times` requests of `method` whose path begins with `path` suffer it.

    `cut_after`: forward that many bytes of the body, then break both connections.
    `lose_answer`: let the server do its work, then break the line instead of answering.
    """

    method: str
    path: str
    times: int = 1
    cut_after: int | None = None
    lose_answer: bool = False
    struck: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Does it hit this request?"""
        if self.struck >= self.times or method != self.method or not path.startswith(self.path):
            return False
        self.struck += 1
        return True


@dataclass
class Line:
    """The line of one device: its address, its faults, what went over it."""

    server: str
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[str, str, int]] = field(default_factory=list)
    weighed: list[tuple[str, int]] = field(default_factory=list)
    """What went to the browser: path and bytes, head and body, packed as it travelled."""
    port: int = 0
    rate: int | None = None
    """Bytes per second, each way; None: as fast as it goes."""
    loss: float = 0.0
    """The share of requests that are lost: one half before the server hears of them, the other half their answers."""
    portal: str | None = None
    """`page`: a Wi-Fi answers everything with a page of its own; `redirect`: it leads there."""
    chance: random.Random = field(default_factory=lambda: random.Random(6))
    lost: int = 0

    def __enter__(self) -> "Line":
        line = self

        class Passing(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, http.client.HTTPException):
                    self.close_connection = True

            def do_GET(self) -> None:
                _pass_on(line, self)

            do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_GET

            def log_message(self, *_: object) -> None:
                return

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        """Where the browser goes."""
        return f"http://127.0.0.1:{self.port}"


def _pass_on(line: Line, asked: BaseHTTPRequestHandler) -> None:
    if line.portal:
        _lie(line, asked)
        return
    drawn = line.chance.random()
    if drawn < line.loss / 2:
        line.lost += 1
        line.seen.append((asked.command, asked.path, -1))
        _break(asked)
        return
    fault = next((one for one in line.faults if one.strikes(asked.command, asked.path)), None)
    length = int(asked.headers.get("Content-Length") or 0)
    address = urlsplit(line.server)
    upstream = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=60)
    upstream.putrequest(asked.command, asked.path, skip_host=True, skip_accept_encoding=True)
    for name, value in asked.headers.items():
        if name.lower() not in HOP:
            upstream.putheader(name, value)
    upstream.endheaders()
    if fault and fault.cut_after is not None:
        upstream.send(asked.rfile.read(min(length, fault.cut_after)))
        line.seen.append((asked.command, asked.path, -1))
        _break(asked, upstream)
        return
    if length:
        _slowly(line, length)
        upstream.send(asked.rfile.read(length))
    answer = upstream.getresponse()
    body = answer.read()
    line.seen.append((asked.command, asked.path, answer.status))
    line.weighed.append((asked.path, len(body) + sum(len(f"{n}: {v}") + 2 for n, v in answer.getheaders())))
    if (fault and fault.lose_answer) or drawn < line.loss:
        line.lost += drawn < line.loss
        _break(asked, upstream)
        return
    _slowly(line, len(body))
    asked.send_response_only(answer.status)
    for name, value in answer.getheaders():
        if name.lower() not in HOP | {"content-length"}:
            asked.send_header(name, value)
    asked.send_header(
        "Content-Length",
        answer.getheader("Content-Length", "0") if asked.command == "HEAD" else str(len(body)),
    )
    asked.end_headers()
    if asked.command != "HEAD":
        asked.wfile.write(body)
    upstream.close()


def _slowly(line: Line, size: int) -> None:
    if line.rate:
        time.sleep(size / line.rate)


def _lie(line: Line, asked: BaseHTTPRequestHandler) -> None:
    """What a captive portal does: it reads what it is given and answers as if it were the server."""
    asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
    line.seen.append((asked.command, asked.path, -2))
    leads = line.portal == "redirect" and not asked.path.startswith("/portal")
    asked.send_response_only(302 if leads else 200)
    if leads:
        asked.send_header("Location", "/portal/login")
    asked.send_header("Content-Type", "text/html; charset=utf-8")
    asked.send_header("Content-Length", "0" if leads else str(len(PORTAL)))
    asked.end_headers()
    if not leads and asked.command != "HEAD":
        asked.wfile.write(PORTAL)


def _break(asked: BaseHTTPRequestHandler, upstream: http.client.HTTPConnection | None = None) -> None:
    asked.close_connection = True
    if upstream is not None and upstream.sock is not None:
        upstream.sock.close()
    asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    asked.connection.close()
