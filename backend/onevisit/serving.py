"""How is OneVisit served? gunicorn with threads; the embedded default also does the owed work."""

import fcntl
import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import segno
import trustme
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication
from sqlalchemy import text

from onevisit.app import create_app
from onevisit.config import Config, from_environment
from onevisit.core.catching_up import catch_up, note_schema
from onevisit.core.db import db, transaction
from onevisit.core.frames import Broken
from onevisit.core.jobs import put_back_taken, start_worker
from onevisit.core.journal import Journal
from onevisit.core.problems import Problem
from onevisit.core.readiness import at_head
from onevisit.regions.actions import seed_calendar
from onevisit.subjects import bitmaps

LEAF_LIFE = timedelta(days=397)  # iPhones refuse a certificate of more than 825 days, whoever signed it


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings instead of a configuration file."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Take our settings over gunicorn's defaults."""
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """One application per web process; each of them may do owed work in a thread."""
        app = create_app()
        config: Config = app.config["ONEVISIT"]
        log_to_stderr(config.log_level)
        stop = start_worker(app) if config.sqlite and config.embedded_worker else None
        self.cfg.set("worker_exit", lambda _server, _worker: let_go(app, stop))
        return app


def let_go(app: Flask, stop: Event | None) -> None:
    """The requests are answered (gunicorn waits for them): no new work is begun, the journal's file is closed."""
    if stop is not None:
        stop.set()
    journal: Journal | None = app.extensions["onevisit.journal"]
    if journal is not None:
        journal.close()


def log_to_stderr(level: str) -> None:
    """Our own log at the level asked for; of the libraries only what needs looking at."""
    logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("onevisit").setLevel(level.upper())


def bring_to_head(app: Flask) -> None:
    """Run the migrations that are missing, and take in the calendars published since."""
    with app.app_context():
        if not is_at_head(app):
            print("更新数据库……", file=sys.stderr)
            upgrade()
            say_tables_changed(app)
            seed_calendar()
            find_missing_subjects()
        take_in_journal(app)
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def say_tables_changed(app: Flask) -> None:
    """The journal says so too: what follows in it needs the new tables."""
    journal: Journal | None = app.extensions["onevisit.journal"]
    head = ScriptDirectory(str(app.config["ONEVISIT"].migrations)).get_current_head()
    if journal is not None and head:
        note_schema(db.engine, journal, head)


def take_in_journal(app: Flask) -> None:
    """What was journalled and not committed when the machine stopped is done now; harmless beside running servers."""
    journal: Journal | None = app.extensions["onevisit.journal"]
    if journal is None:
        return
    try:
        done = catch_up(db.engine, journal)
    except Broken as error:
        raise Problem(
            "core.journal_foreign",
            f"日志（{journal.folder}）与数据库接不上，没有启动，什么都没有改动。请换回原来的日志文件夹，或用 onevisit restore 恢复。（{error}）",
        ) from error
    if done:
        print(f"  从日志补上 {done} 笔", file=sys.stderr)


def find_missing_subjects() -> None:
    """Subjects of an older database get the bitmaps by which they are found."""
    for region in bitmaps.regions_without():
        with transaction():
            bitmaps.rebuild(region)


def is_at_head(app: Flask) -> bool:
    """Does the database stand where this program expects it?"""
    return at_head(app.config["ONEVISIT"])


