"""Which cells stand in a list file, line after line? Reads from disk, so that a million rows need no memory.

CSV streams; workbooks go through `rows.ListFile`, which knows what a file may not be.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from onevisit.core.problems import Problem
from onevisit.core.rows import ListFile

SEEN = 2**20
PARCEL = 1024
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
Line = list[str]


class Lines:
    """The lines of a file; `at` says how many bytes were read, for whoever waits."""

    def __init__(self, step: str, name: str, path: Path) -> None:
        self.step, self.name, self.path = step, name, path
        self.size = path.stat().st_size
        with path.open("rb") as file:
            self._head = file.read(SEEN)
        self.workbook = self._head.startswith(_WORKBOOKS)
        self.at: Callable[[], int] = lambda: 0
        self.clean = False
        self._quotes = 0

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

    def _csv(self, size: int) -> Iterator[list[Line]]:
        encoding = self._encoding()
        raw = self.path.open("rb", buffering=SEEN)
        self.at = raw.tell
        with _text(raw, encoding) as text:
            lines = csv.reader(text, delimiter=self._delimiter(encoding))
            try:
                last: Line = []
                while parcel := list(islice(lines, size)):
                    last = parcel[-1]
                    yield parcel
                if self._quotes % 2 and last and "\n" in last[-1]:
                    raise self._unreadable("里有一个引号没有配对，后面的行都并进了一格。请改正后再上传")
            except csv.Error as error:
                raise self._unreadable("不是能识别的 CSV") from error

    def _delimiter(self, encoding: str) -> str:
        sample = self._head[:20000].decode(encoding, "ignore").split("\n", 1)[0]
        return max(",\t;|", key=lambda one: (sample.count(one), one == ","))

    def _encoding(self) -> str:
        """UTF-8 if all of it is, UTF-16 with a mark, else GB18030, what Chinese offices export."""
        marked = self._head.startswith((b"\xff\xfe", b"\xfe\xff"))
        for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
            if self._decodes(encoding):
                return encoding
        raise self._unreadable("不是能识别的文字编码。请另存为 UTF-8 的 CSV 或 xlsx 再上传")

    def _decodes(self, encoding: str) -> bool:
        """Is all of it text in this encoding? In passing: is there a character that no database keeps?"""
        self._quotes = 0
        decoder, clean = codecs.getincrementaldecoder(encoding)(), encoding != "utf-16"
        try:
            with self.path.open("rb") as file:
                while part := file.read(SEEN):
                    decoder.decode(part)
                    self._quotes += part.count(b'"')
                    clean = clean and b"\0" not in part
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        self.clean = clean
        return True

    def _unreadable(self, why: str) -> Problem:
        return Problem(f"{self.step}.file_unreadable", f"文件“{self.name}”{why}，什么都没有导入。")


def _text(raw: BinaryIO, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw, encoding=encoding, newline="")
