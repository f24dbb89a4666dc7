"""What do tus tests stand on? Two web processes over one database and one store, a phone that took photos, real clients."""

from __future__ import annotations

import base64
import http.client
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask_jwt_extended import create_access_token
from PIL import Image
from sqlalchemy import func, select

from onevisit.config import Config
from onevisit.core import storage
from onevisit.core.canonical import sha256_hex
from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.evidence.models import EvidenceFile, UploadPiece
from tests.evidence.tus_line import BrittleLine
from tests.factories.desk import LEAD
from tests.factories.phone import RealPhone, make_phone
from tests.factories.visits import Scene, make_scene
from tests.postgres import free_port

TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = "application/offset+octet-stream"
HEADS = 6_000  # bytes of the heads of an attempt, at most
STARTING = 90  # seconds that a busy machine may take to start a server
CLIENT = Path(__file__).with_name("tus_client.mjs")


@dataclass
class Answer:
    """What a server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The problem's code, or nothing."""
        return str(json.loads(self.body)["code"]) if self.body else ""

    def __getitem__(self, name: str) -> str:
        return self.headers.get(name.lower(), "")


@dataclass
class Ground:
    """Where uploads happen."""

    app: Flask
    clients: Any
    ports: list[int]
    folder: Path
    random: random.Random
    scene: Scene = field(init=False)
    phone: RealPhone = field(init=False)
    turn: int = 0
    shots: int = 0
    _node: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        self.new_scene()

    def new_scene(self) -> None:
        """Another visit; one with hundreds of photos would measure its fold."""
        self.scene = make_scene()
        self.phone = make_phone(self.scene, self.clients, LEAD)
        self.shots = 0

    def photo(self, size: int = 200_000) -> bytes:
        """A photo of about this size that the server knows of."""
        content = picture(self.random, size)
        if self.shots >= 40:
            self.new_scene()
        self.shots += 1
        self.phone.shoot(content, mime="image/png")
        told = self.phone.send()
        assert told["code"] is None, told
        return content

    def token(self, phone: RealPhone | None = None) -> str:
        """A login of who took the photos."""
        account = (phone or self.phone).account
        assert account
        return str(create_access_token(account.id))

    def ask(
        self, method: str, path: str, body: Any = None, *, port: int | None = None, token: str | None = None,
        tus: bool = True, **headers: str,
    ) -> Answer:  # fmt: skip
        """One request, each to the other process than the one before."""
        self.turn += 1
        line = http.client.HTTPConnection(
            "127.0.0.1", port or self.ports[self.turn % len(self.ports)], timeout=60
        )
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {**(TUS if tus else {}), "Authorization": f"Bearer {token or self.token()}", **said}
        line.request(method, path, body, given)
        answer = line.getresponse()
        told = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        line.close()
        return told

    def begin(
        self, content: bytes, size: int | None = None, body: bytes | None = None, **headers: str
    ) -> Answer:
        """Create an upload of a photo."""
        said = {
            "Upload_Length": str(len(content) if size is None else size),
            "Upload_Metadata": metadata(self.phone.visit, sha256_hex(content)),
        }
        more = {"Content_Type": OCTETS} if body is not None else {}
        return self.ask("POST", "/api/evidence/files/", body, **{**said, **more, **headers})

    def patch(self, url: str, at: int | str, content: Any, **headers: str) -> Answer:
        """Bring the next bytes."""
        return self.ask(
            "PATCH", url, content, **{"Content_Type": OCTETS, "Upload_Offset": str(at), **headers}
        )

    def offset(self, url: str) -> int:
        """How far the server says it came."""
        return int(self.ask("HEAD", url)["Upload-Offset"] or -1)

    def await_offset(self, url: str, wanted: int) -> int:
        """The same, after a broken connection was noticed."""
        until, at = time.monotonic() + 30, self.offset(url)
        while at < wanted and time.monotonic() < until:
            time.sleep(0.05)
            at = self.offset(url)
        return at

    def raw(self, port: int, head: str, body: bytes, *, finish: bool) -> Answer | None:
        """A request that lies: exactly these bytes, then the end (or a reset)."""
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
            if not finish:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                return None
            line.shutdown(socket.SHUT_WR)
            answer = http.client.HTTPResponse(line)
            answer.begin()
            headers = {k.lower(): v for k, v in answer.getheaders()}
            return Answer(answer.status, headers, answer.read())

    def head_of(self, url: str, at: int, **more: str) -> str:
        """The head of a PATCH, for `raw`."""
        said = {
            **TUS, "Host": "127.0.0.1", "Authorization": f"Bearer {self.token()}", "Content-Type": OCTETS,
            "Upload-Offset": str(at), **{name.replace("_", "-"): value for name, value in more.items()},
        }  # fmt: skip
        return "\n".join([f"PATCH {url} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())])

    def is_stored(self, content: bytes) -> bool:
        """Linked to the record, there byte for byte, said once."""
        db.session.rollback()
        hash_ = sha256_hex(content)
        file = db.session.get_one(EvidenceFile, (self.phone.visit, hash_))
        said = select(func.count()).where(TrailEntry.event == "file.stored", TrailEntry.object_id == hash_)
        told = db.session.scalars(said).one()
        if file.stored_at is None:
            assert told == 0
            return False
        assert told == 1, f"{told} times file.stored"
        with self.app.app_context():
            return storage.get(storage.key_of(hash_)) == content

    def leftovers(self) -> int:
        """Pieces that nobody needs any more."""
        db.session.rollback()
        with self.app.app_context():
            return db.session.scalars(select(func.count()).select_from(UploadPiece)).one() + len(
                storage.keys_under("uploads")
            )

    def by_node(self, content: bytes, port: int, line: BrittleLine | None = None) -> int:
        """tus-js-client as the phone uses it, until everything is there; how many attempts that took.

        Between two attempts a phone waits for seconds; here until the server counted what reached it.
        """
        url, reached = None, 0
        for attempts in range(1, 21):
            before = line.sent if line else 0
            told = self._attempt(content, port, url)
            if told["done"]:
                return attempts
            if url is None or line is None:
                url = told["url"]
            if url is not None and line is not None:
                path = "/" + url.split("/", 3)[3]
                reached = self.await_offset(path, reached + line.sent - before - HEADS - 8 * 1024)
        raise AssertionError("20 attempts")

    def _attempt(self, content: bytes, port: int, url: str | None) -> dict[str, Any]:
        if self._node is None:
            self._node = subprocess.Popen(
                ["node", str(CLIENT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        file = self.folder / "upload.bin"
        file.write_bytes(content)
        job = {
            "endpoint": f"http://127.0.0.1:{port}/api/evidence/files/", "file": str(file), "hash": sha256_hex(content),
            "visit": self.phone.visit, "token": self.token(), "url": url,
        }  # fmt: skip
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps(job) + "\n")
        self._node.stdin.flush()
        told: dict[str, Any] = json.loads(self._node.stdout.readline())
        return told

    def close(self) -> None:
        """Let the Node process go."""
        if self._node is not None and self._node.stdin:
            self._node.stdin.close()
            self._node.wait(30)


def picture(chance: random.Random, size: int) -> bytes:
    """A PNG of about `size` bytes that nobody has seen."""
    side = max(8, int((size / 3) ** 0.5))
    kept = io.BytesIO()
    Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3)).save(
        kept, "PNG", compress_level=0
    )
    return kept.getvalue()


def metadata(visit: str, hash_: str) -> str:
    """Upload-Metadata as we ask for it."""
    return ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}"
        for name, value in (("hash", hash_), ("visit", visit))
    )


