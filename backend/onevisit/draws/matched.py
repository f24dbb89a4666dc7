"""What is matching about? The rules of the commit, the visits and their needs, the teams that come out (draw.md §5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from onevisit.core.problems import Problem


@dataclass(frozen=True, slots=True)
class MatchRules:
    """What the commit says of matching: departments in order, the initiating one first.

    `valid_through` (the window's end, through which a certificate must be valid) and `neighbours` (department ->
    departments whose people may help) are optional keys of a commit: with them everybody can recompute who was in a
    department's pool, and without them (older bundles) only that the stated pools agree with themselves.
    """

    lead: str
    departments: tuple[str, ...]
    k: int = 2
    specialities: Mapping[str, str | None] = field(default_factory=dict)
    valid_through: str | None = None
    neighbours: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.k < 1 or len(set(self.departments)) < len(self.departments):
            raise Problem("draws.match_impossible", "匹配规则不对：每部门至少1人，部门不能重复。")
        if not set(self.specialities) <= set(self.departments):
            raise Problem("draws.match_impossible", "专业要求写给了不参与本次抽取的部门。")
        if not set(self.neighbours) <= set(self.departments):
            raise Problem("draws.match_impossible", "协助人员写给了不参与本次抽取的部门。")

    def as_json(self) -> dict[str, Any]:
        """The `match` of a commit."""
        rules: dict[str, Any] = {
            "lead": self.lead,
            "departments": list(self.departments),
            "k": self.k,
            "specialities": dict(self.specialities),
        }
        if self.valid_through is not None:
            rules["valid_through"] = self.valid_through
        if self.neighbours:
            rules["neighbours"] = {one: list(homes) for one, homes in self.neighbours.items()}
        return rules

    @classmethod
    def from_json(cls, match: Mapping[str, Any]) -> Self:
        """Rebuilt from a commit."""
        return cls(
            match["lead"],
            tuple(match["departments"]),
            match["k"],
            match["specialities"],
            match.get("valid_through"),
            match.get("neighbours", {}),
        )


@dataclass(frozen=True, slots=True)
class Need:
    """How many inspectors a department still owes to a visit; one of them holds the speciality."""

    department: str
    number: int
    speciality: str | None = None


@dataclass(frozen=True, slots=True)
class MatchVisit:
    """A drawn subject's visit; `already` are the inspectors (ids) an earlier draw put on it."""

    leaf: str
    subject: str | None
    needs: tuple[Need, ...]
    already: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Team:
    """The inspectors of one department on one visit, in the order chosen; the first leads."""

    visit: str
    department: str
    inspectors: tuple[str, ...]

    @property
    def leader(self) -> str | None:
        """Leader of the visit in the initiating department's team, part leader in another."""
        return self.inspectors[0] if self.inspectors else None

    def as_json(self) -> dict[str, Any]:
        """As it stands in a full bundle."""
        return {
            "visit": self.visit,
            "department": self.department,
            "inspectors": list(self.inspectors),
            "leader": self.leader,
        }


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Inspectors that could not be found; with `speciality`, one of the missing must hold it."""

    visit: str
    department: str
    missing: int
    speciality: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As it stands in a bundle."""
        return {
            "visit": self.visit,
            "department": self.department,
            "missing": self.missing,
            "speciality": self.speciality,
        }

    @classmethod
    def from_json(cls, shortfall: Mapping[str, Any]) -> Self:
        """Rebuilt from a bundle."""
        return cls(shortfall["visit"], shortfall["department"], shortfall["missing"], shortfall["speciality"])


@dataclass(frozen=True, slots=True)
class Ineligible:
    """An inspector who could not be chosen, for one visit or (visit None) for the whole draw."""

    visit: str | None
    inspector: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """As it stands in a full bundle."""
        return {"visit": self.visit, "inspector": self.inspector, "reason": str(self.reason)}


@dataclass(frozen=True, slots=True)
class Matching:
    """The outcome: who could be chosen, who not and why, who was, and who is missing."""

    pools: Mapping[str, tuple[str, ...]]
    ineligible: tuple[Ineligible, ...]
    teams: tuple[Team, ...]
    shortfalls: tuple[Shortfall, ...]

    def as_json(self) -> dict[str, Any]:
        """The keys of a full bundle that come from matching."""
        return {
            "pools": {department: list(leaves) for department, leaves in self.pools.items()},
            "ineligible": [one.as_json() for one in self.ineligible],
            "teams": [team.as_json() for team in self.teams],
            "shortfalls": [shortfall.as_json() for shortfall in self.shortfalls],
        }
