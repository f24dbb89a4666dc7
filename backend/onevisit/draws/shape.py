"""Does a bundle have the form of `onevisit-draw/1`? Nothing more, nothing less, and of the right types."""

import re
from collections.abc import Mapping
from typing import Any, Final

from onevisit.core.canonical import LARGEST_INTEGER
from onevisit.draws.lot import FORMAT

TEXT: Final = r"(?s).*"
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
    "match": {"lead": TEXT, "departments": [TEXT], "k": NUMBER, "specialities": By(OrNull(TEXT))},
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


def misfit(value: Any, shape: Any = BUNDLE, where: str = "") -> str | None:
    """The first place where a value leaves its shape, as a path; None where it fits."""
    if isinstance(shape, OrNull):
        return None if value is None else misfit(value, shape.shape, where)
    if isinstance(shape, str):
        return None if isinstance(value, str) and re.fullmatch(shape, value) else where
    if shape is NUMBER:
        counts = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_INTEGER
        return None if counts else where
    if isinstance(shape, list):
        return _misfit_of_list(value, shape[0], where)
    if not isinstance(value, Mapping):
        return where or "/"
    if isinstance(shape, Free):
        return None
    if isinstance(shape, By):
        return _first(misfit(member, shape.shape, f"{where}/{key}") for key, member in value.items())
    return _misfit_of_object(value, shape, where)


def _misfit_of_list(value: Any, shape: Any, where: str) -> str | None:
    if not isinstance(value, list):
        return where
    return _first(misfit(member, shape, f"{where}/{at}") for at, member in enumerate(value))


def _misfit_of_object(value: Mapping[str, Any], shape: Mapping[str, Any], where: str) -> str | None:
    known = {key.rstrip("?") for key in shape}
    unknown = [key for key in value if key not in known]
    if unknown:
        return f"{where}/{unknown[0]}"
    for key, inner in shape.items():
        name = key.rstrip("?")
        if name in value:
            found = misfit(value[name], inner, f"{where}/{name}")
            if found:
                return found
        elif not key.endswith("?"):
            return f"{where}/{name}"
    return None


def _first(found: Any) -> str | None:
    return next((one for one in found if one), None)
