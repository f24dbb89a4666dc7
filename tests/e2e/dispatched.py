"""How does a phone get its visits without a desk in a browser? The road up to the claims, walked once by the API."""

import atexit
import json
import secrets
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from onevisit.core.canonical import sha256_hex
from tests.e2e.conftest import Served
from tests.e2e.office import PASSWORD

HOTELS = 26
RATIOS = {"A": "0.02", "B": "0.02", "C": "0.05", "D": "0.1", "-": "0.02"}


@contextmanager
def with_visits(
    var: Path, pwa: Path | None = None, arrange: Callable[[Path], None] | None = None
) -> Iterator[Served]:
    """A served region of one's own, whose visits wait on the phones; `pwa` is another build than the usual,
    `arrange` puts the database as the test wants it before anybody is served."""
    told, folder = _template()
    shutil.copytree(folder, var, dirs_exist_ok=True)
    if arrange:
        arrange(var / "onevisit.db")
    served = Served(var)
    served.told = told
    if pwa:
        served.environment["ONEVISIT_PWA"] = str(pwa)
    served.start()
    try:
        yield served
    finally:
        served.stop()


def leader_of_first_visit(served: Served) -> str:
    """The account of who leads the first visit."""
    desk = Api(served.url, "ga-desk")
    task = desk.ask("GET", "/tasks")["items"][0]["id"]
    visit = desk.ask("GET", f"/dispatches/board?task_id={task}")["visits"][0]["id"]
    parts = desk.ask("GET", f"/dispatches/visits/{visit}")["parts"]
    return served.username(
        next(one["name"] for part in parts if part["initiating"] for one in part["team"] if one["leads"])
    )


class Api:
    """One signed-in account, without a browser."""

    def __init__(self, url: str, username: str) -> None:
        self.url, self.token = url, ""
        login = self.ask("POST", "/accounts/login", {"username": username, "password": PASSWORD})
        self.token = login["access_token"]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; an answer that is no success raises."""
        sent = {"Content-Type": "application/json", **{n.replace("_", "-"): v for n, v in headers.items()}}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        content = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/api{path}", method=method, data=content, headers=sent)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


@cache
def _template() -> tuple[str, Path]:
    folder = Path(mkdtemp(prefix="onevisit-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    served = Served(folder)
    loaded = served.ask("demo")
    assert loaded.returncode == 0, loaded.stderr
    served.start()
    _walk(served.url)
    served.stop()
    return loaded.stdout + loaded.stderr, folder


def _walk(url: str) -> None:
    office, ga, wj, xf = (Api(url, name) for name in ("lxhy", "ga-desk", "wj-desk", "xf-desk"))
    plan = office.ask("GET", f"/plans/{office.ask('GET', '/plans')['items'][0]['id']}")
    if plan["state"] != "published":
        office.ask("POST", f"/plans/{plan['id']}/publish", {}, If_Match=f'"{plan["revision"]}"')
    entry = next(one["id"] for one in plan["entries"] if one["seq"] == HOTELS)
    task = ga.ask("POST", "/tasks", {"plan_entry_id": entry})["id"]
    sources = [
        {"name": name, "kind": "commit_reveal", "department_id": f"632525-{name}"} for name in ("ga", "wj")
    ]
    draw = ga.ask(
        "POST",
        "/draws",
        {"task_id": task, "sources": sources, "class_ratios": RATIOS, "above_plan_reason": "示例：提高比例"},
    )
    promises = {"ga": (ga, secrets.token_hex(32)), "wj": (wj, secrets.token_hex(32))}
    for name, (who, value) in promises.items():
        commitment = sha256_hex(f"{draw['no']}\x1f{name}\x1f{value}".encode())
        who.ask("POST", f"/draws/{draw['id']}/commitments", {"source": name, "commitment": commitment})
    ga.ask("POST", f"/draws/{draw['id']}/commit", {})
    for name, (who, value) in promises.items():
        who.ask("POST", f"/draws/{draw['id']}/reveals", {"source": name, "value": value})
    ga.ask("POST", "/dispatches", {"task_id": task})
    for who in (ga, wj, xf):
        who.ask("POST", "/dispatches/claim-all", {"task_id": task})
