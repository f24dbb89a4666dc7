"""What does the certificate of a draw say?"""

from typing import TypedDict

from onevisit.papers.facts.people import Task
from onevisit.papers.strokes import Strokes


class Host(TypedDict):
    """A person of the draw and whom he stands for."""

    name: str
    of: str | None
    strokes: Strokes | None


class Source(TypedDict):
    """One source of randomness; without commitment it is a public result."""

    who: str
    value: str
    commitment: str | None


class Pool(TypedDict):
    """A frozen list: how many, and the root of its tree."""

    count: int
    root: str


class Quota(TypedDict):
    """How many of one risk class are due; ratios as text."""

    risk: str
    count: int
    multiplier: str
    ratio: str
    weight: str
    share: str
    quota: int


class Selected(TypedDict):
    """One drawn subject, without a name."""

    risk: str
    leaf: str
    ticket: str
    visit_no: str | None


class RestsOn(TypedDict):
    """The draw whose visits an inspectors' draw fills."""

    no: str
    commit: str
    visits: int


class Chosen(TypedDict):
    """Who was drawn for a visit, by leaf: a person's name is no part of what is published."""

    leaf: str
    department: str
    inspectors: list[str]


class CertificateFacts(TypedDict):
    """certificate.html.j2."""

    issuer: str
    no: str
    task: Task
    draw: str
    of: str
    rests_on: RestsOn | None
    when: str
    where: str | None
    scope: str
    ratio_raw: str
    ratio: str
    how: str
    resulting: str | None
    pool: Pool | None
    excluded: Pool | None
    excluded_why: str | None
    inspectors: Pool | None
    changes: str | None
    commit_hash: str
    committed: str
    closes: str
    sources: list[Source]
    key: str
    quotas: list[Quota]
    weights: str
    total: int
    selected: list[Selected]
    thresholds: list[tuple[str, str]]
    matching: str | None
    teams: list[Chosen]
    people: str
    rule: str
    voided: int
    host: Host
    parties: list[Host]
    issued_by: str
    issued: str
    digest: str
    qr: str
