"""Who and what is named on every paper: officers, signatures, tasks, subjects, contacts."""

from typing import TypedDict

from onevisit.papers.strokes import Strokes

Ticks = list[tuple[str, bool]]  # every choice that the form prints, and whether it is ticked


class Officer(TypedDict):
    """An inspector, always with the certificate number; `strokes` once signed."""

    name: str
    certificate: str | None
    strokes: Strokes | None


class Signature(TypedDict):
    """Somebody who signs without a certificate."""

    name: str
    strokes: Strokes | None


class Task(TypedDict):
    """The task as it is named in the plan."""

    name: str
    no: str
    plan: str | None
    seq: int | None


class Subject(TypedDict):
    """The subject as the register says; phone numbers as this paper's reader may see them."""

    name: str
    code: str
    address: str | None
    kind: str | None
    head: str | None
    head_phone: str | None
    contact: str | None
    contact_phone: str | None


class Contact(TypedDict):
    """Whom to ask."""

    name: str | None
    phone: str | None
    address: str | None
