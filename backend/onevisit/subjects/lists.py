"""What is known of a list that comes in, and in which tables does it wait?"""

from collections.abc import Callable
from typing import Any, Protocol

from onevisit.core.lines import Line
from onevisit.core.rows import Headings
from onevisit.core.staging import BYTES, INTEGER, JSON, TEXT, Table

MOST_REASONS = (
    200_000  # beyond that a list is a wrong list: it is said, and reading goes on without the words
)
Seen = Callable[[int, int], None]
REFUSED = Table("refused", {"row": INTEGER, "reason": TEXT}, keyed=False)
WARNED = Table("warned", {"row": INTEGER, "reason": TEXT}, keyed=False)
MATCHES = Table("matches", {"row": INTEGER, "object_id": TEXT, "differs": INTEGER})
CHANGES = Table("changes", {"row": INTEGER, "object_id": TEXT, "revision": INTEGER, "fields": JSON})
# kind: number = the same code twice in the file, twin = same name and address in the file, kept = in the library
DOUBLES = Table(
    "doubles", {"row": INTEGER, "kind": TEXT, "other_row": INTEGER, "object_id": TEXT, "decision": TEXT}
)
OUT = Table("out", {"row": INTEGER})
BITMAPS = Table("bitmaps", {"term": TEXT, "block": INTEGER, "held": INTEGER, "bits": BYTES}, keyed=False)


class ListLibrary(Protocol):
    """What is known of every list that comes in, however its rows are kept."""

    step: str
    library: Any
    brings: Any
    headings: Headings
    required: tuple[str, ...]
    region_id: str
    own_department: str | None


class StagedLibrary(ListLibrary, Protocol):
    """What a library knows of its own rows; the rest is the same for all of them."""

    stored: str
    title: str
    columns: Any
    number_column: str
    twin_columns: tuple[str, ...]
    party_column: str | None
    added_to: tuple[str, ...]
    own_column: str | None

    def present(self, mapping: dict[int, str]) -> list[str]:
        """The staged columns that such a file fills."""

    def reader(self, mapping: dict[int, str]) -> Callable[[Line], tuple[list[Any], list[str]]]:
        """Reads a line into these columns, with warnings; raises Refused."""

    def defaults(self) -> dict[str, Any]:
        """What a new thing is where the list says nothing."""
