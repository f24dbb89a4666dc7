"""Is this an answer of the entry's kind, does the entry apply, and which result do the answers propose?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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


def applies(entry: Entry, answers: Answers) -> bool:
    """Whether the entry's condition is met."""
    condition = entry["condition"]
    if condition is None:
        return True
    wanted = condition["is"]
    return answer_value(answers, condition["entry"]) in (wanted if isinstance(wanted, list) else [wanted])


def propose_outcome(
    entries: Sequence[Entry], answers: Answers, measures: Sequence[Mapping[str, Any]] = ()
) -> list[str]:
    """The outcome that follows from the answers of one item; empty while it does not follow yet.

    `measures` are those of the item: with an order to rectify the problem counts as ordered.
    """
    asked = [entry for entry in entries if applies(entry, answers)]
    judged = [
        answer_value(answers, entry["id"]) for entry in asked if entry["answer"] == AnswerType.PASS_FAIL
    ]
    if Answer.FAIL in judged:
        ordered = any(measure["kind"] == MeasureKind.RECTIFICATION_ORDER for measure in measures)
        return [str(Outcome.RECTIFICATION_ORDERED if ordered else Outcome.PENDING_FOLLOW_UP)]
    if any(entry["required"] and answer_value(answers, entry["id"]) is None for entry in asked):
        return []
    given = [value for value in judged if value is not None]
    nothing = all(answer_value(answers, entry["id"]) is None for entry in asked)
    if nothing or Answer.NOT_CHECKED in given:
        return []
    if given and all(value == Answer.NOT_APPLICABLE for value in given):
        return [str(Outcome.ACTIVITY_NOT_FOUND)]
    return [str(Outcome.NO_PROBLEM)]
