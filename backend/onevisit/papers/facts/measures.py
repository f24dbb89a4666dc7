"""What do the papers say that a visit leaves with the subject: orders, letters, lists of evidence, samples, the transcript?"""

from typing import TypedDict

from onevisit.papers.facts.people import Contact, Officer, Signature, Subject
from onevisit.papers.strokes import Strokes


class OrderFacts(TypedDict):
    """order.html.j2; `until` None means at once. Remedies come from the rule profile."""

    authority: str
    no: str
    subject: Subject
    visit_no: str
    day: str
    officers: list[Officer]
    facts: str
    proofs: str | None  # 现场照片 2 张、部门联合抽查情况记录表
    breached: str | None
    applied: str | None
    until: str | None
    todo: str | None
    consequence: str | None
    remedies: str
    contact: Contact
    receiver: Signature | None
    received: str | None
    copies: str | None
    by_hand: bool
    digest: str
    qr: str


class LetterFacts(TypedDict):
    """stop, urge and advice.html.j2: like an order, with what only advice has."""

    authority: str
    no: str
    subject: Subject
    visit_no: str
    day: str
    officers: list[Officer]
    facts: str | None
    proofs: str | None
    breached: str | None
    applied: str | None
    until: str | None
    todo: str | None
    ground: str | None
    consequence: str
    remedies: str
    contact: Contact
    receiver: Signature | None
    received: str | None
    copies: str | None
    by_hand: bool
    digest: str
    qr: str


class TakenThing(TypedDict):
    """One line of the list."""

    name: str
    quantity: str
    description: str | None
    receipt: str | None
    photos: int


class TakenFacts(TypedDict):
    """taken.html.j2: what a department took along, at once the receipt."""

    authority: str
    no: str
    subject: Subject
    visit_no: str
    day: str
    officers: list[Officer]
    things: list[TakenThing]
    receiver: Signature | None
    received: str | None
    digest: str
    qr: str


class SamplingFacts(TypedDict):
    """sampling.html.j2: one sample."""

    authority: str
    no: str
    subject: Subject
    visit_no: str
    day: str
    officers: list[Officer]
    name: str
    number: str
    quantity: str
    laboratory: str | None
    note: str | None
    photos: int
    receiver: Signature | None
    received: str | None
    digest: str
    qr: str


class Turn(TypedDict):
    """A question of the inspectors and its answer."""

    ask: str
    answer: str | None


class Person(TypedDict):
    """Who was spoken to on site."""

    name: str | None
    role: str | None
    id_no: str | None
    phone: str | None
    strokes: Strokes | None


class TranscriptFacts(TypedDict):
    """transcript.html.j2."""

    authority: str
    no: str
    visit_no: str
    subject: Subject
    licence: str | None
    day: str
    start: str | None
    end: str | None
    place: str | None
    officers: list[Officer]
    recorder: str | None
    person: Person
    opening: list[Turn]  # credentials, rights, recusal, each with the answer
    facts: list[str]
    coercive: str | None
    statement: str | None
    checked: str | None  # what the person wrote at the end: 以上笔录我已看过，与我说的一致
    refusal: str | None
    witness: Signature | None
    digest: str
    qr: str
