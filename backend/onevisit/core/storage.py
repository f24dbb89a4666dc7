"""Where do files lie? A local folder or an S3 bucket behind one small face; a file's key names its hash."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import obstore
from flask import current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from onevisit.core.problems import Problem

_PATIENCE: Any = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=10),
}  # a phone waits; it comes again anyway
log = logging.getLogger(__name__)


@contextmanager
def _reachable() -> Iterator[None]:
    """A store that does not answer is a problem that passes; what is not there stays FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        log.error("storage: %s", error)
        raise Problem(
            "core.storage_unavailable", "服务器的文件库暂时用不了，这次没有写入，您的内容没有丢，稍后会再试。",
            503, "later", retry_after=10,
        ) from error  # fmt: skip


@lru_cache
def _store(url: str) -> Any:
    if urlsplit(url).scheme == "file":
        return LocalStore(urlsplit(url).path, mkdir=True, automatic_cleanup=True)
    return from_url(url, retry_config=_PATIENCE)


def _here() -> Any:
    return _store(current_app.config["ONEVISIT"].storage)


def key_of(sha256: str) -> str:
    """Where the file with this hash lies; two levels, so that no folder grows without bound."""
    return f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(key: str, content: bytes) -> None:
    """Keep `content` under `key`; the same key again replaces it whole."""
    with _reachable():
        obstore.put(_here(), key, content)


def put_file(content: bytes) -> str:
    """Keep `content` under its own hash, which is returned."""
    sha256 = hashlib.sha256(content).hexdigest()
    put(key_of(sha256), content)
    return sha256


def put_in_turn(key: str, contents: Iterator[bytes]) -> None:
    """Keep what comes one after the other under `key`; there is nothing under it until all of it is there."""
    with _reachable():
        writer = obstore.open_writer(
            _here(), key
        )  # (an iterator given to `put` must not read the store itself)
        for content in contents:
            writer.write(content)
        writer.close()


def get(key: str) -> bytes:
    """The bytes under `key`; FileNotFoundError when there are none."""
    with _reachable():
        return bytes(obstore.get(_here(), key).bytes())


def exists(key: str) -> bool:
    """Is there something under `key`?"""
    try:
        with _reachable():
            obstore.head(_here(), key)
    except FileNotFoundError:
        return False
    return True


def delete(key: str) -> None:
    """Take away what lies under `key`; nothing happens when nothing is there."""
    with suppress(FileNotFoundError), _reachable():
        obstore.delete(_here(), key)


def keys_under(prefix: str) -> list[str]:
    """What lies in this folder."""
    return [str(one["path"]) for batch in obstore.list(_here(), prefix) for one in batch]


def listed() -> Iterator[tuple[str, int, float]]:
    """Everything that lies here: key, size, when it was last written (seconds)."""
    with _reachable():
        for batch in obstore.list(_here()):
            for one in batch:
                yield str(one["path"]), int(one["size"]), one["last_modified"].timestamp()
