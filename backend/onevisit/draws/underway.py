"""How far is a freeze, and may it be given up? One small file for each task, written by the request that freezes.

Not a row: a freeze is a long read outside of any transaction, and whoever is killed in it leaves nothing in the
database. Who takes the file away gives the freeze up: the next time it says how far it is, it finds it gone.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from flask import current_app

from onevisit.core.problems import Problem
from onevisit.draws.freezing import Told

WIDTH: Final = 200  # every word is as long as the others, so that nobody reads half of one
PAUSE: Final = 0.2  # seconds between two words
SILENT: Final = 60.0  # seconds; a freeze that said nothing for so long has died
READING, KEEPING = "hashed", "kept"


@contextmanager
def freeze_under_way(task_id: str, of: int) -> Iterator[Told]:
    """Say how far the freeze of this task is; of two at once the second is told so."""
    path = _place(task_id)
    if path.exists() and time.time() - path.stat().st_mtime > SILENT:
        path.unlink(missing_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Problem(
            "draws.freezing_now", "另一位同事正在冻结这个任务的名单。请等它完成后刷新，或先取消那一次。", 409, "later"
        ) from error  # fmt: skip
    last = 0.0

    def told(stage: str, done: int) -> None:
        nonlocal last
        if os.fstat(file).st_nlink == 0:
            raise Problem("draws.freeze_cancelled", "已取消冻结，没有留下任何名单。可以随时重新冻结。", 409)
        if time.monotonic() - last >= PAUSE:
            last = time.monotonic()
            os.pwrite(file, json.dumps({"stage": stage, "done": done, "of": of}).ljust(WIDTH).encode(), 0)

    try:
        told(READING, 0)
        yield told
    finally:
        if os.fstat(file).st_nlink:
            path.unlink(missing_ok=True)
        os.close(file)


def how_far(task_id: str) -> dict[str, Any]:
    """What the freeze of this task said last."""
    with suppress(FileNotFoundError, ValueError):
        path = _place(task_id)
        if time.time() - path.stat().st_mtime <= SILENT:
            return {"under_way": True, **json.loads(path.read_bytes())}
    return {"under_way": False, "stage": None, "done": 0, "of": 0}


def give_up(task_id: str) -> None:
    """Let the freeze of this task go, if there is one."""
    _place(task_id).unlink(missing_ok=True)


def _place(task_id: str) -> Path:
    folder: Path = current_app.config["ONEVISIT"].var / "freezing"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{task_id}.json"
