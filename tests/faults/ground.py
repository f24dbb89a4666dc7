"""A real `onevisit serve` of its own under load: phones that send and upload, a desk that accepts, all over 127.0.0.1.

A client keeps what it was told: every acknowledged operation with its verdict, every stored photo, every acceptance.
Whatever is not answered is sent again, as phones do.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from flask_jwt_extended import create_access_token
from flask_migrate import upgrade

from onevisit.app import create_app
from onevisit.config import Config, from_environment
from onevisit.core.canonical import sha256_hex
from onevisit.core.db import db
from onevisit.regions.actions import seed_calendar
from tests.conftest import clients_of
from tests.factories.desk import LEAD, PARTNER
from tests.factories.journey import Journey, make_journey, tus_headers
from tests.factories.phone import SYNC_TYPE, RealPhone, make_phone
from tests.factories.visits import make_scene, make_task, picture
from tests.postgres import Cluster, free_port

STARTING, ANSWER = 90, 20
DAY = "2026-11-09"


@dataclass
class Told:
    """What clients were told and hold the server to."""

    operations: dict[str, tuple[str, str | None, int]] = field(default_factory=dict)
    files: set[tuple[str, str]] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    requests: int = 0
    broken: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)


@dataclass
class Ground:
    """A server that is killed and started again, and its clients."""

    folder: Path
    environment: dict[str, str]
    app: Flask
    port: int = field(default_factory=free_port)
    told: Told = field(default_factory=Told)
    process: "subprocess.Popen[bytes] | None" = None
    worker: "subprocess.Popen[bytes] | None" = None
    stopping: threading.Event = field(default_factory=threading.Event)
    clients: list[threading.Thread] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"

    # --- the server --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Serve, and wait until it is ready."""
        began = time.monotonic()
        self.process = self._run("serve", "--port", str(self.port), "--workers", "2")
        if "postgresql" in self.environment["ONEVISIT_DATABASE"]:
            self.worker = self._run("work")
        while time.monotonic() < began + STARTING and self.process.poll() is None:
            try:
                if requests.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    self.starts.append(time.monotonic() - began)
                    return
            except requests.RequestException:
                pass
            time.sleep(0.02)
        raise RuntimeError((self.folder / "server.log").read_text()[-3000:])

    def _run(self, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self.folder / "server.log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "onevisit.cli", *arguments], env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """As a power cut takes it: master and web processes at once, and the worker."""
        for one in (self.process, self.worker):
            if one is not None:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait(30)
        self.process = self.worker = None

    def stop(self) -> int:
        """As an administrator stops it; its exit status."""
        if self.worker is not None:
            self.worker.terminate()
            self.worker.wait(30)
        assert self.process
        self.process.terminate()
        status = self.process.wait(60)
        self.process = self.worker = None
        return status

    # --- the clients -------------------------------------------------------------------------------------------------

    def token(self, account_id: str) -> str:
        """A session of an account, as long as the run."""
        return create_access_token(account_id, expires_delta=timedelta(days=2))

    def go(self, journeys: list[Journey], phones: int, seed: int) -> None:
        """Phones on one visit each, and a desk that accepts what waits for it."""
        for at in range(phones):
            scene = make_scene(make_task())
            phone = make_phone(scene, clients_of(self.app), LEAD)
            assert phone.account
            sender = Sender(
                self, phone, scene.items[LEAD], self.token(phone.account.id), random.Random(seed + at)
            )
            self.clients.append(threading.Thread(target=sender.run, daemon=True))
        waiting = [(one.visit_id, self.token(one.desk.id)) for one in journeys]
        self.clients.append(threading.Thread(target=self._accept, args=(waiting,), daemon=True))
        db.session.remove()
        for one in self.clients:
            one.start()

    def _accept(self, waiting: list[tuple[str, str]]) -> None:
        for visit_id, token in waiting:
            url = f"/api/reviews/{visit_id}/parts/{LEAD}/accept"
            answer = self.ask("post", url, token, headers={"Idempotency-Key": f"accept-{visit_id}"})
            if answer is None:
                return
            if answer.status_code < 400 or answer.json().get("code") == "api.already_done":
                self.told.accepted.add(visit_id)
            else:
                self.note_refused(answer)
            self.stopping.wait(0.15)

    def ask(self, method: str, url: str, token: str, **given: Any) -> requests.Response | None:
        """One request until it is answered; None when the run ends before."""
        headers = {"Authorization": f"Bearer {token}", **given.pop("headers", {})}
        while not self.stopping.is_set():
            self.told.requests += 1
            try:
                answer = requests.request(
                    method, f"{self.url}{url}", headers=headers, timeout=ANSWER, **given
                )
            except requests.RequestException:
                self.told.broken += 1
                time.sleep(0.2)
                continue
            if answer.status_code < 500:
                return answer
            self.note_refused(answer)
            time.sleep(0.05)
        return None

    def note_refused(self, answer: requests.Response) -> None:
        """What a refusal was called."""
        said = answer.headers.get("Content-Type", "").startswith("application/problem+json")
        code = str(answer.json().get("code")) if said else f"http {answer.status_code}"
        self.told.refused[code] = self.told.refused.get(code, 0) + 1

    def halt(self) -> None:
        """Clients finish what they are at."""
        self.stopping.set()
        for one in self.clients:
            one.join(ANSWER * 2)


@dataclass
class Sender:
    """One phone: bundles of a few operations, now and then a photo."""

    ground: Ground
    phone: RealPhone
    item: str
    token: str
    chance: random.Random
    last: str | None = None

    def run(self) -> None:
        """Until the run ends."""
        self.phone.arrive()
        while not self.ground.stopping.is_set():
            photo = self._write()
            if not self._send():
                return
            if photo and not self._upload(photo):
                return

    def _write(self) -> bytes | None:
        for _ in range(self.chance.randrange(1, 8)):
            value = self.chance.choice(("pass", "fail"))
            seen = [self.last] if self.last else []
            self.last = self.phone.answer(self.item, "e1", value, seen)["id"]
        if self.chance.random() > 0.15:
            return None
        content = picture(f"#{self.chance.randrange(1 << 24):06x}", (64, 48))
        self.phone.shoot(content, self.item)
        return content

    def _send(self) -> bool:
        import gzip
        import json

        body = gzip.compress(json.dumps({"bundles": [self.phone.bundle()]}).encode())
        headers = {"Content-Type": SYNC_TYPE, "Content-Encoding": "gzip"}
        while True:
            answer = self.ground.ask("post", "/api/sync/bundles", self.token, data=body, headers=headers)
            if answer is None:
                return False
            told = (
                answer.json()["answers"][0]
                if answer.status_code == 200
                else {"code": str(answer.status_code)}
            )
            if told["code"] is None:
                break
            self.ground.told.refused[told["code"]] = self.ground.told.refused.get(told["code"], 0) + 1
            time.sleep(0.05)
        kept = self.ground.told
        for one in told["verdicts"]:
            said = (one["verdict"], one["reason"], one["position"])
            if kept.operations.setdefault(one["id"], said) != said:
                kept.changed.append(one["id"])
        self.phone.sent_to = max(self.phone.sent_to, told["accepted_to"])
        return True

    def _upload(self, content: bytes) -> bool:
        hash_ = sha256_hex(content)
        headers = tus_headers(self.phone.visit, hash_, content)
        answer = self.ground.ask("post", "/api/evidence/files/", self.token, data=content, headers=headers)
        if answer is None:
            return False
        if answer.status_code == 201 or (answer.status_code == 409 and "already" in answer.text):
            self.ground.told.files.add((self.phone.visit, hash_))
        else:
            self.ground.note_refused(answer)
        return True


@contextmanager
def ground(
    folder: Path, kind: str, journeys: int, cluster: Cluster | None = None
) -> Iterator[tuple[Ground, list[Journey]]]:
    """A fresh installation in `folder` with some visits that wait for review."""
    url = f"sqlite:///{folder / 'var' / 'onevisit.db'}"
    if kind == "postgresql":
        assert cluster
        name = f"ground_{os.getpid()}_{free_port()}"
        cluster.run(f"CREATE DATABASE {name}")
        url = cluster.url(name)
    given = {
        **os.environ, "ONEVISIT_VAR": str(folder / "var"), "ONEVISIT_DATABASE": url, "ONEVISIT_SECRET": "0" * 64,
        "ONEVISIT_TODAY": DAY, "ONEVISIT_PWA": str(folder / "pwa"), "ONEVISIT_LOG_LEVEL": "WARNING",
        "ONEVISIT_STORAGE": (folder / "storage").as_uri(),
        "ONEVISIT_JOURNAL": os.environ.get("ONEVISIT_JOURNAL", str(folder / "journal")),
    }  # fmt: skip
    config: Config = replace(from_environment(given), embedded_worker=False)
    app = create_app(config)
    with app.app_context():
        upgrade()
        seed_calendar()
        made = [make_journey(clients_of(app)).walk() for _ in range(journeys)]
        running = Ground(folder, given, app)
        try:
            yield running, made
        finally:
            running.stopping.set()
            if running.process is not None:
                running.kill()
            db.session.remove()
            db.engine.dispose()


def made_folder(name: str) -> Path:
    """A folder of a run on a real disk."""
    import tempfile

    return Path(tempfile.mkdtemp(prefix=f"onevisit-{name}-", dir="/var/tmp"))


def removed(folder: Path) -> None:
    """It goes again."""
    shutil.rmtree(folder, ignore_errors=True)


__all__ = ["LEAD", "PARTNER", "Ground", "Told", "ground", "made_folder", "removed"]
