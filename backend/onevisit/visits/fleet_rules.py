"""How does a phone stand: what does it owe, since when, and how pressing is that? Pure (sync.md 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from onevisit.accounts.terms import FleetState, Lateness

AMBER, RED = timedelta(hours=24), timedelta(hours=72)


@dataclass(frozen=True)
class Owed:
    """What the server knows to be on a phone only; `since` is the oldest of it.

    Originals were named by an operation that is here and have not come; a gap stands before operations that are here;
    `unsent` is what the phone itself could not send at its last contact.
    """

    photos: int = 0
    files: int = 0
    gaps: int = 0
    unsent: int = 0
    since: datetime | None = None

    @property
    def anything(self) -> bool:
        """Whether work of this phone is not here."""
        return self.photos + self.files + self.gaps + self.unsent > 0


@dataclass(frozen=True)
class Standing:
    """One word for a row, its colour, and since when."""

    state: FleetState
    lateness: Lateness
    since: datetime | None


def standing(
    owed: Owed, heard: datetime | None, revoked: bool, visits_open: int, now: datetime, has_phone: bool = True
) -> Standing:
    """A stopped phone that still owes something is pressing too: the paper of a lost phone waits for a decision.

    A phone that nobody hears of counts only while its owner is in a visit that was begun: then it may hold work.
    """
    if not has_phone:
        return Standing(FleetState.NO_PHONE, Lateness.NONE, None)
    if owed.anything:
        return Standing(FleetState.OWES, _late(owed.since, now), owed.since)
    if revoked:
        return Standing(FleetState.REVOKED, Lateness.NONE, None)
    if visits_open and _late(heard, now) is not Lateness.NONE:
        return Standing(FleetState.SILENT, _late(heard, now), heard)
    return Standing(FleetState.FINE, Lateness.NONE, None)


def _late(since: datetime | None, now: datetime) -> Lateness:
    if since is None:
        return Lateness.NONE
    return Lateness.RED if now - since >= RED else Lateness.AMBER if now - since >= AMBER else Lateness.NONE


def sentence(owed: Owed, label: str) -> str:
    """缺 3 张原图，在 13 号机."""
    lacking = [
        f"{number} {what}"
        for number, what in (
            (owed.photos, "张原图"), (owed.files, "个签字或录音录像"), (owed.gaps, "段记录"),
            (owed.unsent, "条没传出来的记录"),
        )
        if number
    ]  # fmt: skip
    gap = " " if label[:1].isascii() else ""
    return f"缺 {'、'.join(lacking)}，在{gap}{label}" if lacking else ""
