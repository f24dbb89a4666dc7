"""How fast do photos come in? Visits with five photos of 300 KB each: record, then tus, hash checked, durable before the answer.

`python -m benchmarks.photos [sqlite|postgresql]`; QUICK=1 for a short look. The bare limit of the same run writes the same
bytes to files of their own, hashed and fsynced, from as many threads.
"""

import base64
import hashlib
import io
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import measure
from benchmarks.intake import OPEN, owed, tokens
from benchmarks.loading import phones
from benchmarks.loading.server import county, served
from benchmarks.place import DATABASES

QUICK = bool(os.environ.get("QUICK"))
ROUNDS, SECONDS = (1, 2) if QUICK else (3, 4)
EACH, SIZE = 5, 300_000
CLIENTS = (1, 4, 8)


@cache
def picture() -> bytes:
    """A real photo of the size that phones send, made up of noise."""
    from PIL import Image

    noise = random.Random(7)
    for quality in range(95, 20, -5):
        kept = io.BytesIO()
        Image.frombytes("RGB", (640, 480), noise.randbytes(640 * 480 * 3)).save(kept, "JPEG", quality=quality)
        if len(kept.getvalue()) < SIZE:
            break
    return kept.getvalue()


def photo(visit: int, number: int) -> bytes:
    """The same picture with a remark of its own, filled up to the size."""
    rest = SIZE - len(picture()) - 4
    remark = f"{visit}/{number}".encode().ljust(min(rest, 60_000), b" ")
    said = b"\xff\xfe" + (len(remark) + 2).to_bytes(2, "big") + remark
    return picture()[:2] + said + picture()[2:]


class Client:
    """One phone: a visit's record, then its photos one after the other."""

    def __init__(self, port: int, known: list[str]) -> None:
        self.socket, self.known = socket.create_connection(("127.0.0.1", port)), known
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(60)

    def ask(self, head: str, body: bytes, wanted: bytes) -> None:
        """One request; anything but the answer wanted ends the benchmark."""
        self.socket.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = bytearray()
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self.socket.recv(65_536) or b"\r\n\r\n"
        length = next(
            (
                int(line[15:])
                for line in bytes(answer[:end]).lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            ),
            0,
        )
        while len(answer) < end + 4 + length:
            answer += self.socket.recv(65_536)
        if wanted not in answer:
            raise SystemExit(answer[:2000].decode(errors="replace"))

    def bring(self, made: tuple[int, bytes, list[tuple[str, bytes]]]) -> None:
        """The whole visit."""
        visit, record, photos = made
        token = f"Host: x\r\nAuthorization: Bearer {self.known[phones.owner(visit)]}\r\n"
        kind = "Content-Type: application/vnd.onevisit.sync+json\r\nContent-Encoding: gzip\r\n"
        self.ask(f"POST /api/sync/bundles HTTP/1.1\r\n{token}{kind}", record, b'"verdict":"applied"')
        for hashed, content in photos:
            named = {"hash": hashed, "visit": phones.name(visit), "mime": "image/jpeg"}
            told = ",".join(
                f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in named.items()
            )
            tus = f"Tus-Resumable: 1.0.0\r\nUpload-Length: {len(content)}\r\nUpload-Metadata: {told}\r\n"
            self.ask(
                f"POST /api/evidence/files/ HTTP/1.1\r\n{token}{tus}Content-Type: application/offset+octet-stream\r\n",
                content, b"201 CREATED",
            )  # fmt: skip


def made(visit: int) -> tuple[int, bytes, list[tuple[str, bytes]]]:
    """Everything of a visit, ready to be sent."""
    contents = [photo(visit, number) for number in range(EACH)]
    hashes = [hashlib.sha256(one).hexdigest() for one in contents]
    return (
        visit,
        phones.with_photos(visit, hashes, [len(one) for one in contents]),
        list(zip(hashes, contents, strict=True)),
    )


def load(port: int, clients: int, visits: range, known: list[str]) -> dict[str, float]:
    """Runs in a process of its own: each client takes the next visit until the time is up."""
    waiting = iter([made(visit) for visit in visits])
    took: list[float] = []
    turn = threading.Lock()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.perf_counter()

    def work() -> None:
        client = Client(port, known)
        while time.perf_counter() - began < SECONDS:
            with turn:
                one = next(waiting, None)
            if one is None:
                return
            start = time.perf_counter()
            client.bring(one)
            took.append(time.perf_counter() - start)

    _together(clients, work)
    whole = time.perf_counter() - began
    return {
        "mib": len(took) * EACH * SIZE / 2**20 / whole,
        "visits": len(took) / whole,
        "p50": statistics.median(took) * 1000,
    }


def _together(clients: int, work: Any) -> None:
    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def bare(clients: int) -> float:
    """MiB/s of the same bytes hashed into files of their own, each fsynced."""
    content = photo(0, 0)
    with tempfile.TemporaryDirectory(prefix="onevisit-bare-", dir="/var/tmp") as folder:
        count = [0] * clients
        end = time.perf_counter() + min(SECONDS, 2)
        place = iter(range(clients))

        def work() -> None:
            me = next(place)
            while time.perf_counter() < end:
                hashlib.sha256(content).hexdigest()
                with (Path(folder) / f"{me}-{count[me]}").open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                count[me] += 1

        began = time.perf_counter()
        _together(clients, work)
        return sum(count) * len(content) / 2**20 / (time.perf_counter() - began)


def run(kind: str) -> list[list[Any]]:
    """Each number of clients, some rounds."""
    rows: list[list[Any]] = []
    with county(kind, OPEN, 0) as place, served(place) as server:
        known, next_ = tokens(place), 0
        for clients in CLIENTS:
            told = []
            for _ in range(ROUNDS):
                count = min(150, 20 + clients * 40) * SECONDS
                told.append(_in_child(server.port, clients, next_, next_ + count, known))
                next_ += count
            whole = {name: statistics.median(one[name] for one in told) for name in told[0]}
            rows.append([
                kind, clients, f"{whole['mib']:.0f}", f"{whole['visits']:.1f}", f"{whole['p50']:.0f}", f"{bare(clients):.0f}", owed(place),
            ])  # fmt: skip
            print(*rows[-1], file=sys.stderr, flush=True)
    return rows


def _in_child(port: int, clients: int, first: int, last: int, known: list[str]) -> dict[str, float]:
    given = json.dumps([port, clients, first, last, known])
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.photos", "client"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(given + "\n")
        child.stdin.flush()
        child.stdout.readline()
        child.stdin.write("go\n")
        child.stdin.flush()
        told: dict[str, float] = json.loads(child.stdout.readline())
    return told


def main(kinds: tuple[str, ...]) -> None:
    """Each database after the other."""
    headings = [
        "库",
        "客户端",
        "MiB/秒（4：≥ 125，8：≥ 140）",
        "次/秒",
        "一次 p50 ms",
        "裸写文件 MiB/秒",
        "还没做的缩略图",
    ]
    print(measure.table(headings, [row for kind in kinds for row in run(kind)]))


if __name__ == "__main__":
    if sys.argv[1:] == ["client"]:
        port, clients, first, last, known = json.loads(sys.stdin.readline())
        print(json.dumps(load(port, clients, range(first, last), known)), flush=True)
    else:
        main((sys.argv[1],) if len(sys.argv) > 1 else DATABASES)
