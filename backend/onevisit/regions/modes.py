"""Who draws and who checks, as a plan's table says it in one word: 市抽县查, 县抽县查 … (S2 art. 13, S3). Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from onevisit.regions.terms import TIER_LABELS, Tier

_TIERS = (Tier.PROVINCE, Tier.CITY, Tier.COUNTY)  # from above
# How the notices write a tier: a prefecture is a city, a district or banner a county.
_WRITTEN = {
    **dict.fromkeys("省", Tier.PROVINCE), **dict.fromkeys("市州盟", Tier.CITY), **dict.fromkeys("县区旗", Tier.COUNTY),
}  # fmt: skip
_MODE = re.compile(r"([省市州盟县区旗])级?(?:统一)?抽[取]?[，,、]?([省市州盟县区旗])级?(?:实施)?检?查")


class Handing(StrEnum):
    """How a task meets the regions below the one whose plan names it."""

    OWN = "own"
    DOWN = "down"
    EACH = "each"


HANDING_LABELS = {
    Handing.OWN: "本级抽取、本级检查",
    Handing.DOWN: "本级抽取，下级检查",
    Handing.EACH: "下级各自抽取、各自检查",
}


@dataclass(frozen=True)
class DrawMode:
    """市抽县查: the tier that draws, and the tier that goes there."""

    draws: Tier
    checks: Tier

    @classmethod
    def read(cls, written: str | None) -> Self | None:
        """As printed in a table; None where nothing is said or the words say something else."""
        hit = _MODE.search(written or "")
        return cls(_WRITTEN[hit[1]], _WRITTEN[hit[2]]) if hit else None

    @property
    def words(self) -> str:
        """As the notices write it."""
        return f"{TIER_LABELS[self.draws]}抽{TIER_LABELS[self.checks]}查"

    def handing(self, tier: Tier) -> tuple[Handing, Tier]:
        """What it means for a plan of this tier: how the task goes down, and to which tier it goes first.

        A mode that speaks of a higher tier than the plan's own is somebody else's draw: here it is carried out as an
        own task, into which that draw can be taken over.
        """
        own, draws, checks = (_TIERS.index(one) for one in (tier, self.draws, self.checks))
        if draws > own:
            return Handing.EACH, self.draws
        if draws == own and checks > own:
            return Handing.DOWN, self.checks
        return Handing.OWN, tier


def modes_offered(tier: Tier, allowed: Sequence[Any] | None) -> list[DrawMode]:
    """The modes that a plan of this tier may name, the region's own first; `allowed` is the profile's `draw.tier_modes`.

    A notice that names ways of drawing leaves only those; one that is silent, or that names mere tiers (S4), leaves all.
    """
    own = _TIERS.index(tier)
    below = _TIERS[own:]
    every = [DrawMode(draws, checks) for draws in below for checks in below[below.index(draws) :]]
    named = [one for one in (allowed or ()) if one in _ALLOWS]
    return [one for one in every if not named or any(_ALLOWS[way](one) for way in named)]


_ALLOWS = {
    "same_tier_draws_and_checks": lambda one: one.draws == one.checks,
    "higher_tier_draws_lower_checks": lambda one: one.draws != one.checks,
    "county_draws_county_checks": lambda one: one.draws == one.checks == Tier.COUNTY,
}
