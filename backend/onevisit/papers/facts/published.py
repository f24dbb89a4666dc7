"""What do the papers for everybody say: announced results, guides, annexes of a plan?"""

from typing import TypedDict

from onevisit.papers.facts.people import Contact, Task


class Result(TypedDict):
    """One published result: the allow-listed fields only."""

    subject: str
    code: str
    visit_no: str | None
    departments: list[str]
    item: str
    day: str
    outcome: str


class AnnouncementFacts(TypedDict):
    """announcement.html.j2."""

    issuer: str
    no: str
    title: str
    task: Task
    period: str
    counts: list[tuple[str, int]]
    subjects: int
    withheld: int
    withheld_why: str | None
    results: list[Result]
    complaints: str | None
    contact: Contact
    issued_by: str
    issued: str
    digest: str
    qr: str


class GuideEntry(TypedDict):
    """One 检查内容 as the guide prints it."""

    no: str
    text: str
    content: str | None
    method: str | None
    basis: str | None
    form: str
    evidence: str | None
    condition: str | None


class GuideItem(TypedDict):
    """An item with its checklist; `warnings` name bases that were amended or repealed."""

    n: str
    anchor: str
    code: str
    name: str
    body: str | None
    tier: str
    category: str | None
    subjects: str | None
    superior: str | None
    speciality: str | None
    together: str | None
    basis: str | None
    version: int
    warnings: list[str]
    entries: list[GuideEntry]


class GuideFacts(TypedDict):
    """guide.html.j2."""

    region: str
    department: str
    made_up: bool
    count: int
    entries: int
    day: str
    items: list[GuideItem]
    phone: str | None
    digest: str


class AnnexPart(TypedDict):
    """One department's items within a row."""

    department: str
    items: list[str]


class AnnexRow(TypedDict):
    """A row of the plan, or a piece of a long one; `struck` says why a withdrawn one no longer holds."""

    seq: int | None
    field: str | None
    name: str
    lead: str | None
    scope: str | None
    ratio: str | None
    window: str | None
    methods: str | None
    origin: str | None
    parts: list[AnnexPart]
    continued: bool
    struck: str | None


class ListedItem(TypedDict):
    """An item of the plan with the rows that check it; `n` counts through the whole list."""

    n: int
    department: str
    item: str
    legal_basis: str | None
    rows: str


class AnnexFacts(TypedDict):
    """annex.html.j2; `joint` has a column of cooperating departments, `items` are grouped by department."""

    issuer: str
    document_no: str | None
    label: str
    title: str
    joint: bool
    rows: list[AnnexRow]
    items: list[ListedItem]
    notes: list[str]
    draft: bool
    version: int
    issued_by: str
    issued: str | None
    digest: str
