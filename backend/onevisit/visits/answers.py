"""Is this an answer of the entry's kind, does the entry apply, and which result do the answers propose?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from onevisit.visits.shapes import is_day
from onevisit.visits.terms import Answer, AnswerType, MeasureKind, Outcome

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?", re.ASCII)
_ANSWERS = frozenset(answer.value for answer in Answer)

Entry = Mapping[str, Any]
Answers = Mapping[str, Mapping[str, Any]]  # entry id -> {value, note, phrases}


def answer_fits(entry: Entry, value: str) -> bool:
    """Whether a value is an answer of the entry's kind; measured numbers are decimal texts (no floats)."""
    kind = entry["answer"]
    if kind == AnswerType.PASS_FAIL:
        return value in _ANSWERS
    if kind == AnswerType.NUMBER:
        return _NUMBER.fullmatch(value) is not None
    if kind == AnswerType.CHOICE:
        return value in entry["choices"]
    if kind == AnswerType.DATE:
        return is_day(value)
    return True


def answer_value(answers: Answers, entry: str) -> str | None:
    """The value of an entry's answer, null where there is none."""
    value: str | None = answers.get(entry, {}).get("value")
    return value


def judged(entry: Entry, value: str | None) -> str | None:
    """How the answer judges: as tapped, or a measured number by its limits; null where nothing is judged."""
    if value is None:
        return None
    if entry["answer"] == AnswerType.PASS_FAIL:
        return value if value in _ANSWERS else None
    limits = entry.get("limits")
    if entry["answer"] != AnswerType.NUMBER or not limits or not answer_fits(entry, value):
        return None
    low, high, measured = limits["min"], limits["max"], Decimal(value)
    beyond = (low is not None and measured < Decimal(low)) or (high is not None and measured > Decimal(high))
    return str(Answer.FAIL if beyond else Answer.PASS)


def asked_of(entries: Sequence[Entry], answers: Answers) -> list[Entry]:
    """The entries whose conditions are met, in order; what hangs on an entry that is not asked is not asked."""
    found: list[Entry] = []
    said: dict[str, set[str | None]] = {}
    for entry in entries:
        condition = entry["condition"]
        if condition is not None:
            wanted = condition["is"]
            if not said.get(condition["entry"], set()) & set(
                wanted if isinstance(wanted, list) else [wanted]
            ):
                continue
        value = answer_value(answers, entry["id"])
        said[entry["id"]] = {value, judged(entry, value)} - {None}
        found.append(entry)
    return found


def propose_outcome(
    entries: Sequence[Entry], answers: Answers, measures: Sequence[Mapping[str, Any]] = ()
) -> list[str]:
    """The outcome that follows from the answers of one item; empty while it does not follow yet.

    `measures` are those of the item: with an order to rectify the problem counts as ordered.
    """
    asked = asked_of(entries, answers)
    given = [
        judgement
        for entry in asked
        if (judgement := judged(entry, answer_value(answers, entry["id"]))) is not None
    ]
    if Answer.FAIL in given:
        ordered = any(measure["kind"] == MeasureKind.RECTIFICATION_ORDER for measure in measures)
        return [str(Outcome.RECTIFICATION_ORDERED if ordered else Outcome.PENDING_FOLLOW_UP)]
    if any(entry["required"] and answer_value(answers, entry["id"]) is None for entry in asked):
        return []
    nothing = all(answer_value(answers, entry["id"]) is None for entry in asked)
    if nothing or Answer.NOT_CHECKED in given:
        return []
    if given and all(value == Answer.NOT_APPLICABLE for value in given):
        return [str(Outcome.ACTIVITY_NOT_FOUND)]
    return [str(Outcome.NO_PROBLEM)]
