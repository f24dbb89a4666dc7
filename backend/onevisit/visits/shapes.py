"""Which fields does the body of each kind of operation have? One table, the same in pwa/src/rules/shapes.ts.

Every field is always there (null where nothing is known), so a value has one canonical form. A field's
word says what it holds, `?` allows null: key (id or slug), uuid, hash (SHA-256 hex), code, day, time,
instant (RFC 3339 with offset), text:N (not blank, at most N characters), int:MIN:MAX, bool, json, strokes,
manifest, a|b (one of), [word]N (list of at most N), @name (the shape of that name).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, Final

_CAPTIONED: Final = {"hash": "hash", "size": "int:1:67108864", "taken_at": "instant", "caption": "text:200?"}
_PLACE: Final = {"item": "key?", "entry": "key?"}
_WITHDRAW: Final = {"target": "uuid", "reason": "text:500"}
_WHERE: Final = {"position": "@position?", "accuracy_m": "int:0:1000000?"}
_CONFIRM: Final = {
    "digest": "hash",
    "manifest": "manifest",
    "marks": "@marks",
    "signer": "@signer?",
    "objection": "text:2000?",
    "refusal": "@refusal?",
    "witness": "@witness?",
    "place": "text:200?",
    "at": "instant",
}

SHAPES: Final[dict[str, dict[str, str]]] = {
    "position": {"lat_e7": "int:-900000000:900000000", "lon_e7": "int:-1800000000:1800000000"},
    "signature": {"strokes": "strokes", "png_hash": "hash"},
    "stamp": {"photo_hash": "hash"},
    "marks": {"signature": "@signature?", "stamp": "@stamp?", "no_stamp_reason": "text:200?"},
    "signer": {
        "name": "text:50",
        "role": "legal_representative|person_in_charge|authorised_person_on_site|other_person",
    },
    "refusal": {"reason": "disagrees|person_absent|no_reason_given|other", "text": "text:500?"},
    "witness": {"name": "text:50", "signature": "@signature?"},
    "checklist": {"id": "key", "version": "int:1:1000000", "hash": "hash"},
    # Drawn over a photo as seen upright, in ten-thousandths of its width and height; the photo stays as it is.
    "drawn": {
        "kind": "arrow|box|text",
        "x1": "int:0:10000",
        "y1": "int:0:10000",
        "x2": "int:0:10000",
        "y2": "int:0:10000",
        "text": "text:40?",
    },
    "visit.arrive": _WHERE,
    "visit.leave": _WHERE,
    "schedule.set": {"day": "day", "time": "time?", "reason": "text:500?"},
    "lead.take": {"reason": "text:500"},
    "answer.set": {
        "item": "key",
        "entry": "key",
        "value": "text:2000?",
        "note": "text:4000?",
        "phrases": "[text:200]20",
    },
    "finding.set": {"item": "key", "outcomes": "[code]10", "reason": "text:1000?"},
    "transcript.set": {
        "opening": "text:4000?",
        "credentials_answer": "text:1000?",
        "rights_answer": "text:1000?",
        "recusal": "not_asked|asked",
        "recusal_reason": "text:1000?",
        "facts": "text:8000?",
        "coercive": "text:4000?",
        "statement": "text:4000?",
    },
    "item.add": {
        "item": "key",
        "name": "text:200",
        "code": "text:50?",
        "legal_basis": "text:1000?",
        "checklist": "@checklist?",
        "reason": "text:500",
    },
    "method.set": {"method": "on_site|online|document", "reason": "text:500?"},
    "fact.differs": {"key": "key", "differs": "bool", "value": "text:500?", "note": "text:1000?"},
    "expert.add": {"expert": "key", "name": "text:50", "institution": "text:200?", "opinion": "text:4000?"},
    "note.add": {**_PLACE, "text": "text:4000"},
    "photo.add": {
        **_CAPTIONED,
        **_PLACE,
        **_WHERE,
        "width": "int:1:30000",
        "height": "int:1:30000",
        "mime": "image/jpeg|image/png|image/webp",
        "reencoded_from": "hash?",
    },
    "audio.add": {
        **_CAPTIONED,
        **_PLACE,
        "mime": "audio/webm|audio/mp4|audio/mpeg|audio/ogg",
        "seconds": "int:0:86400",
    },
    "clip.add": {
        **_CAPTIONED,
        **_PLACE,
        **_WHERE,
        "mime": "video/webm|video/mp4",
        "seconds": "int:0:3600",
    },
    "recording.add": {
        **_PLACE,
        "recorder": "text:100",
        "name": "text:200",
        "hash": "hash",
        "size": "int:1:1099511627776",
        "started_at": "instant?",
        "note": "text:1000?",
    },
    "marking.add": {"photo": "hash", "shapes": "[@drawn]40"},
    "paper.add": {
        **_PLACE,
        "name": "text:200",
        "number": "text:100?",
        "copies": "int:1:10000",
        "kept": "bool",
        "note": "text:1000?",
        "photos": "[uuid]50",
    },
    "sample.add": {
        **_PLACE,
        "name": "text:200",
        "number": "text:100",
        "quantity": "text:100",
        "laboratory": "text:200?",
        "note": "text:1000?",
        "photos": "[uuid]50",
    },
    "evidence.take": {
        **_PLACE,
        "name": "text:200",
        "quantity": "text:100",
        "description": "text:2000?",
        "receipt": "text:100?",
        "photos": "[uuid]50",
    },
    "measure.issue": {
        **_PLACE,
        "kind": "rectification_order|order_to_stop|urge_to_rectify|advice|policy_explained",
        "form": "written|printed|electronic|oral",
        "text": "text:4000",
        "due_day": "day?",
        "number": "text:100?",
        "facts": "text:4000?",
        "breached": "text:1000?",
        "applied": "text:1000?",
        "ground": "text:1000?",
    },
    "note.withdraw": _WITHDRAW,
    "photo.withdraw": _WITHDRAW,
    "audio.withdraw": _WITHDRAW,
    "paper.withdraw": _WITHDRAW,
    "sample.withdraw": _WITHDRAW,
    "evidence.withdraw": _WITHDRAW,
    "measure.withdraw": _WITHDRAW,
    "clip.withdraw": _WITHDRAW,
    "recording.withdraw": _WITHDRAW,
    "marking.withdraw": _WITHDRAW,
    "part.ready": {},
    "part.reopen": {"reason": "text:500"},
    "confirm": _CONFIRM,
    "supplement": _CONFIRM,
    "sign": {"inspector": "key", "digest": "hash", "strokes": "strokes", "png_hash": "hash"},
    "submit": {"note": "text:1000?", "answers_to": "[uuid]200"},
    "settle": {"register": "text:200", "value": "json", "reason": "text:500?"},
    "amend": {"register": "text:200?", "value": "json", "reason": "text:500", "takes": "[uuid]200"},
    "adopt": {"operation": "uuid", "reason": "text:500"},
    "send_back": {"item": "key", "reason": "text:1000"},
    "accept": {"item": "key?"},
}

MANIFEST_FORMAT: Final = "onevisit-manifest/1"
MOST_POINTS: Final = 20_000

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])",
    re.ASCII,
)
_DEVICE = re.compile(r"(server:)?[A-Za-z0-9][A-Za-z0-9_-]{0,51}", re.ASCII)
# What Python's strip and JavaScript's trim do not agree on is left out: the ASCII blanks and the wide blank.
_BLANK = " \t\n\r　"


def wrong_field(shape: Mapping[str, str], value: object, path: str = "") -> str | None:
    """The path of the first field (in the order of names) that is missing, unknown or of the wrong form."""
    if not isinstance(value, dict):
        return path or "/"
    if value.keys() == shape.keys() and all(_check_of(shape[name])(member) for name, member in value.items()):
        return None  # nearly always; only what is wrong is looked at name by name
    for name in sorted(shape.keys() | value.keys()):
        here = f"{path}/{name}"
        if name not in shape or name not in value:
            return here
        if (wrong := _wrong(shape[name], value[name], here)) is not None:
            return wrong
    return None


def is_key(value: object) -> bool:
    """Whether it can be an id of ours or a slug (it may stand as a key in the state)."""
    return isinstance(value, str) and len(value) <= 64 and _is_key(value)


@lru_cache(maxsize=8192)
def _is_key(text: str) -> bool:
    """The same few ids stand in every operation of a visit."""
    return _KEY.fullmatch(text) is not None


def is_uuid7(value: object) -> bool:
    """Whether it is a lower-case UUIDv7."""
    return isinstance(value, str) and _UUID7.fullmatch(value) is not None


def is_hash(value: object) -> bool:
    """Whether it is a SHA-256 in lower-case hex."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def is_device(value: object) -> bool:
    """Whether it can be a device: a phone's id, or `server:<id>`."""
    return isinstance(value, str) and _DEVICE.fullmatch(value) is not None


