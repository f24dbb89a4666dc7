"""Does everything that is kept still fit together? Rebuilds what can be rebuilt and compares (`onevisit check`)."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app
from sqlalchemy import select

from onevisit.accounts.models import Device
from onevisit.accounts.rules import public_key_of
from onevisit.config import Config
from onevisit.core.canonical import sha256_hex
from onevisit.core.db import db
from onevisit.core.trail import broken_links
from onevisit.evidence.models import EvidenceFile
from onevisit.evidence.queries import is_intact
from onevisit.visits.bundles import signed_text, verify_p1363
from onevisit.visits.models import KeptBundle, SignedManifest, StoredOperation, VisitState
from onevisit.visits.record import places_of, state_of
from onevisit.visits.server_log import server_spki


def check_everything() -> dict[str, Any]:
    """What does not fit, by kind; `ok` when nothing is named."""
    visits = list(
        db.session.scalars(select(StoredOperation.visit_id).distinct().order_by(StoredOperation.visit_id))
    )
    found: dict[str, Any] = {
        "states_differ": [visit_id for visit_id in visits if not _is_same_state(visit_id)],
        "logs_broken": [place for visit_id in visits for place in _broken_places(visit_id)],
        "signatures_false": _false_signatures(),
        "manifests_changed": _changed_manifests(),
        "files_missing_or_changed": _lost_files(),
        "trail_broken_at": broken_links(),
    }
    return {"ok": not any(found.values()), "visits": len(visits), **found}


def _is_same_state(visit_id: str) -> bool:
    kept = db.session.scalars(select(VisitState.state).where(VisitState.visit_id == visit_id)).first()
    return kept is not None and json.loads(kept) == state_of(places_of(visit_id))


def _broken_places(visit_id: str) -> list[str]:
    """Places whose bytes have another hash, or do not follow the one before."""
    rows = db.session.execute(
        select(StoredOperation.device_id, StoredOperation.seq, StoredOperation.hash, StoredOperation.raw)
        .where(StoredOperation.visit_id == visit_id)
        .order_by(StoredOperation.device_id, StoredOperation.seq)
    )
    broken, device, before = [], None, (0, None)
    for row in rows:
        if row.device_id != device:
            device, before = row.device_id, (0, None)
        value = json.loads(row.raw)
        cut = "cut" in value  # too large to keep whole: only its place is known
        follows = row.seq == before[0] + 1 and value["prev"] == before[1]
        if not follows or (not cut and sha256_hex(row.raw) != row.hash):
            broken.append(f"{visit_id}/{row.device_id}/{row.seq}")
        before = (row.seq, row.hash)
    return broken


def _false_signatures() -> list[str]:
    config: Config = current_app.config["ONEVISIT"]
    keys: dict[str, bytes] = {
        device.id: public_key_of(device.public_key).public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        for device in db.session.scalars(select(Device))
    }
    wrong = []
    for one in db.session.scalars(select(KeptBundle).order_by(KeptBundle.id)):
        own = one.device_id.startswith("server:")
        key = server_spki(config.secret) if own else keys.get(one.device_id, b"")
        text = signed_text(one.device_id, one.visit_id, one.first, one.last, one.last_hash)
        if not verify_p1363(key, text.encode(), one.signature):
            wrong.append(one.id)
    return wrong


def _changed_manifests() -> list[str]:
    rows = db.session.execute(
        select(SignedManifest.operation_id, SignedManifest.digest, SignedManifest.manifest)
    )
    return [row.operation_id for row in rows if sha256_hex(row.manifest.encode()) != row.digest]


def _lost_files() -> list[str]:
    stored = select(EvidenceFile).where(EvidenceFile.stored_at.is_not(None)).order_by(EvidenceFile.hash)
    return [f"{file.visit_id}/{file.hash}" for file in db.session.scalars(stored) if not is_intact(file)]
