"""Which pictures are printed, and why is one not there? Reduced from the stored originals, never the originals."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PIL import Image, ImageOps

from onevisit.core import storage
from onevisit.evidence.models import EvidenceFile
from onevisit.evidence.pictures import FORMATS
from onevisit.evidence.queries import file_of
from onevisit.papers.drawing import draw

Json = Mapping[str, Any]
PRINTED_EDGE = 1024


def drawn_on(markings: Iterable[Json], hash_: str) -> list[Json]:
    """What was drawn over a photo, in the order it was drawn."""
    return [shape for one in markings if one["photo"] == hash_ for shape in one["shapes"]]


def printed(visit_id: str, hash_: str, shapes: Sequence[Json] = ()) -> bytes | None:
    """The picture as it is printed; None while the original is not here, or is no picture."""
    file = file_of(visit_id, hash_)
    if file is None or file.stored_at is None:
        return None
    try:
        return reduced(storage.get(storage.key_of(hash_)), shapes)
    except (OSError, ValueError):
        return None


def reduced(content: bytes, shapes: Sequence[Json] = ()) -> bytes:
    """At most 1024 px, upright, without the original's metadata; the same picture gives the same bytes."""
    return jpeg(draw(upright(content, PRINTED_EDGE), shapes), 80)


def upright(content: bytes, edge: int) -> Image.Image:
    """The picture at most so large, as one holds it, without transparency and metadata."""
    with Image.open(io.BytesIO(content), formats=list(FORMATS)) as picture:
        picture.draft("RGB", (edge * 2, edge * 2))
        turned = ImageOps.exif_transpose(picture)
        turned.thumbnail((edge, edge))
        flat = Image.new("RGB", turned.size, "white")
        layer = turned.convert("RGBA")
        flat.paste(layer, mask=layer.getchannel("A"))
    return flat


def jpeg(picture: Image.Image, quality: int) -> bytes:
    """The bytes of a derivative."""
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality, optimize=True)
    return kept.getvalue()


def why_absent(file: EvidenceFile | None, by: str) -> str:
    """Where the picture is."""
    if file is not None and file.stored_at is not None:
        return "原图已留存，无法缩印"
    return f"原图在{by}的手机里，尚未传到"
