"""What do later steps know of an entry of the libraries? They bring their questions; this step never looks ahead."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

Asked = Callable[[str], list[dict[str, Any]]]
USES, TEAMS, CLOSED = "onevisit.subject_uses", "onevisit.inspector_teams", "onevisit.closed_visits"


def bring(app: Flask, question: str, answer: Asked) -> None:
    """A later step says what hangs on an entry."""
    app.extensions.setdefault(question, []).append(answer)


def uses_of(subject_id: str) -> list[dict[str, Any]]:
    """The draws and visits that name this subject."""
    return _asked(USES, subject_id)


def open_teams_of(inspector_id: str) -> list[dict[str, Any]]:
    """The visits on whose team this inspector still is."""
    return _asked(TEAMS, inspector_id)


def closed_visits_of(department_id: str) -> list[dict[str, Any]]:
    """The department's open visits to subjects that do not operate any more."""
    return _asked(CLOSED, department_id)


def _asked(question: str, thing: str) -> list[dict[str, Any]]:
    return [one for ask in current_app.extensions.get(question, []) for one in ask(thing)]
