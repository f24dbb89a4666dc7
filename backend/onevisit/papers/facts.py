"""What does each paper say? The facts of every template, plain values only.

A fact that does not exist is None (or an empty list) and is printed as a stroke ／; a missing key is a
mistake and fails. Times and dates come written out in Chinese, numbers masked by whoever knows for whom.
"""

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


# ---- record 部门联合抽查情况记录表


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


# ---- notice 检查告知书


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


# ---- order 责令改正通知书


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


# ---- the other letters of measures: stop, urge, advice


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


# ---- evidence taken along 提取证据清单, sampling 抽样单


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


# ---- transcript 现场笔录


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


# ---- certificate 抽取证明


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


# ---- dispatch 派发单


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


# ---- announcement 结果公告


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


# ---- guide 随机抽查工作指引


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


# ---- annex 计划表，随通知印发


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


# ---- scheme 抽查方案


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
