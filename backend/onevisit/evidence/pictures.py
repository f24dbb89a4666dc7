"""Is this a picture, and what does it look like small? Judged by the bytes, never by the name."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
MOST_PIXELS = 50_000_000
THUMB_EDGE = 480


class NotAPicture(ValueError):
    """Why these bytes are kept out."""


def kind_of_picture(content: bytes) -> str:
    """The MIME type of a JPEG, PNG or WebP within the pixel limit; raises NotAPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(FORMATS)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotAPicture("too many pixels")
                kind = FORMATS[str(picture.format)]
                picture.load()
                return kind
    except NotAPicture:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(str(error)) from error
    except (OSError, ValueError, SyntaxError, IndexError, EOFError, MemoryError) as error:
        raise NotAPicture(str(error)) from error


def thumb_of(content: bytes) -> bytes:
    """A small JPEG, upright, without the original's metadata."""
    with Image.open(io.BytesIO(content), formats=list(FORMATS)) as picture:
        picture.draft("RGB", (THUMB_EDGE * 2, THUMB_EDGE * 2))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((THUMB_EDGE, THUMB_EDGE))
        flat = Image.new("RGB", upright.size, "white")
        layer = upright.convert("RGBA")
        flat.paste(layer, mask=layer.getchannel("A"))
    kept = io.BytesIO()
    flat.save(kept, "JPEG", quality=78, optimize=True)
    return kept.getvalue()
