"""What does a phone hold of a visit, and what does the server promise to send it? The visit package.

A package is plain JSON without floats (degrees are integers x 10^7), one per visit, and the only thing
besides the operations that the fold's readers (gaps, progress, manifest) need. `id` of an item is unique
within the visit; `id` of an entry is unique within its item. Twin: pwa/src/rules/package.ts.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Named(TypedDict):
    """An id with the name people read."""

    id: str
    name: str


class Coded(TypedDict):
    """A code with the label people read."""

    code: str
    label: str


class Position(TypedDict):
    """WGS 84 degrees x 10^7."""

    lat_e7: int
    lon_e7: int


class TaskOf(TypedDict):
    """The 抽查任务 this visit belongs to; a merged visit names the first and lists all in `tasks`."""

    id: str
    no: str
    name: str
    plan_name: str
    seq: int | None
    sensitive: bool


class Licence(TypedDict):
    """A licence of the subject as the libraries know it."""

    name: str
    no: str | None
    valid_to: str | None


class Responsible(TypedDict):
    """责任主体 of a product, project, site or behaviour: notified, signs, and the result stands under its name."""

    id: str
    name: str
    credit_code: str | None
    address: str


class SubjectOf(TypedDict):
    """The 检查对象; persons and phones are the responsible party's where there is one."""

    id: str
    name: str
    credit_code: str | None
    kind: str
    address: str
    legal_representative: str | None
    phone: str | None
    contact: str | None
    contact_phone: str | None
    risk: str | None
    position: Position | None
    licences: list[Licence]
    responsible: NotRequired[Responsible]


class EarlierVisit(TypedDict):
    """An earlier check of the same subject."""

    day: str
    task: str
    outcome_labels: list[str]
    department: str | None


class PrecheckFact(TypedDict):
    """A fact to be compared on site; `warn` is a sentence or null."""

    key: str
    label: str
    value: str
    warn: str | None


EntryIs = TypedDict("EntryIs", {"entry": str, "is": str | list[str]})


class Limits(TypedDict):
    """Between which decimal texts a measured number is 合格; null: no limit on that side."""

    min: str | None
    max: str | None


class ChecklistEntry(TypedDict):
    """One 检查内容; `condition`: it is only asked if an earlier entry of the item was answered or judged so.

    `limits` stands only at numbers that have some, so that older checklists keep their digests.
    """

    id: str
    no: str
    text: str
    answer: Literal["pass_fail", "number", "text", "choice", "date"]
    unit: str | None
    choices: list[str]
    required: bool
    content: str | None
    method: str | None
    basis: str | None
    evidence: Literal["none", "photo_on_fail", "photo"]
    phrases: list[str]
    condition: EntryIs | None
    limits: NotRequired[Limits]


class ChecklistOf(TypedDict):
    """A pinned checklist version; `hash` is the digest of its entries."""

    id: str
    version: int
    hash: str
    entries: list[ChecklistEntry]


class ItemOf(TypedDict):
    """An 抽查事项 of a part."""

    id: str
    code: str | None
    name: str
    legal_basis: str | None
    checklist: ChecklistOf


class TeamMember(TypedDict):
    """An inspector of the team; `phone` is shown to the team only."""

    id: str
    name: str
    certificate: str | None
    department: str
    phone: NotRequired[str | None]


class PartOf(TypedDict):
    """What one department checks in this visit; `addable`: what else is on its published list and may be added on the spot."""

    department: Named
    initiating: bool
    leader: str
    team: list[TeamMember]
    items: list[ItemOf]
    addable: NotRequired[list[ItemOf]]


class Day(TypedDict):
    """A limit as the calendar sees it today; `day` null while the calendar of the year is missing."""

    day: str | None
    working_days_left: int | None
    state: str


class CalendarOf(TypedDict):
    """The published calendar: days off on weekdays, make-up days on weekends, and the years it covers."""

    holidays: list[str]
    makeup_days: list[str]
    years: list[int]


class Window(TypedDict):
    """抽查时间."""

    start: str
    end: str


class Scheduled(TypedDict):
    """When the leader means to go."""

    day: str
    time: str | None


class SubjectMark(TypedDict):
    """Which marks the region's profile demands of the subject."""

    required: list[Literal["signature", "stamp"]]
    combination: Literal["all", "either"]
    source: str | None


class SignerRoles(TypedDict):
    """As whom the subject's side may sign; others sign as `other_person` and are named as such."""

    roles: list[str]
    source: str | None


class InspectorsMark(TypedDict):
    """How many inspectors of each department sign."""

    min_per_department: int
    source: str | None


class OnSite(TypedDict):
    """Whether this visit (subject's risk class counted in by the server) must be done on site; else, how many
    inspectors of a department sign (S0)."""

    required: bool
    source: str | None
    signers: NotRequired[int]
    signers_source: NotRequired[str | None]


class OutcomeCodes(TypedDict):
    """The results to choose from."""

    codes: list[Coded]
    source: str | None


class ProfileOf(TypedDict):
    """The rule profile as far as the visit needs it; `source`: the notice's sentence, null = our default."""

    subject_mark: SubjectMark
    signers: SignerRoles
    inspectors_mark: InspectorsMark
    check_on_site: OnSite
    outcomes: OutcomeCodes
    remedies: NotRequired[str]
    """The region's own words on rights against an order; without them the usual ones stand."""


class NoticeOf(TypedDict):
    """The 检查告知书, if there is one: how it was delivered, read and answered, what to prepare, how many items it keeps back."""

    no: str | None
    delivered_at: str | None
    way: str | None
    receiver: str | None
    papers_to_prepare: list[str]
    announced: bool
    kept_back: NotRequired[int]
    read_at: NotRequired[str | None]
    read_by: NotRequired[str | None]
    proposal: NotRequired[str | None]


class Todo(TypedDict):
    """Something a person owes to this visit, e.g. a returned item."""

    id: str
    kind: str
    part: str | None
    item: str | None
    operation: str | None
    text: str
    due_day: str | None


class VisitPackage(TypedDict):
    """Everything a phone needs of a visit without a network."""

    id: str
    visit_no: str
    task: TaskOf
    tasks: NotRequired[list[TaskOf]]
    region: Named
    issuer: str
    form_name: NotRequired[str]
    subject: SubjectOf
    methods: list[Coded]
    year_count: int
    cap: int | None
    history: list[EarlierVisit]
    precheck: list[PrecheckFact]
    parts: list[PartOf]
    leader: str
    window: Window
    due: Day | None
    calendar: NotRequired[CalendarOf]
    scheduled: Scheduled | None
    profile: ProfileOf
    notice: NoticeOf | None
    todos: list[Todo]


State = dict[str, Any]
