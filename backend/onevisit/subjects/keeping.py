"""How is a list compared with what is kept, written, and taken back? In sets, unless its library knows another way."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast

from onevisit.core.staging import Area
from onevisit.subjects import writing
from onevisit.subjects.heads import Head
from onevisit.subjects.lists import ListLibrary, Seen, StagedLibrary
from onevisit.subjects.models import LibraryImport
from onevisit.subjects.staged import Staging

Rows = Iterator[dict[str, Any]]
Lines = tuple[list[str], list[list[str]]]


class Keeping(Protocol):
    """The way of one kind of list from its file to what is kept and back; the steps are the same for all."""

    def stage(self, area: Area, name: str, path: Path, head: Head, seen: Seen) -> dict[str, Any]:
        """Read and compare; how many rows of each kind."""

    def rows(self, area: Area, imported: LibraryImport, kind: str, after: int) -> Rows | None:
        """The rows of a part of the preview; None where it is told as for every list."""

    def refused(self, area: Area, imported: LibraryImport) -> Lines | None:
        """Headings and lines of what was refused, for a file of their own; None where the source file says it."""

    def prepare(self, area: Area, imported: LibraryImport) -> int | None:
        """What is made ready before anybody's writing is held up."""

    def touched(self, area: Area, imported: LibraryImport) -> dict[str, int]:
        """Whose part of the library changes, by how many rows; nothing where nobody vouches for it."""

    def write(self, area: Area, imported: LibraryImport, at: datetime) -> None:
        """Everything that was confirmed, within the caller's transaction."""

    def what_depends(self, imported: LibraryImport) -> str | None:
        """Why this import can no longer be taken back."""

    def take_back(self, imported: LibraryImport, at: datetime) -> None:
        """As it was before, within the caller's transaction."""


class InSets:
    """A library that is a table: rows are new ones or meet one that is kept."""

    def __init__(self, library: StagedLibrary) -> None:
        self.library = library

    def stage(self, area: Area, name: str, path: Path, head: Head, seen: Seen) -> dict[str, Any]:
        """Read and compare in sets."""
        return Staging(self.library, area, name, path, head, seen).run()

    def rows(self, area: Area, imported: LibraryImport, kind: str, after: int) -> Rows | None:
        """As for every list."""
        return None

    def refused(self, area: Area, imported: LibraryImport) -> Lines | None:
        """As they stand in the source."""
        return None

    def prepare(self, area: Area, imported: LibraryImport) -> int | None:
        """Blocks of numbers for many new subjects."""
        return writing.prepare(self.library, area, imported)

    def touched(self, area: Area, imported: LibraryImport) -> dict[str, int]:
        """By the department that a row names; counted while a list was read of which every row is new."""
        counts = imported.counts
        if counts.get("touched") and counts.get("built") == counts["added"]:
            return dict(counts["touched"])
        return writing.touched_parts(self.library, area)

    def write(self, area: Area, imported: LibraryImport, at: datetime) -> None:
        """New rows in, changed fields over the old."""
        writing.write(self.library, area, imported, at)

    def what_depends(self, imported: LibraryImport) -> str | None:
        """Used elsewhere, or edited since."""
        return writing.what_depends(self.library.stored, imported)

    def take_back(self, imported: LibraryImport, at: datetime) -> None:
        """New rows go, changed fields are as they were."""
        writing.take_back(self.library.stored, imported, at)


def keeping_of(library: ListLibrary) -> Keeping:
    """The way of this library's lists."""
    own: Callable[[], Keeping] | None = getattr(library, "keeping", None)
    return own() if own else InSets(cast(StagedLibrary, library))