@contextmanager
def served(app: Flask, folder: Path, environment: dict[str, str], number: int = 2) -> Iterator[list[int]]:
    """So many web processes of their own over one database and one store."""
    config: Config = app.config["ONEVISIT"]
    given = {
        **os.environ, "ONEVISIT_VAR": str(config.var), "ONEVISIT_DATABASE": config.database, "ONEVISIT_SECRET": config.secret,
        "ONEVISIT_EMBEDDED_WORKER": "0", "ONEVISIT_TODAY": "2026-11-09", "ONEVISIT_PWA": str(config.pwa),
        "ONEVISIT_STORAGE": config.storage, **environment,
    }  # fmt: skip
    with ExitStack() as stack:
        ports = [free_port() for _ in range(number)]
        processes = [stack.enter_context(_process(port, folder, given)) for port in ports]
        for port, process in zip(ports, processes, strict=True):
            _await(port, process, folder)
        yield ports


@contextmanager
def _process(port: int, folder: Path, given: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "onevisit.cli", "serve", "--port", str(port), "--workers", "1"]
    with (folder / f"serve-{port}.log").open("w") as log:
        process = subprocess.Popen(command, env=given, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # this server and its one worker, nobody else
            process.wait(30)


def _await(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + STARTING
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError((folder / f"serve-{port}.log").read_text())


@contextmanager
def ground_of(
    app: Flask, clients: Any, folder: Path, environment: dict[str, str], seed: int = 1
) -> Iterator[Ground]:
    """Two processes and a phone."""
    with served(app, folder, environment) as ports:
        ground = Ground(app, clients, ports, folder, random.Random(seed))
        try:
            yield ground
        finally:
            ground.close()


def brittle(ports: Sequence[int]) -> BrittleLine:
    """A line that breaks, and whose connections go to one process after the other."""
    return BrittleLine(list(ports))
