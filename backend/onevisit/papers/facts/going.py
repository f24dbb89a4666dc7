"""What do the papers say before anybody goes: the notice, the dispatch, the scheme?"""

from typing import TypedDict

from onevisit.papers.facts.people import Contact, Officer, Signature, Subject, Task, Ticks


class NoticePart(TypedDict):
    """A department's items and inspectors on the notice."""

    name: str
    initiating: bool
    items: list[str]
    officers: list[Officer]


class Delivery(TypedDict):
    """How the notice reached the subject."""

    ways: Ticks
    receiver: Signature | None
    received: str | None
    officers: list[Officer]


class NoticeFacts(TypedDict):
    """notice.html.j2; `by_hand` leaves lines for ink where nobody signed on a screen yet, `link` is the same notice on a phone.

    `party` is who answers for the subject where that is a thing, and whom the notice is addressed to.
    """

    issuer: str
    no: str
    subject: Subject
    party: str | None
    plan: str | None
    plan_no: str | None
    tasks: list[Task]
    visit_no: str
    when: str | None
    methods: Ticks
    departments: list[NoticePart]
    papers: list[str]
    rights: list[str]
    year: int
    nth: int | None
    cap: int | None
    contact: Contact
    issued_by: str
    issued: str
    delivery: Delivery
    by_hand: bool
    digest: str
    qr: str
    link: str | None


class DispatchPart(TypedDict):
    """A department's work in one visit."""

    department: str
    items: list[str]
    officers: list[Officer]


class DispatchVisit(TypedDict):
    """One visit of the list."""

    no: str
    subject: Subject
    parts: list[DispatchPart]
    leader: str | None
    window: str | None
    due: str | None


class DispatchFacts(TypedDict):
    """dispatch.html.j2."""

    issuer: str
    no: str
    task: Task
    draw: str | None
    certificate_no: str | None
    window: str | None
    departments: list[str]
    demands: list[str]
    visits: list[DispatchVisit]
    issued_by: str
    issued: str
    contact: Contact
    receipts: list[tuple[str, str | None, str | None]]  # department, who acknowledged, when
    digest: str
    qr: str


class SchemeVoice(TypedDict):
    """What a partner said; `said` is None while it has not answered."""

    department: str
    said: str | None
    reason: str | None
    reply: str | None
    at: str | None


class SchemeFacts(TypedDict):
    """scheme.html.j2; one version of a task's scheme with the partners' words to it."""

    issuer: str
    title: str
    no: str
    task: Task
    version: int
    settled: bool
    departments: list[tuple[str, bool]]
    sections: list[tuple[str, list[str]]]
    voices: list[SchemeVoice]
    issued_by: str
    issued: str
    digest: str
