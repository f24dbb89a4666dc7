"""When is the record of a visit printed, sealed and entered among the papers? Once for every state of its signed facts.

The token of a paper follows from what it is made of, so that work done twice finds its own paper again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from flask import current_app
from sqlalchemy import select

from onevisit.config import Config
from onevisit.core import clock, trail
from onevisit.core.canonical import digest as digest_of
from onevisit.core.db import db, transaction
from onevisit.core.sealed import mac_text
from onevisit.core.trail import TrailEntry
from onevisit.evidence.queries import file_of
from onevisit.papers.issued import IssuedPaper, find_by_token, genuine_url, issue, next_number
from onevisit.papers.render import Metadata, render_pdf
from onevisit.papers.rules import facts_digest
from onevisit.papers.seal import current_sealer
from onevisit.papers.terms import PAPER_LABELS, PaperKind
from onevisit.regions.queries import region_of
from onevisit.visits.models import SignedManifest
from onevisit.visits.paper import record_facts
from onevisit.visits.paper_letters import (
    KIND_OF,
    letter_facts,
    letters_of,
    order_facts,
    orders_of,
    samples_of,
    sampling_facts,
    taken_facts,
    taken_of,
    transcript_facts,
    transcripts_of,
)
from onevisit.visits.paper_source import Signed, signed_of
from onevisit.visits.queries import missing_files, state_of_visit

Json = dict[str, Any]
PREFIXES = {
    PaperKind.STOP: "双随责停",
    PaperKind.URGE: "双随督改",
    PaperKind.ADVICE: "双随提建",
    PaperKind.TAKEN: "双随证单",
}
Facts = Callable[[str, str], Mapping[str, Any]]  # number, link of the QR -> the facts


def print_record(entry: TrailEntry) -> None:
    """Follows what changes a locked record (confirmed, submitted, supplemented, accepted, last photo here)."""
    visit_id = str(entry.facts.get("visit") or entry.object_id)
    for row in locking_rows(visit_id):
        if entry.event == "file.stored" and any(missing_files(visit_id, part) for part in row.parts):
            continue
        _print_one(signed_of(row))
        _print_letters(row)


def locking_rows(visit_id: str) -> Sequence[SignedManifest]:
    """The confirmations and supplements that hold parts now, in the order of signing."""
    parts = state_of_visit(visit_id)["parts"].values()
    ids = {there["lock"]["confirmation"] for there in parts if there["lock"]}
    rows = (
        select(SignedManifest)
        .where(SignedManifest.operation_id.in_(ids))
        .order_by(SignedManifest.operation_id)
    )
    return db.session.scalars(rows).all()


def _print_one(signed: Signed) -> None:
    issuer = signed.manifest["header"]["issuer"]
    _issue_once(
        PaperKind.RECORD, signed, [signed.row.digest, *_made_of(signed)], issuer, _record_number(signed),
        lambda number, qr: record_facts(signed, number, qr), signed.row.digest,
    )  # fmt: skip


def _print_letters(row: SignedManifest) -> None:
    """Each letter is dated and signed as it was first handed over; a supplement adds only what is new in it."""
    known: set[str] = set()
    for signed in _chain(row):
        _print_orders(signed, known)
        _print_transcripts(signed, known)
        _print_gathered(signed, known)


def _chain(row: SignedManifest) -> list[Signed]:
    """The confirmation that locked these parts, then the supplements up to this one."""
    parts = state_of_visit(row.visit_id)["parts"]
    ids = {link for part in row.parts for link in parts[part]["lock"]["chain"]}
    rows = (
        select(SignedManifest)
        .where(SignedManifest.operation_id.in_(ids))
        .order_by(SignedManifest.operation_id)
    )
    return [signed_of(one) for one in db.session.scalars(rows)]


def _print_orders(signed: Signed, known: set[str]) -> None:
    place = _place(signed)
    for part, order in orders_of(signed):
        if order["id"] in known:
            continue
        known.add(order["id"])
        given = order["number"] or _number_of(PaperKind.ORDER, f"{place}双随责改", signed, [order["id"]])
        _issue_once(
            PaperKind.ORDER, signed, [order["id"], *sorted(signed.signs)], part["department"]["name"], given,
            lambda number, qr, part=part, order=order: order_facts(signed, part, order, number, qr),  # type: ignore[misc]
        )  # fmt: skip


def _print_gathered(signed: Signed, known: set[str]) -> None:
    """The other measures, the lists of evidence taken along, the sampling forms."""
    place = _place(signed)
    for part, one in letters_of(signed):
        kind = KIND_OF[one["kind"]]
        if one["id"] in known:
            continue
        known.add(one["id"])
        given = one["number"] or _number_of(kind, f"{place}{PREFIXES[kind]}", signed, [one["id"]])
        _issue_once(
            kind, signed, [one["id"], *sorted(signed.signs)], part["department"]["name"], given,
            lambda number, qr, part=part, one=one: letter_facts(signed, part, one, number, qr),  # type: ignore[misc]
        )  # fmt: skip
    for part in taken_of(signed):
        name = part["department"]["id"]
        if (content := f"taken/{name}{digest_of(part['record']['evidence'])}") in known:
            continue
        known.add(content)
        given = _number_of(PaperKind.TAKEN, f"{place}{PREFIXES[PaperKind.TAKEN]}", signed, [name])
        _issue_once(
            PaperKind.TAKEN, signed, [content, *sorted(signed.signs)], part["department"]["name"], given,
            lambda number, qr, part=part: taken_facts(signed, part, number, qr),  # type: ignore[misc]
        )  # fmt: skip
    for part, one in samples_of(signed):
        if one["id"] in known:
            continue
        known.add(one["id"])
        _issue_once(
            PaperKind.SAMPLING, signed, [one["id"], *sorted(signed.signs)], part["department"]["name"], one["number"],
            lambda number, qr, part=part, one=one: sampling_facts(signed, part, one, number, qr),  # type: ignore[misc]
        )  # fmt: skip


def _print_transcripts(signed: Signed, known: set[str]) -> None:
    place = _place(signed)
    for part in transcripts_of(signed):
        name = part["department"]["id"]
        if (content := f"{name}{digest_of(part['record']['transcript'])}") in known:
            continue
        known.add(content)
        given = _number_of(PaperKind.TRANSCRIPT, f"{place}双随笔录", signed, [name])
        _issue_once(
            PaperKind.TRANSCRIPT, signed, [name, signed.row.digest, *sorted(signed.signs)], part["department"]["name"],
            given, lambda number, qr, part=part: transcript_facts(signed, part, number, qr),  # type: ignore[misc]
        )  # fmt: skip


def _made_of(signed: Signed) -> list[str]:
    """What a record's paper shows beside its manifest: signatures, changes, pictures that are here."""
    parts = [part["department"]["id"] for part in signed.manifest["parts"]]
    changes = [
        one["id"] + (one["signed_in"] or "")
        for part in parts
        for one in signed.state["parts"][part]["amendments"]
    ]
    stamp = signed.body["marks"]["stamp"]
    hashes = [photo["hash"] for _, _, photo in signed.photos()] + ([stamp["photo_hash"]] if stamp else [])
    return [*sorted(one.id for one in signed.signs.values()), *changes, *_here(signed.visit.id, hashes)]


