"""Where do files lie? A local folder or an S3 bucket behind one small face; a file's key names its hash."""

import hashlib
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import obstore
from flask import current_app
from obstore.store import LocalStore, from_url


@lru_cache
def _store(url: str) -> Any:
    if urlsplit(url).scheme == "file":
        return LocalStore(urlsplit(url).path, mkdir=True)
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
    if exists(key):
        obstore.delete(_here(), key)
