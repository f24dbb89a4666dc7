"""How do marks and a watermark come over a photo? Always over a copy; the twin on the phone is local/markedPicture.ts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from onevisit.papers.faces import FACES, unpacked
from onevisit.papers.render import fonts_folder

RED, PALE, VEIL = (214, 31, 20), (255, 255, 255), (7, 9, 10)
WHOLE = 10_000  # marks are kept in ten-thousandths of width and height
VEIL_STRENGTH = 178


def draw(picture: Image.Image, shapes: Sequence[Mapping[str, Any]]) -> Image.Image:
    """Arrows, boxes and words over the picture, each with a pale edge so that it shows on any ground."""
    pen = ImageDraw.Draw(picture)
    stroke = max(3, round(max(picture.size) / 120))
    for shape in shapes:
        start, end = (_point(picture, shape, end) for end in ("1", "2"))
        if shape["kind"] == "text":
            _words(pen, picture, start, str(shape["text"] or ""))
            continue
        for colour, width in ((PALE, stroke + 4), (RED, stroke)):
            if shape["kind"] == "box":
                _box(pen, start, end, colour, width)
            else:
                _arrow(pen, start, end, colour, width, stroke * 6)
    return picture


def watermark(picture: Image.Image, lines: Sequence[str]) -> Image.Image:
    """The lines on a dark band at the foot of the picture, wrapped where they are long."""
    size = max(14, round(max(picture.size) / 48))
    font, edge = _font(size), round(size * 0.7)
    wrapped = [part for line in lines for part in _wrapped(line, font, picture.width - 2 * edge)]
    height = round(size * 1.45) * len(wrapped) + 2 * edge
    band = Image.new("RGBA", (picture.width, height), (*VEIL, VEIL_STRENGTH))
    pen = ImageDraw.Draw(band)
    for at, line in enumerate(wrapped):
        pen.text((edge, edge + round(size * 1.45) * at), line, font=font, fill=PALE)
    picture.paste(band, (0, max(0, picture.height - height)), band)
    return picture


def _point(picture: Image.Image, shape: Mapping[str, Any], end: str) -> tuple[float, float]:
    return shape[f"x{end}"] * picture.width / WHOLE, shape[f"y{end}"] * picture.height / WHOLE


def _box(
    pen: ImageDraw.ImageDraw,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: tuple[int, int, int],
    width: int,
) -> None:
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(start, end, strict=True))
    half = width / 2
    pen.rectangle((left - half, top - half, right + half, bottom + half), outline=colour, width=width)


def _arrow(
    pen: ImageDraw.ImageDraw,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: tuple[int, int, int],
    width: int,
    head: int,
) -> None:
    pen.line((start, end), fill=colour, width=width)
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    for turn in (-0.5, 0.5):
        barb = end[0] - head * math.cos(angle + turn), end[1] - head * math.sin(angle + turn)
        pen.line((end, barb), fill=colour, width=width)


def _words(pen: ImageDraw.ImageDraw, picture: Image.Image, at: tuple[float, float], text: str) -> None:
    font = _font(max(16, round(max(picture.size) / 32)))
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font)
    edge = (bottom - top) / 4
    # Words near the border stay whole.
    x = max(edge, min(at[0], picture.width - (right - left) - edge))
    y = max(edge, min(at[1], picture.height - (bottom - top) - edge))
    pen.rectangle((x - edge, y - edge, x + right - left + edge, y + bottom - top + edge), fill=PALE)
    pen.text((x - left, y - top), text, font=font, fill=RED)


def _wrapped(line: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    found, now = [], ""
    for sign in line:
        if now and font.getlength(now + sign) > width:
            found.append(now)
            now = ""
        now += sign
    return [*found, now] if now else found


def _font(size: int) -> ImageFont.FreeTypeFont:
    return _loaded(fonts_folder(), size)


@lru_cache(maxsize=64)
def _loaded(folder: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(unpacked(FACES[0], folder)), size)
