"""Which bytes stand for a value? Canonical JSON (RFC 8785), under every hash and signature of the product."""

import hashlib
import json
from typing import Any, Final

LARGEST_INTEGER: Final = 2**53 - 1  # beyond it a browser would read another number than the one signed
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: Any) -> bytes:
    """The one UTF-8 form of a value; refuses what two languages would write differently.

    With ASCII keys and without floats RFC 8785 is sorted compact JSON. Text is taken as it is:
    NFC is the caller's.
    """
    _refuse_the_ambiguous(value)
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError as found:
        raise ValueError("canonical JSON has no lone surrogates") from found


def sha256_hex(content: bytes) -> str:
    """SHA-256 as lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, as lower-case hex."""
    return sha256_hex(canonical(value))


def _refuse_the_ambiguous(value: Any) -> None:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is dict:
        if not _ascii_only(value):
            raise ValueError(f"canonical JSON has ASCII keys only: {list(value)!r}")
        for member in value.values():
            if type(member) is not str:
                _refuse_the_ambiguous(member)
        return
    if isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError(f"canonical JSON has no integer beyond 2^53-1: {value}")
    elif isinstance(value, dict):
        _refuse_the_ambiguous(dict(value))
    elif isinstance(value, list | tuple):
        for member in value:
            _refuse_the_ambiguous(member)
    else:
        raise TypeError(f"canonical JSON has no {type(value).__name__}")


def _ascii_only(keys: dict[Any, Any]) -> bool:
    try:
        return "".join(keys).isascii()
    except TypeError:
        return False
