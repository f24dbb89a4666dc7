"""What is published of a draw? The commit, the bundles for public and supervision, and their signature."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self
from unicodedata import normalize

from onevisit.core.canonical import canonical, digest
from onevisit.core.problems import Problem
from onevisit.draws import merkle
from onevisit.draws.lot import FORMAT, FrozenPool, Lot, all_roots, key
from onevisit.draws.match import Matching, MatchRules
from onevisit.draws.quota import Rules, quotas
from onevisit.draws.sources import (
    Reveal,
    Source,
    refuse_bad_reveal,
    refuse_weak_reveals,
    refuse_weak_sources,
)
from onevisit.draws.terms import DrawStatus, EventKind
from onevisit.draws.verdict import Verification as Verification
from onevisit.draws.verify import CheckSignature as CheckSignature
from onevisit.draws.verify import verify as verify

Json = dict[str, Any]
Sign = Callable[[bytes], str]  # message -> signature (see signing.py)
SECRET_KEYS: Final = ("entries", "excluded", "inspectors", "pools", "ineligible", "teams")

PUBLIC_DETAILS: Final = ("visit", "department", "kind")
REASON_KEPT: Final = "理由由发起部门和监督部门保存"
SENSITIVE_SCOPE: Final = "敏感领域检查对象，范围由发起部门和监督部门保存"


@dataclass(frozen=True, slots=True)
class Changes:
    """How much the libraries changed since the previous draw (its id, None for the first)."""

    since: str | None = None
    added: int = 0
    removed: int = 0
    changed: int = 0

    def as_json(self) -> Json:
        """The `changes` of a commit."""
        return {
            "since": self.since,
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
        }


@dataclass(frozen=True, slots=True)
class Event:
    """What happened after the commit; appended, never edited. `by` are the persons' ids, never names."""

    kind: str
    at: str
    reason: str
    by: tuple[str, ...]
    detail: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> Json:
        """As it stands in a bundle."""
        return {
            "kind": str(self.kind),
            "at": self.at,
            "reason": self.reason,
            "by": list(self.by),
            "detail": dict(self.detail),
        }

    @classmethod
    def from_json(cls, event: Mapping[str, Any]) -> Self:
        """Rebuilt from a bundle."""
        return cls(event["kind"], event["at"], event["reason"], tuple(event["by"]), event["detail"])


def make_commit(
    *,
    draw: str,
    task: str,
    region: str,
    scope: str,
    pool: FrozenPool,
    rules: Rules,
    match: MatchRules,
    sources: Sequence[Source],
    closes_at: str,
    changes: Changes | None = None,
    subjects_draw: str | None = None,
) -> Json:
    """What is fixed before any reveal. With `subjects_draw` (a commit hash) only inspectors are drawn."""
    refuse_weak_sources(sources)
    if subjects_draw is None and not pool.subjects:
        raise Problem("draws.pool_empty", "排除之后没有可抽取的检查对象，不能抽取。")
    if subjects_draw is not None and (pool.subjects or pool.excluded or not pool.inspectors):
        raise Problem("draws.inspectors_draw_wrong", "单独抽取执法人员时，应有人员名单，不应再有检查对象。")
    commit: Json = {
        "format": FORMAT,
        "draw": draw,
        "task": task,
        "region": region,
        "scope": normalize("NFC", scope),
        "pool": _pool_json(pool, rules),
        "excluded": {
            "root": merkle.root(pool.excluded.leaves()),
            "count": len(pool.excluded),
            "reasons": [
                {"reason": reason, "count": count}
                for reason, count in sorted(pool.excluded.reasons().items())
            ],
        },
        "inspectors": {
            "root": merkle.root(pool.inspectors.leaves()),
            "count": len(pool.inspectors),
        },
        "match": match.as_json(),
        "changes": (changes or Changes()).as_json(),
        "rules": rules.as_json(),
        "sources": [source.as_json() for source in sources],
        "closes_at": closes_at,
    }
    return commit if subjects_draw is None else {**commit, "subjects_draw": subjects_draw}


def commit_hash(commit: Mapping[str, Any]) -> str:
    """The hash that is published, printed and kept by every party before any reveal."""
    return digest(dict(commit))


def draw_key(commit: Mapping[str, Any], reveals: Sequence[Reveal]) -> bytes:
    """The key, after every reveal was held against its commitment."""
    sources = [Source.from_json(source) for source in commit["sources"]]
    refuse_weak_reveals(sources, reveals)
    for source, reveal in zip(sources, reveals, strict=True):
        refuse_bad_reveal(commit["draw"], source, reveal.value)
    return key(commit_hash(commit), [(reveal.id, reveal.value) for reveal in reveals])


