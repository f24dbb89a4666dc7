"""How do facts become a sheet of paper? Jinja sets words, WeasyPrint pages; nothing comes from outside."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from flask import current_app, has_app_context
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from onevisit.papers.pictures import embedded_photo, embedded_svg
from onevisit.papers.qr import qr_svg
from onevisit.papers.rules import STROKE, numeral, short_code
from onevisit.papers.strokes import Strokes, drawn

if TYPE_CHECKING:
    from onevisit.papers.press import Press

TEMPLATES = Path(__file__).parent / "templates"
FAMILY = "OneVisit Serif"
VOID = Markup('<span class="void">') + STROKE + Markup("</span>")
Variant = Literal["pdf/a-2u", "pdf/a-2b", "pdf/a-3u"]


class OutsideResource(ValueError):
    """A document asked for something that does not lie inside it."""


@dataclass(frozen=True)
class Metadata:
    """What the file says about itself; `digest` lets a found file be compared with the kept record."""

    title: str
    author: str
    created: datetime
    digest: str
    number: str

    @property
    def keywords(self) -> str:
        """The digest where every PDF reader shows it."""
        return f"onevisit-digest:{self.digest}"

    @property
    def moment(self) -> str:
        """The time of making in W3C form, in UTC and without fractions."""
        return self.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def font_face(weight: int, file: Path) -> str:
    """The CSS rule that gives our family this file."""
    return f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; src: url("{file.as_uri()}") }}'


def render_html(template: str, facts: Mapping[str, Any], metadata: Metadata | None = None) -> str:
    """The words and pictures of a paper; a fact the template needs and does not get is an error."""
    return _words().get_template(f"{template}.html.j2").render({**facts, "metadata": metadata})


def render_pdf(
    template: str,
    facts: Mapping[str, Any],
    *,
    metadata: Metadata,
    variant: Variant | None = "pdf/a-2u",
    fonts: Path | None = None,
) -> bytes:
    """The paper as PDF/A with embedded, subset fonts; `variant` None for a plain PDF."""
    return _press(fonts or fonts_folder()).pdf(render_html(template, facts, metadata), variant)


def fonts_folder() -> Path:
    """Where unpacked fonts lie: under var of the running application, otherwise the user's own cache."""
    if has_app_context() and "ONEVISIT" in current_app.config:
        return Path(current_app.config["ONEVISIT"].var) / "cache" / "fonts"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "onevisit" / "fonts"


@cache
def _press(folder: Path) -> "Press":
    from onevisit.papers.press import (
        Press,  # 30 MB and half a second: only a process that prints carries them
    )

    return Press(folder.resolve())


@cache
def _words() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        given=given,
        cn=numeral,
        short=short_code,
        groups=groups,
        photo=embedded_photo,
        written=_written,
        qr=_qr,
    )
    return environment


def given(value: object) -> object:
    """The fact, or the stroke that says there is none and nobody can enter one later."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return VOID
    return value


def groups(text: str, size: int = 8) -> str:
    """A long digest in groups that an eye can compare."""
    return " ".join(text[at : at + size] for at in range(0, len(text), size))


def _written(strokes: Strokes) -> str:
    return embedded_svg(drawn(strokes))


def _qr(text: str, level: Literal["L", "M", "Q", "H"] = "M") -> str:
    return embedded_svg(qr_svg(text, level))