def is_int(value: object, least: int, most: int) -> bool:
    """Whether it is a whole number within bounds (true and false are none)."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_day(value: object) -> bool:
    """Whether it is a day that exists, YYYY-MM-DD."""
    return isinstance(value, str) and len(value) == 10 and _is_day(value)


@lru_cache(maxsize=1024)
def _is_day(text: str) -> bool:
    found = _DAY.fullmatch(text)
    if found is None:
        return False
    year, month, day = (int(part) for part in found.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= lengths[month - 1]


def is_instant(value: object) -> bool:
    """Whether it is an RFC 3339 time with offset on a day that exists."""
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    return found is not None and _is_day(found.group(1))


def is_text(value: object, most: int) -> bool:
    """Whether it is a text that says something and fits."""
    return isinstance(value, str) and len(value) <= most and "\x00" not in value and value.strip(_BLANK) != ""


def is_strokes(value: object) -> bool:
    """Whether it is a drawn signature: strokes of points [x, y] or [x, y, milliseconds]."""
    if not isinstance(value, list) or not 1 <= len(value) <= 500:
        return False
    if not all(isinstance(stroke, list) and stroke for stroke in value):
        return False
    points = [point for stroke in value for point in stroke]
    return len(points) <= MOST_POINTS and all(
        isinstance(point, list)
        and len(point) in (2, 3)
        and all(is_int(n, -100_000, 10_000_000) for n in point)
        for point in points
    )


def is_manifest(value: object) -> bool:
    """Whether it has what locking reads: format, visit, parts with record, frontier (manifest.py)."""
    if not isinstance(value, dict) or value.get("format") != MANIFEST_FORMAT:
        return False
    visit, parts, frontier = value.get("visit"), value.get("parts"), value.get("frontier")
    if not isinstance(visit, dict) or not isinstance(parts, list) or not isinstance(frontier, list):
        return False
    departments = [_department(part) for part in parts]
    devices = [log.get("device") if isinstance(log, dict) else None for log in frontier]
    return (
        0 < len(departments) == len(set(departments))
        and all(is_key(department) for department in departments)
        and all(_has_items(part) for part in parts)
        and all(isinstance(device, str) for device in devices)
        and len(devices) == len(set(devices))
        and all(_is_log(log) for log in frontier)
    )


def _has_items(part: dict[str, Any]) -> bool:
    items = part.get("items")
    return isinstance(items, list) and all(
        isinstance(item, dict) and is_key(item.get("id")) for item in items
    )


def _department(part: object) -> str:
    if not isinstance(part, dict) or not isinstance(part.get("record"), dict):
        return ""
    department = part.get("department")
    name = department.get("id") if isinstance(department, dict) else None
    return name if isinstance(name, str) else ""


def _is_log(log: dict[str, Any]) -> bool:
    return (
        log.keys() == {"device", "seq", "id"}
        and is_device(log["device"])
        and is_int(log["seq"], 1, 2**31)
        and is_uuid7(log["id"])
    )


_WORDS: Final[dict[str, Callable[[object], bool]]] = {
    "key": is_key,
    "uuid": is_uuid7,
    "hash": is_hash,
    "code": lambda value: isinstance(value, str) and _CODE.fullmatch(value) is not None,
    "day": is_day,
    "time": lambda value: isinstance(value, str) and _TIME.fullmatch(value) is not None,
    "instant": is_instant,
    "bool": lambda value: isinstance(value, bool),
    "json": lambda value: True,
    "strokes": is_strokes,
    "manifest": is_manifest,
}


@cache
def _check_of(word: str) -> Callable[[object], bool]:
    """Whether a value has the form that the word says; the words are those of SHAPES, so they are few."""
    if word.endswith("?"):
        inner = _check_of(word[:-1])
        return lambda value: value is None or inner(value)
    if word in _WORDS:
        return _WORDS[word]
    name, *bounds = word.split(":")
    if name == "text":
        most = int(bounds[0])
        return lambda value: is_text(value, most)
    if name == "int":
        least, greatest = int(bounds[0]), int(bounds[1])
        return lambda value: is_int(value, least, greatest)
    return lambda value: _wrong(word, value, "") is None


def _wrong(word: str, value: object, path: str) -> str | None:
    if word.endswith("?"):
        return None if value is None else _wrong(word[:-1], value, path)
    if word.startswith("@"):
        return wrong_field(SHAPES[word[1:]], value, path)
    if word.startswith("["):
        inner, most = word[1:].rsplit("]", 1)
        if not isinstance(value, list) or len(value) > int(most):
            return path
        found = (_wrong(inner, member, f"{path}/{n}") for n, member in enumerate(value))
        return next((wrong for wrong in found if wrong is not None), None)
    return None if _fits(word, value) else path


def _fits(word: str, value: object) -> bool:
    if word in _WORDS:
        return _WORDS[word](value)
    name, *bounds = word.split(":")
    if name == "text":
        return is_text(value, int(bounds[0]))
    if name == "int":
        return is_int(value, int(bounds[0]), int(bounds[1]))
    return isinstance(value, str) and value in word.split("|")
