"""What happens to the inspector library: lists come in."""

from onevisit.core.auth import acting
from onevisit.core.imports import Report
from onevisit.inspectors.library import InspectorLibrary
from onevisit.subjects.actions import import_library
from onevisit.subjects.queries import region_meant
from onevisit.subjects.terms import LibraryName


def import_inspectors(
    content: bytes, filename: str, dry_run: bool, region_id: str | None = None, made_up: bool = False
) -> Report:
    """A list of inspectors into the region's library."""
    region = region_meant(region_id)
    own = None if acting().has("joint_office") else acting().department_id
    library = InspectorLibrary(region, own, made_up)
    return import_library(library, LibraryName.INSPECTORS, region, content, filename, dry_run)
