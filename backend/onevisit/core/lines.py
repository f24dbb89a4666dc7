"""Which cells stand in a list file, line after line? Reads from disk, so that a million rows need no memory.

CSV streams; workbooks go through `rows.ListFile`, which knows what a file may not be.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from onevisit.core.problems import Problem
from onevisit.core.rows import ListFile

SEEN = 2**20
PARCEL = 1024
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_BEHIND = "\x1e"  # put behind a part: it comes out as a line of its own unless a quote is still open there
Line = list[str]


@dataclass(frozen=True)
class Part:
    """The lines between two bytes of a file, and how many there are before."""

    start: int
    stop: int
    before: int


class Unmet(Exception):
    """A part does not end where a line ends: a quote is open across its border."""


class Lines:
    """The lines of a file, or of a part of it; `at` says how many bytes were read, for whoever waits."""

    def __init__(self, step: str, name: str, path: Path, part: Part | None = None) -> None:
        self.step, self.name, self.path, self.part = step, name, path, part
        self.size = path.stat().st_size
        with path.open("rb") as file:
            self._head = file.read(SEEN)
        self.workbook = self._head.startswith(_WORKBOOKS)
        self.at: Callable[[], int] = lambda: 0
        self.clean = False
        self._quotes = 0
        self._bare = False  # are there line ends of old systems, which no line feed follows?
        self._sums = [(0, 0)]  # line feeds and quotes before every mebibyte
        self._known: str | None = None

    def __iter__(self) -> Iterator[Line]:
        if self.workbook or self.size <= SEEN:
            whole = ListFile(self.step, self.name, self.path.read_bytes(), {}, ())
            for number, line in enumerate(whole._lines(), start=1):
                self.at = lambda number=number: number  # type: ignore[misc]
                yield list(line)
            return
        for parcel in self._csv(PARCEL):
            yield from parcel

    def parcels(self, size: int) -> Iterator[list[Line]]:
        """The lines, many at once."""
        if not self.workbook and self.size > SEEN:
            yield from self._csv(size)
            return
        lines = iter(self)
        while parcel := list(islice(lines, size)):
            yield parcel

    def halves(self) -> tuple[Part, Part] | None:
        """Two parts that two may read at once; None where nobody can say where a line begins."""
        if self.workbook or self.size <= SEEN or self._encoding() == "utf-16" or self._bare:
            return None
        at = min(self.size // 2 // SEEN, len(self._sums) - 1)
        feeds, quotes = self._sums[at]
        with self.path.open("rb") as file:
            file.seek(at * SEEN)
            text = file.read(2 * SEEN)
        end = text.find(b"\n", self.size // 2 - at * SEEN)
        while end >= 0 and (quotes + text.count(b'"', 0, end)) % 2:
            end = text.find(b"\n", end + 1)
        border = at * SEEN + end + 1
        if end < 0 or border >= self.size:
            return None
        before = feeds + text.count(b"\n", 0, end) + 1
        return Part(0, border, 0), Part(border, self.size, before)

    def of(self, part: Part) -> "Lines":
        """The lines of a part, with all that is known of the whole."""
        found = Lines(self.step, self.name, self.path, part)
        found._known, found._quotes, found.clean = self._encoding(), self._quotes, self.clean
        return found

    def _csv(self, size: int) -> Iterator[list[Line]]:
        encoding = self._encoding()
        raw: BinaryIO = self.path.open("rb", buffering=SEEN)
        self.at = raw.tell
        inner = self.part is not None and self.part.stop < self.size
        if self.part:
            raw.seek(self.part.start)
        if inner:
            raw = io.BufferedReader(_Until(raw, self.part.stop), SEEN)  # type: ignore[union-attr]
        with _text(raw, encoding) as text:
            source = chain(text, [_BEHIND]) if inner else text
            lines = csv.reader(source, delimiter=self._delimiter(encoding))
            try:
                last: Line = []
                while parcel := list(islice(lines, size)):
                    last = parcel[-1]
                    if inner and last == [_BEHIND]:
                        inner = False
                        parcel.pop()
                    if parcel:
                        yield parcel
                if inner:
                    raise Unmet
                if self._quotes % 2 and last and "\n" in last[-1]:
                    raise self._unreadable("里有一个引号没有配对，后面的行都并进了一格。请改正后再上传")
            except csv.Error as error:
                raise self._unreadable("不是能识别的 CSV") from error

    def _delimiter(self, encoding: str) -> str:
        sample = self._head[:20000].decode(encoding, "ignore").split("\n", 1)[0]
        return max(",\t;|", key=lambda one: (sample.count(one), one == ","))

    def _encoding(self) -> str:
        """UTF-8 if all of it is, UTF-16 with a mark, else GB18030, what Chinese offices export."""
        if self._known is None:
            self._known = self._found_encoding()
        return self._known

    def _found_encoding(self) -> str:
        marked = self._head.startswith((b"\xff\xfe", b"\xfe\xff"))
        for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
            if self._decodes(encoding):
                return encoding
        raise self._unreadable("不是能识别的文字编码。请另存为 UTF-8 的 CSV 或 xlsx 再上传")

    def _decodes(self, encoding: str) -> bool:
        """Is all of it text in this encoding? In passing: is there a character that no database keeps, where are lines?"""
        self._quotes, self._bare, self._sums = 0, False, [(0, 0)]
        feeds, returned = 0, False
        decoder, clean = codecs.getincrementaldecoder(encoding)(), encoding != "utf-16"
        try:
            with self.path.open("rb") as file:
                while part := file.read(SEEN):
                    decoder.decode(part)
                    self._quotes += part.count(b'"')
                    clean = clean and b"\0" not in part
                    feeds += part.count(b"\n")
                    self._sums.append((feeds, self._quotes))
                    self._bare = self._bare or _bare_return(part, returned)
                    returned = part.endswith(b"\r")
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        self.clean = clean
        return True

    def _unreadable(self, why: str) -> Problem:
        return Problem(f"{self.step}.file_unreadable", f"文件“{self.name}”{why}，什么都没有导入。")


def _text(raw: BinaryIO, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw, encoding=encoding, newline="")


def _bare_return(part: bytes, returned: bool) -> bool:
    """Is a carriage return without a line feed in it, or did one end what came before?"""
    if returned and not part.startswith(b"\n"):
        return True
    if b"\r" not in part:
        return False
    return part.count(b"\r") - part.endswith(b"\r") != part.count(b"\r\n")


class _Until(io.RawIOBase):
    """A file that ends at a byte."""

    def __init__(self, file: BinaryIO, stop: int) -> None:
        self._file, self._stop = file, stop

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        some = self._file.read(min(len(into), max(0, self._stop - self._file.tell())))
        into[: len(some)] = some
        return len(some)

    def close(self) -> None:
        self._file.close()
        super().close()
