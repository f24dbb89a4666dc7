"""How many requests does a server answer? A process of its own that keeps N connections busy with requests made beforehand.

`python -m benchmarks.loading.client` reads one line of JSON: port, clients, seconds, visits, tokens; it says `ready`, begins
at the next line, and prints what happened. Clients are connections without a pause between an answer and the next request.
"""

import json
import multiprocessing
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from benchmarks.loading.phones import OPERATIONS, request_of

APPLIED = b'"verdict":"applied"'


@dataclass
class Connection:
    """One client: what it waits for."""

    socket: socket.socket
    began: float = 0.0
    answer: bytearray = field(default_factory=bytearray)
    whole: int = 0


def load(
    port: int, clients: int, seconds: float, requests: Iterator[bytes], applied: int
) -> dict[str, object]:
    """Requests until the time is up; each answer must be 200 with every operation applied."""
    watch = selectors.DefaultSelector()
    for _ in range(clients):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        one.settimeout(60)
        watch.register(one, selectors.EVENT_READ, Connection(one))
    took: list[float] = []
    wrong: list[str] = []
    began = time.perf_counter()
    for waiting in list(watch.get_map().values()):
        _ask(waiting.data, requests)
    busy = clients
    while busy:
        for event, _ in watch.select(60):
            one = event.data
            part = one.socket.recv(262_144)
            if not part:
                wrong.append("connection closed")
                watch.unregister(one.socket)
                busy -= 1
                continue
            one.answer += part
            if not one.whole and (end := one.answer.find(b"\r\n\r\n")) >= 0:
                head = bytes(one.answer[:end]).lower()
                one.whole = end + 4 + int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            if not one.whole or len(one.answer) < one.whole:
                continue
            now = time.perf_counter()
            took.append(now - one.began)
            if not one.answer.startswith(b"HTTP/1.1 200") or one.answer.count(APPLIED) != applied:
                wrong.append(one.answer[:2000].decode(errors="replace"))
            if now - began >= seconds or not _ask(one, requests):
                watch.unregister(one.socket)
                busy -= 1
    whole = time.perf_counter() - began
    took.sort()
    at = partial(_percentile, took)
    return {
        "answers": len(took), "seconds": whole, "rate": len(took) / whole, "p50": at(0.5), "p95": at(0.95), "p99": at(0.99),
        "worst": took[-1], "wrong": len(wrong), "first_wrong": wrong[:1], "ran_out": next(requests, None) is None,
    }  # fmt: skip


def _ask(one: Connection, requests: Iterator[bytes]) -> bool:
    request = next(requests, None)
    if request is None:
        return False
    one.answer.clear()
    one.whole, one.began = 0, time.perf_counter()
    one.socket.sendall(request)
    return True


def _percentile(took: list[float], share: float) -> float:
    return took[min(int(share * len(took)), len(took) - 1)] * 1000


def main() -> None:
    """Make the requests, wait for the word, run, tell."""
    given = json.loads(sys.stdin.readline())
    first, last = given["visits"]
    with multiprocessing.Pool(2) as pool:
        made = pool.map(partial(request_of, tokens=given["tokens"]), range(first, last), chunksize=100)
    print("ready", flush=True)
    sys.stdin.readline()
    print(
        json.dumps(load(given["port"], given["clients"], given["seconds"], iter(made), OPERATIONS)),
        flush=True,
    )


if __name__ == "__main__":
    main()
