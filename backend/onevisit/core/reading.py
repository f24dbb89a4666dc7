"""What does a line of a list say, in a library's columns? Every column has a reader; what repeats is read once."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from onevisit.core.exports import as_written
from onevisit.core.rows import Headings, plain_heading

MOST_KEPT = 50_000
Reader = Callable[[str], Any]


class Refused(Exception):
    """A row that cannot go in, with the reason as a person can act on it."""


class Odd(Exception):
    """Among many rows read at once is one that must be read by itself."""


class Memo(dict[str, Any]):
    """A reader for words that repeat: kinds, fields, departments are understood once."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self._read(text.strip())
        if len(self) < MOST_KEPT:
            self[text] = value
        return value


def repeated(read: Reader) -> Reader:
    """The reader with a memory."""
    return Memo(read).__getitem__


def plain(label: str, most: int) -> Reader:
    """Free text of a bounded length; nothing written says nothing."""

    def read(text: str) -> str | None:
        text = text.strip()
        if len(text) > most:
            raise Refused(f"“{label}”超过 {most} 个字")
        return (as_written(text) if text[:1] == "'" else text) or None

    return read


def plain_column(most: int) -> Callable[[list[str]], list[str | None]]:
    """`plain` for many cells at once; Odd where one of them wants a look of its own."""

    def read(cells: list[str]) -> list[str | None]:
        texts = list(map(str.strip, cells))
        if max(map(len, texts)) > most or "'" in "".join(texts):
            raise Odd
        return [one or None for one in texts]

    return read


def column_of(read: Reader) -> Callable[[list[str]], list[Any]]:
    """A reader of single cells for many at once."""

    def all_of(cells: list[str]) -> list[Any]:
        return list(map(read, cells))

    return all_of


def guessed(headings: Sequence[str], known: Headings, learnt: Mapping[str, str]) -> dict[int, str]:
    """Which column means what: as somebody once said, else by the words that lists use; each meaning once."""
    ways = {plain_heading(way): name for name, words in known.items() for way in words}
    found: dict[int, str] = {}
    for at, text in enumerate(headings):
        plainly = plain_heading(text)
        name = learnt.get(plainly) or ways.get(plainly)
        if name and name in known and name not in found.values():
            found[at] = name
    for at, text in enumerate(headings):
        name = (
            near(plain_heading(text), ways) if at not in found and plain_heading(text) not in learnt else None
        )
        if name and name not in found.values():
            found[at] = name
    return found


def near(text: str, ways: Mapping[str, str]) -> str | None:
    """A meaning whose longest word stands within the heading: 被监管企业名称."""
    text = unicodedata.normalize("NFKC", text)
    inside = [way for way in ways if len(way) >= 3 and way in text]
    return ways[max(inside, key=len)] if inside else None