@contextmanager
def served(config: Config) -> Iterator[None]:
    """While a server runs on this folder (and its web processes, which inherit the lock), restore keeps off."""
    descriptor = os.open(config.var / "serving.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if config.sqlite and _is_alone(descriptor):
            with create_app(config).app_context():
                put_back_taken()  # whoever was at it is dead: this machine's only worker is about to begin
                db.session.remove()
                db.engine.dispose()
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        os.set_inheritable(descriptor, True)
        yield
    finally:
        os.close(descriptor)


def _is_alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_served(config: Config) -> bool:
    """Does a server run on this folder, or is somebody else connected to this PostgreSQL database?"""
    descriptor = os.open(config.var / "serving.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    if config.sqlite:
        return False
    with create_app(replace(config, journal=None)).app_context():
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        with db.engine.connect() as connection:
            found = connection.scalar(others)
        db.engine.dispose()
    return bool(found)


def run(host: str, port: int, workers: int, phone: bool) -> int:
    """Serve until stopped; says where, and for phones how to trust it."""
    here = f"https://{local_address()}:{port}" if phone else f"http://{host}:{port}"
    os.environ.setdefault("ONEVISIT_PUBLIC_URL", here)  # else a QR on a paper leads to another port
    refuse_taken_port("0.0.0.0" if phone else host, port)  # noqa: S104 - phones come over the local network
    config = from_environment()
    app = create_app(config)
    if config.sqlite:
        bring_to_head(app)
    else:
        with app.app_context():
            if is_at_head(app):
                take_in_journal(app)
            else:
                raise Problem("serve.database_behind", "数据库版本较旧，没有启动。请先运行：onevisit migrate")
    settings: dict[str, Any] = {
        "bind": f"{host}:{port}", "workers": workers, "threads": 8, "worker_class": "gthread", "timeout": 120,
        "graceful_timeout": 20, "keepalive": 30, "proc_name": "onevisit", "control_socket_disable": True,
        "loglevel": "warning",
    }  # fmt: skip
    if phone:
        settings |= for_phones(config, port)
    else:
        print(f"\n  OneVisit 一次查：{here}\n", file=sys.stderr)
    with served(config):
        Server(settings).run()
    return 0


def refuse_taken_port(host: str, port: int) -> None:
    """Say it before promising an address; gunicorn would try five times and speak of errno."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            detail = (
                f"不能在 {host}:{port} 启动，这个端口可能已有别的程序在用。请换一个：make run PORT={port + 1}"
            )
            raise Problem("serve.port_taken", detail) from error


def for_phones(config: Config, port: int) -> dict[str, Any]:
    """Phones install an app only over HTTPS: a local CA made once, a certificate for this machine's address."""
    address = local_address()
    folder = config.var / "tls"
    folder.mkdir(mode=0o700, exist_ok=True)
    authority = _authority(folder)
    now = datetime.now(UTC)  # a certificate of this machine, not a day of law
    leaf = authority.issue_cert(
        address, "localhost", "127.0.0.1", not_before=now - timedelta(days=1), not_after=now + LEAF_LIFE
    )
    key, chain = folder / "server.key", folder / "server.pem"
    leaf.private_key_pem.write_to_path(str(key))
    key.chmod(0o600)
    for number, pem in enumerate(leaf.cert_chain_pems):
        pem.write_to_path(str(chain), append=number > 0)
    url = f"https://{address}:{port}"
    print(f"\n  手机（同一无线网）打开：{url}\n", file=sys.stderr)
    segno.make(url).terminal(out=sys.stderr, compact=True)
    print(
        f"\n  第一次要让手机信任本机证书：\n  1. 手机打开 {url}/onevisit-ca.crt 下载证书（此时浏览器会警告，选择继续）；\n"
        "  2. iPhone：设置→已下载描述文件→安装，再到 通用→关于本机→证书信任设置 打开；\n"
        "     Android：设置→安全→加密与凭据→安装证书→CA 证书；\n  3. 重新打开上面的地址。\n",
        file=sys.stderr,
    )
    return {"bind": f"0.0.0.0:{port}", "keyfile": str(key), "certfile": str(chain)}


def _authority(folder: Path) -> trustme.CA:
    certificate, key = folder / "ca.crt", folder / "ca.key"
    if not certificate.exists():
        made = trustme.CA(organization_name="OneVisit 本机证书")
        made.private_key_pem.write_to_path(str(key))
        key.chmod(0o600)
        made.cert_pem.write_to_path(str(certificate))
    return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())


def local_address() -> str:
    """This machine's address on its local network; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
