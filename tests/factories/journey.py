"""A visit walked to where a test begins: checked, confirmed, submitted, reviewed, published. Real phones, all made up."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from onevisit.accounts.models import Account
from onevisit.core.canonical import sha256_hex
from onevisit.core.db import db
from onevisit.dispatches.models import Part
from onevisit.publications.models import Publication
from onevisit.visits.manifest import supplement_manifest
from onevisit.visits.record import places_of
from tests.factories.desk import LEAD, PARTNER
from tests.factories.people import make_account
from tests.factories.phone import RealPhone, check_part, make_phone, server_state
from tests.factories.visits import Scene, make_scene, picture
from tests.visits.phones import STROKES, confirmation

Clients = Callable[..., Any]
PEN = picture("black", (60, 30), "PNG")
PEN_HASH = sha256_hex(PEN)
SIGNED = {
    "signature": {"strokes": STROKES, "png_hash": PEN_HASH},
    "stamp": None,
    "no_stamp_reason": "公章不在现场",
}


@dataclass
class Journey:
    """A scene with the phones of both departments' first inspectors, and the desks behind them."""

    scene: Scene
    client_for: Clients
    lead: RealPhone
    partner: RealPhone
    desk: Account
    deputy: Account
    files: dict[str, dict[str, bytes]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def visit_id(self) -> str:
        """The visit."""
        return self.scene.visit.id

    def part(self, department: str = LEAD) -> Part:
        """A part as it is kept now."""
        db.session.expire_all()
        rows = select(Part).where(Part.visit_id == self.visit_id, Part.department_id == department)
        return db.session.scalars(rows).one()

    def check(self) -> None:
        """Both departments check everything and are ready."""
        check_part(self.lead, self.scene)
        check_part(self.partner, self.scene)
        self.partner.send()

    def confirm(self, **over: Any) -> dict[str, Any]:
        """The subject signs on the leader's phone, two inspectors of each department sign too."""
        self.files[self.lead.by][PEN_HASH] = self.files[self.partner.by][PEN_HASH] = PEN
        given = {"marks": SIGNED, **over}
        confirmed = self.lead.confirm(self.lead.package(), [*self.lead.log, *self.partner.log], **given)
        self.sign(self.lead, confirmed)
        self.sign(self.partner, confirmed)
        return confirmed

    def sign(self, phone: RealPhone, confirmed: dict[str, Any]) -> None:
        """An inspector signs on his own phone."""
        body = {
            "inspector": phone.by,
            "digest": confirmed["body"]["digest"],
            "strokes": STROKES,
            "png_hash": PEN_HASH,
        }
        phone.write("sign", body)

    def shoot(self, content: bytes, **over: Any) -> dict[str, Any]:
        """A photo of the leading department, in the phone until `bring`."""
        taken = self.lead.shoot(content, self.scene.items[LEAD], **over)
        self.files[self.lead.by][taken["body"]["hash"]] = content
        return taken

    def bring(self) -> None:
        """Both phones upload what they hold (tus, creation-with-upload)."""
        for phone in (self.lead, self.partner):
            for hash_, content in self.files[phone.by].items():
                answer = phone.client.post(
                    "/api/evidence/files/", data=content, headers=tus_headers(self.visit_id, hash_, content)
                )
                assert answer.status_code in (201, 409), answer.text
            self.files[phone.by].clear()

    def submit(self) -> None:
        """Both parts go to review."""
        for phone in (self.lead, self.partner):
            phone.write("submit", {"note": None, "answers_to": []})
            phone.send()

    def walk(self, photos: bool = True, **over: Any) -> Journey:
        """Checked, confirmed and submitted; `photos`: the files are uploaded too."""
        self.check()
        self.confirm(**over)
        self.submit()
        assert [self.part(one).state for one in (LEAD, PARTNER)] == ["submitted", "submitted"]
        if photos:
            self.bring()
        return self

    def accept(self, who: Account | None = None, department: str = LEAD) -> Any:
        """What the server answers to an acceptance."""
        return self.client_for(who or self.desk).post(
            f"/api/reviews/{self.visit_id}/parts/{department}/accept"
        )

    def send_back(self, item: str, reason: str = "请补一张照片", who: Account | None = None) -> Any:
        """What the server answers to a sending back of one item of the leading department."""
        url = f"/api/reviews/{self.visit_id}/parts/{LEAD}/send-back"
        return self.client_for(who or self.desk).post(url, json={"item": item, "reason": reason})

    def supplement(self) -> dict[str, Any]:
        """The subject signs what was changed."""
        made = supplement_manifest(
            self.lead.package(), server_state(self.visit_id), "2026-11-12T09:00:00+08:00"
        )  # type: ignore[arg-type]
        signed = self.lead.write("supplement", confirmation(made, marks=SIGNED), part=None)
        self.sign(self.lead, signed)
        return signed

    def operations(self) -> list[dict[str, Any]]:
        """Everything the server holds and counts."""
        return [
            one.operation.as_json()
            for one in places_of(self.visit_id)
            if one.operation and one.verdict == "applied"
        ]

    def publication(self, department: str = LEAD) -> Publication:
        """What waits for the public, or is there."""
        db.session.expire_all()
        rows = select(Publication).where(
            Publication.visit_id == self.visit_id, Publication.department_id == department
        )
        return db.session.scalars(rows).one()

    def publish(self, who: Account | None = None) -> Any:
        """What the server answers to a publication."""
        return self.client_for(who or self.desk).post(f"/api/publications/{self.publication().id}/publish")


def tus_headers(visit_id: str, hash_: str, content: bytes) -> dict[str, str]:
    """What a tus client says when it brings a whole small file at once."""
    plain = {"hash": hash_, "visit": visit_id}
    told = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in plain.items())
    return {
        "Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": told,
        "Content-Type": "application/offset+octet-stream",
    }  # fmt: skip


def make_journey(client_for: Clients, scene: Scene | None = None) -> Journey:
    """A dispatched visit with its phones."""
    scene = scene or make_scene()
    return Journey(
        scene, client_for, make_phone(scene, client_for, LEAD), make_phone(scene, client_for, PARTNER),
        make_account(["desk"], LEAD), make_account(["deputy_head"], LEAD),
    )  # fmt: skip
