"""What happens to the inspector library: lists come in."""

from pathlib import Path
from typing import Any

from onevisit.core.auth import acting
from onevisit.inspectors.library import InspectorLibrary
from onevisit.subjects import importing
from onevisit.subjects.actions import take_list
from onevisit.subjects.queries import region_meant


def import_rows(
    filename: str, content: bytes, *, region_id: str | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """A list of inspectors into the region's library."""
    region = region_meant(region_id)
    own = None if acting().has("joint_office") else acting().department_id
    return take_list(InspectorLibrary(region, own), filename, content, dry_run)


def import_file(
    path: Path, *, region_id: str | None = None, dry_run: bool = False, **how: Any
) -> dict[str, Any]:
    """A list of any length from disk, as the command line brings it."""
    region = region_meant(region_id)
    own = None if acting().has("joint_office") else acting().department_id
    return importing.take_in(InspectorLibrary(region, own), path.name, path, dry_run, **how)
