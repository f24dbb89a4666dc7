"""What does a copy of a photo say about itself? Marks, and at its foot time, place, inspector and item; the original stays as it is."""

from __future__ import annotations

from typing import Any

from onevisit.core import storage
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.dispatches.models import Visit
from onevisit.evidence.queries import file_to_see
from onevisit.items.models import Item
from onevisit.papers.drawing import draw, watermark
from onevisit.subjects.models import Subject
from onevisit.visits.paper_pictures import drawn_on, jpeg, upright
from onevisit.visits.paper_source import named
from onevisit.visits.queries import state_of_visit

Json = dict[str, Any]
COPY_EDGE = 2048


def copy_of(actor: Any, visit: Visit, operation_id: str) -> bytes:
    """The photo with what was drawn over it and a foot, for handing on."""
    record, photo = _found(visit.id, operation_id)
    file_to_see(actor, visit.id, photo["hash"])
    picture = upright(storage.get(storage.key_of(photo["hash"])), COPY_EDGE)
    draw(picture, drawn_on(record.get("markings", []), photo["hash"]))
    return jpeg(
        watermark(picture, foot_lines(photo, named(photo["by"])["name"], *_about(visit, record, photo))), 85
    )


def _found(visit_id: str, operation_id: str) -> tuple[Json, Json]:
    for part in state_of_visit(visit_id)["parts"].values():
        for photo in part["record"]["photos"]:
            if photo["id"] == operation_id:
                return part["record"], photo
    raise not_found("照片")


def _about(visit: Visit, record: Json, photo: Json) -> tuple[str, str | None]:
    subject = db.session.get_one(Subject, visit.subject_id)
    if photo["item"] is None:
        return subject.name, None
    added = record["items"].get(photo["item"])
    item = db.session.get(Item, photo["item"])
    return subject.name, added["name"] if added else item.name if item else None


def foot_lines(photo: Json, by: str, subject: str, item: str | None) -> list[str]:
    """The same lines as on the phone (pwa/src/features/photos/footLines.ts)."""
    taken, at = photo["taken_at"], photo["position"]
    where = "没有位置"
    if at:
        sure = f"（±{photo['accuracy_m']} 米）" if photo["accuracy_m"] is not None else ""
        where = f"{_degrees(at['lat_e7'], '北纬', '南纬')}，{_degrees(at['lon_e7'], '东经', '西经')}{sure}"
    lines = [f"{taken[:10]} {taken[11:19]}　{by}", where, "　".join(filter(None, (subject, item)))]
    return [*lines, *filter(None, [photo["caption"]]), f"原图 {photo['hash'][:16]}"]


def _degrees(e7: int, above: str, below: str) -> str:
    return f"{below if e7 < 0 else above} {abs(e7) / 1e7:.5f}°"
