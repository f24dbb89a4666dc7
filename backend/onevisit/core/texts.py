"""Which text can no database keep? NUL (PostgreSQL has no such character) and halves of a character."""

from collections.abc import Mapping, Sequence
from typing import Any


def unstorable(value: Any) -> bool:
    """Whether there is such a text anywhere in this value."""
    if isinstance(value, str):
        return "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, Mapping):
        return any(unstorable(name) or unstorable(one) for name, one in value.items())
    return isinstance(value, Sequence) and not isinstance(value, bytes) and any(map(unstorable, value))
