"""Which rule holds in a region, and in whose words? The notices' differences are data, read here. Pure."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Value:
    """A rule's value. `sentence` is the notice's own; without a notice it is ours and says so."""

    key: str
    value: Any
    sentence: str | None
    from_notice: bool
    profile: str | None = None


@dataclass(frozen=True)
class Override:
    """A value an office set itself, valid from a day."""

    key: str
    value: Any
    sentence: str
    valid_from: date


@dataclass(frozen=True)
class Profile:
    """The rules of a region: its own overrides, then its notice, then the higher region's, then ours."""

    names: tuple[str, ...]
    overrides: tuple[Override, ...] = field(default=())

    def value(self, key: str, on: date | None = None) -> Value:
        """The rule `key` (`group.rule`) on a day; KeyError for a key that nobody knows."""
        for own in sorted(self.overrides, key=lambda one: one.valid_from, reverse=True):
            if own.key == key and (on is None or own.valid_from <= on):
                return Value(key, own.value, own.sentence, True)
        for name in self.names:
            if (found := _from_notice(name, key)) is not None:
                return found
        return _default(key)

    def all(self) -> list[Value]:
        """Every rule there is, in the notices' order."""
        return [self.value(key) for key in known_keys()]


@lru_cache
def _document() -> dict[str, Any]:
    text = files("onevisit.regions").joinpath("rule_profiles.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def profile_names() -> list[str]:
    """The notices we hold."""
    return list(_document()["profiles"])


@lru_cache
def known_keys() -> tuple[str, ...]:
    """Every rule that a notice or our defaults name."""
    keys: dict[str, None] = {}
    for profile in _document()["profiles"].values():
        for group, rules in profile["rules"].items():
            for key in [group] if "value" in rules else [f"{group}.{rule}" for rule in rules]:
                keys[key] = None
    keys.update(dict.fromkeys(key for key in _document()["product_defaults"] if not key.startswith("_")))
    return tuple(keys)


def _from_notice(profile: str, key: str) -> Value | None:
    group, _, rule = key.partition(".")
    rules = _document()["profiles"][profile]["rules"].get(group, {})
    found = rules.get(rule) if rule else rules
    if not found or found.get("value") is None:
        return None
    sentence = "；".join(one["quote"] for one in found.get("source", []))
    return Value(key, found["value"], sentence or found.get("note"), True, profile)


def _default(key: str) -> Value:
    defaults = _document()["product_defaults"]
    if key in defaults:
        value = defaults[key]
        if isinstance(value, str) and value.startswith("as "):
            borrowed = _from_notice(value[3:], key)
            return Value(key, borrowed.value if borrowed else None, None, False)
        return Value(key, value, None, False)
    if key not in known_keys():
        raise KeyError(key)
    return Value(key, None, None, False)
