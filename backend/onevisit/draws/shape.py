"""Does a bundle have the form of `onevisit-draw/1`? Nothing more, nothing less, and of the right types."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from onevisit.core.canonical import LARGEST_INTEGER
from onevisit.draws.lot import FORMAT

TEXT: Final = str
HEX: Final = r"[0-9a-f]{64}"
RISK: Final = r"[ABCD-]"
NUMBER: Final = int


class OrNull:
    """The shape, or null."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


class By:
    """An object with free keys and one shape of values."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


class Free:
    """Any object: its content belongs to whoever wrote it."""


_ENTRY: Final = {"id": TEXT, "name": TEXT, "region": TEXT, "risk": RISK}
_INSPECTOR: Final = {
    "id": TEXT,
    "department": TEXT,
    "certificate": TEXT,
    "valid_to": TEXT,
    "specialities": [TEXT],
    "state": TEXT,
    "recusals": [TEXT],
}
_SALT: Final = r"[0-9a-f]{32}"
_ROOT: Final = {"root": HEX, "count": NUMBER}
COMMIT: Final = {
    "format": re.escape(FORMAT),
    "draw": TEXT,
    "task": TEXT,
    "region": TEXT,
    "scope": TEXT,
    "pool": {**_ROOT, "strata": [{"risk": RISK, "count": NUMBER, "quota": NUMBER, "root": HEX}]},
    "excluded": {**_ROOT, "reasons": [{"reason": TEXT, "count": NUMBER}]},
    "inspectors": _ROOT,
    "match": {
        "lead": TEXT,
        "departments": [TEXT],
        "k": NUMBER,
        "specialities": By(OrNull(TEXT)),
        "valid_through?": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "neighbours?": By([TEXT]),
    },
    "changes": {"since": OrNull(TEXT), "added": NUMBER, "removed": NUMBER, "changed": NUMBER},
    "rules": {
        "ratio": OrNull(TEXT),
        "bound": TEXT,
        "class_ratios": OrNull(By(TEXT)),
        "multipliers": By(TEXT),
        "rounding": TEXT,
        "number": OrNull(NUMBER),
        "batch": OrNull({"number": NUMBER, "of": NUMBER, "drawn": By(NUMBER)}),
    },
    "sources": [{"id": TEXT, "kind": TEXT, "commitment": OrNull(HEX)}],
    "closes_at": TEXT,
    "subjects_draw?": HEX,
}
BUNDLE: Final = {
    "format": re.escape(FORMAT),
    "status": "drawn|voided",
    "commit": COMMIT,
    "commit_hash": HEX,
    "sources": [{"id": TEXT, "value": TEXT}],
    "key": OrNull(HEX),
    "leaves": [{"leaf": HEX, "risk": RISK, "ticket": OrNull(HEX)}],
    "selected": [HEX],
    "thresholds": By(HEX),
    "shortfalls": [{"visit": HEX, "department": TEXT, "missing": NUMBER, "speciality": OrNull(TEXT)}],
    "events": [{"kind": TEXT, "at": TEXT, "reason": TEXT, "by": [TEXT], "detail": Free()}],
    "signature?": OrNull({"kid": TEXT, "sig": TEXT}),
    "entries?": [{"leaf": HEX, "salt": _SALT, "entry": _ENTRY}],
    "excluded?": [{"leaf": HEX, "salt": _SALT, "entry": _ENTRY, "reason": TEXT}],
    "inspectors?": [{"leaf": HEX, "salt": _SALT, "entry": _INSPECTOR}],
    "pools?": By([HEX]),
    "ineligible?": [{"visit": OrNull(HEX), "inspector": HEX, "reason": TEXT}],
    "teams?": [{"visit": HEX, "department": TEXT, "inspectors": [HEX], "leader": OrNull(HEX)}],
}


def misfit(value: Any) -> str | None:
    """The first place where a bundle leaves its shape, as a path; None where it fits."""
    found = _FITS(value)
    return None if found is None else found or "/"


Look = Callable[[Any], str | None]  # a value -> the path below it where it is wrong, None where it fits


def _made(shape: Any) -> Look:
    """The shape as a function, made once: a bundle has millions of values."""
    if isinstance(shape, OrNull):
        inner = _made(shape.shape)
        return lambda value: None if value is None else inner(value)
    if shape is TEXT:
        return lambda value: None if isinstance(value, str) else ""
    if isinstance(shape, str):
        fits = re.compile(shape).fullmatch
        return lambda value: None if isinstance(value, str) and fits(value) else ""
    if shape is NUMBER:
        return lambda value: None if type(value) is int and 0 <= value <= LARGEST_INTEGER else ""
    if isinstance(shape, list):
        return _list_of(_made(shape[0]))
    if isinstance(shape, By):
        return _by_keys(_made(shape.shape))
    if isinstance(shape, Free):
        return lambda value: None if isinstance(value, dict) else ""
    return _object_of({key.rstrip("?"): _made(inner) for key, inner in shape.items()}, shape)


def _list_of(look: Look) -> Look:
    def fits(value: Any) -> str | None:
        if not isinstance(value, list):
            return ""
        for at, member in enumerate(value):
            found = look(member)
            if found is not None:
                return f"/{at}{found}"
        return None

    return fits


def _by_keys(look: Look) -> Look:
    def fits(value: Any) -> str | None:
        if not isinstance(value, dict):
            return ""
        for key, member in value.items():
            found = look(member)
            if found is not None:
                return f"/{key}{found}"
        return None

    return fits


def _object_of(looks: Mapping[str, Look], shape: Mapping[str, Any]) -> Look:
    needed = {key for key in shape if not key.endswith("?")}

    def fits(value: Any) -> str | None:
        if not isinstance(value, dict):
            return ""
        for key, member in value.items():
            look = looks.get(key)
            found = "" if look is None else look(member)
            if found is not None:
                return f"/{key}{found}"
        missing = needed - value.keys()
        return f"/{min(missing)}" if missing else None

    return fits


_FITS: Final = _made(BUNDLE)
