"""What does a screen show of what came out? A summary kept with the draw, so that nobody reads a large bundle for it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from onevisit.draws import lot
from onevisit.draws.match import Matching
from onevisit.draws.models import Draw
from onevisit.draws.quota import RISKIEST_FIRST
from onevisit.draws.terms import RISK_LABELS, Risk

SHOWN_BEYOND_LINE = 12
MOST_SHOWN = 200
Json = dict[str, Any]


Near = Mapping[str, Sequence[tuple[bytes, str]]]
Entries = Mapping[str, lot.Frozen[lot.Subject]]


def near_the_line(outcome: lot.Lot) -> Near:
    """(ticket, leaf) per class, smallest first: the drawn ones and a few beyond the line, what falls on the projector."""
    drawn = Counter(risk for risk, _, _ in outcome.drawn)
    return outcome.smallest(
        {risk: min(drawn[risk] + SHOWN_BEYOND_LINE, MOST_SHOWN) for risk in RISKIEST_FIRST}
    )


def summary(outcome: lot.Lot, matching: Matching | None, near: Near, entries: Entries) -> Json:
    """Tickets of each class around the line with the subjects' names (never public), and the shortfalls."""
    return {
        "classes": _classes(outcome, near, entries),
        "shortfalls": [one.as_json() for one in matching.shortfalls] if matching else [],
        "events": [],
    }


def shown_of(draw: Draw) -> Json:
    """The summary of a draw; nothing came out of one that is not drawn."""
    return dict(draw.shown) if draw.shown else {"classes": [], "shortfalls": [], "events": []}


def with_event(draw: Draw, event: Json) -> None:
    """What was appended to the bundle stands in the summary too."""
    shown = shown_of(draw)
    draw.shown = {**shown, "events": [*shown["events"], event]}


def _classes(outcome: lot.Lot, near: Near, entries: Entries) -> list[Json]:
    """Per class what lies around the line."""
    counts = {risk: outcome.codes.count(risk.encode()) for risk in RISKIEST_FIRST}
    drawn = Counter(risk for risk, _, _ in outcome.drawn)
    won, thresholds = set(outcome.selected), outcome.thresholds
    names = {leaf: one.entry.name for leaf, one in entries.items()}
    return [
        {
            "risk": risk, "risk_label": RISK_LABELS[Risk(risk)], "count": counts[risk],
            "quota": drawn[risk], "threshold": thresholds.get(risk),
            "not_shown": counts[risk] - len(near[risk]),
            "tickets": [
                {"order": at, "leaf": leaf, "ticket": ticket.hex(), "drawn": leaf in won, "name": names.get(leaf)}
                for at, (ticket, leaf) in enumerate(near[risk], 1)
            ],
        }
        for risk in RISKIEST_FIRST if counts[risk]
    ]  # fmt: skip
