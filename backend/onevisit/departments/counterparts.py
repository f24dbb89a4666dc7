"""Which office of a lower region does what this one does above? 州市场监督管理局 is 县市场监督管理局 in the county."""

from collections.abc import Callable, Sequence

from onevisit.departments.models import Department
from onevisit.departments.queries import department_of, departments_of, named_department
from onevisit.departments.register import DepartmentRegister

Reader = Callable[[str], str | None]


def counterparts_in(region_id: str, upper_ids: Sequence[str]) -> dict[str, str | None]:
    """Upper department -> the lower region's office of the same name or sector; None where there is none, or several."""
    here, read = departments_of(region_id), named_department(region_id)
    return {one: _counterpart(department_of(one), here, read) for one in upper_ids}


def _counterpart(upper: Department, here: Sequence[Department], read: Reader) -> str | None:
    for name in (upper.name, upper.short_name):
        if (found := read(name)) is not None:
            return found
    sector = _sector(upper)
    same = [one.id for one in here if sector is not None and not one.joint_office and _sector(one) == sector]
    return same[0] if len(same) == 1 else None


def _sector(department: Department) -> str | None:
    """市场监督管理, 应急管理 …, whatever the body is called."""
    for name in (department.name, department.short_name):
        if (found := DepartmentRegister.sector_of(name)) is not None:
            return found[0]
    return None
