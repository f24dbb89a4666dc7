"""May an inspector be drawn, and how long does the certificate last? Pure."""

from dataclasses import dataclass
from datetime import date

from onevisit.inspectors.terms import InspectorState

WARN_DAYS = 60


@dataclass(frozen=True)
class Certificate:
    """What of an inspector decides."""

    no: str | None
    valid_to: date | None
    state: str


def why_not_drawn(one: Certificate, window_end: date) -> str | None:
    """The reason why this person stays out of a draw; None when nothing stands against it."""
    if one.state != InspectorState.ACTIVE:
        return "不在岗"
    if not one.no:
        return "没有执法证"
    if one.valid_to is None:
        return "执法证没有有效期"
    return "执法证在抽查期内到期" if one.valid_to < window_end else None


def expiry_warning(one: Certificate, today: date) -> str | None:
    """A word about a certificate that has run out or soon will."""
    if one.valid_to is None or not one.no:
        return None
    left = (one.valid_to - today).days
    if left < 0:
        return f"执法证已于 {one.valid_to.isoformat()} 到期"
    return f"执法证还有 {left} 天到期" if left <= WARN_DAYS else None
