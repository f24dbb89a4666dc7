"""What does the record of a visit say, and the confirmation under it?"""

from typing import TypedDict

from onevisit.papers.facts.people import Officer, Signature, Subject, Task, Ticks
from onevisit.papers.strokes import Strokes


class Entry(TypedDict):
    """One entry of the checklist, answered."""

    n: int
    what: str
    method: str | None
    basis: str | None
    answer: str  # the label of the answer; one of record.answers
    found: str | None
    bad: bool  # set in bold: this answer is a failure


class ItemPart(TypedDict):
    """One item of one department."""

    name: str
    version: str | None
    entries: list[Entry]
    outcome: str | None
    outcome_more: str | None
    measures: Ticks
    measure_text: str | None


class DepartmentPart(TypedDict):
    """What one department did; its inspectors sign once."""

    name: str
    initiating: bool
    items: list[ItemPart]
    officers: list[Officer]


class Photo(TypedDict):
    """A photo: `picture` is the reduced derivative; None with the reason in `absent`."""

    number: int
    entry: str | None
    caption: str | None
    time: str
    place: str | None
    by: str
    hash: str
    picture: bytes | None
    absent: str | None


class Refusal(TypedDict):
    """拒绝签字: why, who saw it, and the inspectors who wrote it down."""

    reason: str
    witness: Signature | None
    officers: list[Officer]


class Confirmation(TypedDict):
    """What the subject said and signed at the end."""

    name: str
    role: str | None
    time: str | None
    strokes: Strokes | None
    stamp: bytes | None  # the photographed stamp
    stamp_absent: str | None  # why the stamp is not at hand
    objection: str | None
    refusal: Refusal | None
    own_phone: bool  # 本人手机签署
    taken: Ticks  # how the subject took the record along


class Amendment(TypedDict):
    """A later version of one entry: the old wording stays readable."""

    version: int
    at: str
    entry: str
    before: str
    after: str
    reason: str
    by: Officer
    subject: Signature | None


class VisitFacts(TypedDict):
    """The visit as it took place."""

    no: str
    start: str | None
    end: str | None
    place: str | None
    nth: int | None
    cap: int | None  # only where the profile has one
    kinds: Ticks  # 年度计划 / 临时 / 专项
    methods: Ticks
    officers: int
    unannounced: bool  # decided beforehand: no notice reaches the subject
    credentials_shown: bool | None  # None: nothing was written down about it
    rights_told: bool | None
    recusal_asked: bool | None


class RecordFacts(TypedDict):
    """record.html.j2."""

    issuer: str
    no: str
    notice_no: str | None
    task: Task
    subject: Subject
    visit: VisitFacts
    answers: list[str]  # every answer the form offers, in its order
    departments: list[DepartmentPart]
    photos: list[Photo]
    leader: Officer
    summary: str | None
    confirm: Confirmation | None
    witness: Signature | None
    amendments: list[Amendment]
    day: str
    digest: str
    qr: str
