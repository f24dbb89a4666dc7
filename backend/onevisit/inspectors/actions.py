"""What happens to the inspector library: lists come in."""

from typing import Any

from onevisit.core.auth import acting
from onevisit.inspectors.library import InspectorLibrary
from onevisit.subjects.actions import import_library
from onevisit.subjects.queries import region_meant
from onevisit.subjects.terms import LibraryName


def import_rows(
    filename: str, content: bytes, *, region_id: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """A list of inspectors into the region's library."""
    region = region_meant(region_id)
    own = None if acting().has("joint_office") else acting().department_id
    library = InspectorLibrary(region, own)
    return import_library(library, LibraryName.INSPECTORS, region, content, filename, dry_run)