def full_bundle(
    commit: Mapping[str, Any],
    reveals: Sequence[Reveal],
    pool: FrozenPool,
    lot: Lot,
    matching: Matching | None = None,
    events: Iterable[Event] = (),
) -> Json:
    """Everything, for supervision; `matching` is None where no inspectors are frozen in this draw."""
    outline = drawn_outline(commit, reveals, lot, matching, events)
    return {**outline, "leaves": lot.leaves_json(), **pool.as_json()}


def drawn_outline(
    commit: Mapping[str, Any],
    reveals: Sequence[Reveal],
    lot: Lot,
    matching: Matching | None = None,
    events: Iterable[Event] = (),
) -> Json:
    """The full bundle with null for the long lists: they are written from what was frozen (see writing.py)."""
    if (matching is None) == bool(commit["inspectors"]["count"]):
        raise Problem("draws.matching_missing", "冻结了执法人员名单就应当匹配，没有冻结则不能匹配。")
    matched = matching.as_json() if matching else {}
    return {
        "format": FORMAT,
        "status": DrawStatus.DRAWN.value,
        "commit": dict(commit),
        "commit_hash": commit_hash(commit),
        "sources": [reveal.as_json() for reveal in reveals],
        "key": draw_key(commit, reveals).hex(),
        "leaves": None,
        "selected": lot.selected,
        "thresholds": lot.thresholds,
        "shortfalls": [],
        "events": [event.as_json() for event in events],
        **dict.fromkeys(("entries", "excluded", "inspectors")),
        **matched,
    }


def voided_bundle(
    commit: Mapping[str, Any],
    reveals: Sequence[Reveal],
    pool: FrozenPool,
    events: Sequence[Event],
) -> Json:
    """A draw that was given up: what was committed stays visible, with the reason and two persons."""
    leaves = [
        {"leaf": leaf, "risk": risk, "ticket": None}
        for leaf, risk in zip(pool.subjects.leaves(), pool.subjects.codes.decode(), strict=True)
    ]
    return {**voided_outline(commit, reveals, events), "leaves": leaves, **pool.as_json()}


def voided_outline(commit: Mapping[str, Any], reveals: Sequence[Reveal], events: Sequence[Event]) -> Json:
    """The same with null for the long lists."""
    voidings = [event for event in events if event.kind == EventKind.VOIDED]
    if not any(event.reason.strip() and len(set(event.by)) > 1 for event in voidings):
        raise Problem("draws.void_unfounded", "作废必须写明理由，并由两人确认。")
    return {
        "format": FORMAT,
        "status": DrawStatus.VOIDED.value,
        "commit": dict(commit),
        "commit_hash": commit_hash(commit),
        "sources": [reveal.as_json() for reveal in reveals],
        "key": None,
        "leaves": None,
        "selected": [],
        "thresholds": {},
        "shortfalls": [],
        "events": [event.as_json() for event in events],
        **dict.fromkeys(("entries", "excluded", "inspectors")),
    }


def public_bundle(full: Mapping[str, Any], sensitive: bool = False) -> Json:
    """What everybody may have: no names, no salts, no teams; unsigned, because its content is another.

    A typed reason may name somebody, so only why a draw was given up is public, and of a sensitive task (arms,
    explosives, poisons) not even that; the full bundle has every word.
    """
    public = {member: value for member, value in full.items() if member not in (*SECRET_KEYS, "signature")}
    return {**public, "events": [_public_event(event, sensitive) for event in full["events"]]}


def _public_event(event: Mapping[str, Any], sensitive: bool) -> Json:
    told = event["kind"] == EventKind.VOIDED and not sensitive
    return {
        **event,
        "reason": event["reason"] if told else REASON_KEPT,
        "detail": {name: value for name, value in event["detail"].items() if name in PUBLIC_DETAILS},
    }


def with_event(bundle: Mapping[str, Any], event: Event) -> Json:
    """The bundle with one more event; unsigned until it is signed anew."""
    return {**unsigned_of(bundle), "events": [*bundle["events"], event.as_json()]}


def signed(bundle: Mapping[str, Any], kid: str, sign: Sign) -> Json:
    """The bundle with the server's signature over everything else in it."""
    unsigned = unsigned_of(bundle)
    return {**unsigned, "signature": {"kid": kid, "sig": sign(canonical(unsigned))}}


def unsigned_of(bundle: Mapping[str, Any]) -> Json:
    """What is signed."""
    return {member: value for member, value in bundle.items() if member != "signature"}


def _pool_json(pool: FrozenPool, rules: Rules) -> Json:
    counts = pool.counts()
    quota = quotas(rules, counts)
    root, class_roots = all_roots(pool.subjects.hashes, pool.subjects.codes)
    return {
        "root": root,
        "count": len(pool.subjects),
        "strata": [
            {"risk": risk, "count": count, "quota": quota[risk], "root": class_roots[risk]}
            for risk, count in counts.items()
        ],
    }
