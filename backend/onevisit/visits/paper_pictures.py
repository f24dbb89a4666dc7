"""Which pictures are printed, and why is one not there? Reduced from the stored originals, never the originals."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from onevisit.core import storage
from onevisit.evidence.models import EvidenceFile
from onevisit.evidence.pictures import FORMATS
from onevisit.evidence.queries import file_of

PRINTED_EDGE = 1024


def printed(visit_id: str, hash_: str) -> bytes | None:
    """The picture as it is printed; None while the original is not here, or is no picture."""
    file = file_of(visit_id, hash_)
    if file is None or file.stored_at is None:
        return None
    try:
        return reduced(storage.get(storage.key_of(hash_)))
    except (OSError, ValueError):
        return None


def reduced(content: bytes) -> bytes:
    """At most 1024 px, upright, without the original's metadata; the same picture gives the same bytes."""
    with Image.open(io.BytesIO(content), formats=list(FORMATS)) as picture:
        picture.draft("RGB", (PRINTED_EDGE * 2, PRINTED_EDGE * 2))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((PRINTED_EDGE, PRINTED_EDGE))
        flat = Image.new("RGB", upright.size, "white")
        layer = upright.convert("RGBA")
        flat.paste(layer, mask=layer.getchannel("A"))
    kept = io.BytesIO()
    flat.save(kept, "JPEG", quality=80, optimize=True)
    return kept.getvalue()


def why_absent(file: EvidenceFile | None, by: str) -> str:
    """Where the picture is."""
    if file is not None and file.stored_at is not None:
        return "原图已留存，无法缩印"
    return f"原图在{by}的手机里，尚未传到"