def _here(visit_id: str, hashes: Iterable[str]) -> list[str]:
    return [
        one for one in hashes if (file := file_of(visit_id, one)) is not None and file.stored_at is not None
    ]


def _issue_once(
    kind: PaperKind,
    signed: Signed,
    made_of: list[str],
    issuer: str,
    number: str,
    facts: Facts,
    digest: str | None = None,
) -> None:
    """Render outside of a transaction (it takes seconds), enter the paper inside one."""
    token = _token(kind, signed.visit.id, made_of)
    if find_by_token(token):
        return
    config: Config = current_app.config["ONEVISIT"]
    said = dict(facts(number, genuine_url(config.public_url, token)))
    said["digest"] = digest = digest or facts_digest(said)
    metadata = Metadata(PAPER_LABELS[kind], issuer, clock.now(), digest, number)
    pdf = current_sealer().seal(render_pdf(kind.value, said, metadata=metadata))
    with transaction():
        paper = issue(
            kind,
            "visit",
            signed.visit.id,
            number=number,
            digest=digest,
            pdf=pdf,
            sealed=True,
            token=token,
            issuer=issuer,
        )
        trail.record(
            "paper.issued", "visit", signed.visit.id, region_id=signed.visit.region_id, paper=paper.id, kind=kind.value,
            number=number, digest=digest,
        )  # fmt: skip


def _token(kind: PaperKind, visit_id: str, made_of: list[str]) -> str:
    return mac_text("paper-token", [kind.value, visit_id, *made_of])


def _place(signed: Signed) -> str:
    """贵南 of 贵南县, as numbers are headed."""
    name = region_of(signed.visit.region_id).name
    return name.rstrip("县市区旗") if len(name) > 2 else name


def _record_number(signed: Signed) -> str:
    """A record keeps its number through supplements and later pictures; a later part's own confirmation gets its own."""
    parts = [part["department"]["id"] for part in signed.manifest["parts"]]
    root = min(signed.state["parts"][part]["lock"]["chain"][0] for part in parts)
    return _number_of(PaperKind.RECORD, f"{_place(signed)}双随记", signed, [root])


def _number_of(kind: PaperKind, prefix: str, signed: Signed, made_of: list[str]) -> str:
    """The number this paper had before (it may be printed again with later signatures), else the next one."""
    name = f"{kind.value}:{':'.join(made_of)}"
    earlier = db.session.scalars(
        select(TrailEntry).where(
            TrailEntry.event == "paper.numbered", TrailEntry.object_id == signed.visit.id,
        ).order_by(TrailEntry.position)
    )  # fmt: skip
    known = {str(one.facts["name"]): str(one.facts["number"]) for one in earlier}
    if name in known:
        return known[name]
    with transaction():
        number = next_number(prefix)
        trail.record(
            "paper.numbered",
            "visit",
            signed.visit.id,
            region_id=signed.visit.region_id,
            name=name,
            number=number,
        )
    return number


def papers_of_visit(visit_id: str) -> list[Json]:
    """The papers of a visit, the newest first; `current` are those that no later one replaced."""
    rows = db.session.scalars(
        select(IssuedPaper).where(IssuedPaper.subject_kind == "visit", IssuedPaper.subject_id == visit_id)
        .order_by(IssuedPaper.issued_at.desc(), IssuedPaper.id.desc())
    ).all()  # fmt: skip
    seen: set[tuple[str, str]] = set()
    found = []
    for row in rows:
        key = (row.kind, row.number)
        found.append(
            {
                "id": row.id, "kind": row.kind, "kind_label": PAPER_LABELS[PaperKind(row.kind)], "number": row.number,
                "issued_at": row.issued_at, "digest": row.digest, "short_code": row.short_code, "sealed": row.sealed,
                "current": key not in seen, "url": f"/api/papers/files/{row.id}.pdf",
                "genuine_url": genuine_url(cast(Config, current_app.config["ONEVISIT"]).public_url, row.token),
            }
        )  # fmt: skip
        seen.add(key)
    return found
