"""Where do files lie? A local folder or an S3 bucket behind one small face; a file's key names its hash."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import obstore
from flask import current_app
from obstore.store import LocalStore, from_url


@lru_cache
def _store(url: str) -> Any:
    if urlsplit(url).scheme == "file":
        return LocalStore(urlsplit(url).path, mkdir=True, automatic_cleanup=True)
    return from_url(url)


def _here() -> Any:
    return _store(current_app.config["ONEVISIT"].storage)


def key_of(sha256: str) -> str:
    """Where the file with this hash lies; two levels, so that no folder grows without bound."""
    return f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(key: str, content: bytes) -> None:
    """Keep `content` under `key`; the same key again replaces it whole."""
    obstore.put(_here(), key, content)


def put_file(content: bytes) -> str:
    """Keep `content` under its own hash, which is returned."""
    sha256 = hashlib.sha256(content).hexdigest()
    put(key_of(sha256), content)
    return sha256


def put_in_turn(key: str, contents: Iterator[bytes]) -> None:
    """Keep what comes one after the other under `key`; there is nothing under it until all of it is there."""
    writer = obstore.open_writer(_here(), key)  # (an iterator given to `put` must not read the store itself)
    for content in contents:
        writer.write(content)
    writer.close()


def get(key: str) -> bytes:
    """The bytes under `key`; FileNotFoundError when there are none."""
    return bytes(obstore.get(_here(), key).bytes())


def exists(key: str) -> bool:
    """Is there something under `key`?"""
    try:
        obstore.head(_here(), key)
    except FileNotFoundError:
        return False
    return True


def delete(key: str) -> None:
    """Take away what lies under `key`; nothing happens when nothing is there."""
    with suppress(FileNotFoundError):
        obstore.delete(_here(), key)


def keys_under(prefix: str) -> list[str]:
    """What lies in this folder."""
    return [str(one["path"]) for batch in obstore.list(_here(), prefix) for one in batch]
