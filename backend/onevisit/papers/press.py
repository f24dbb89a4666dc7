"""What sets the pages? WeasyPrint, loaded by the first paper that a process prints; those that print nothing stay small."""

import gc
import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from weasyprint import CSS, HTML  # type: ignore[import-untyped]
from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
from weasyprint.urls import (  # type: ignore[import-untyped]
    FatalURLFetchingError,
    URLFetcher,
    URLFetcherResponse,
)

from onevisit.papers.faces import FACES, unpacked
from onevisit.papers.render import TEMPLATES, OutsideResource, Variant, font_face


class _Embedded(URLFetcher):  # type: ignore[misc]
    """Gives what the document carries itself; anything else stops the rendering."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)


class _OwnFonts(URLFetcher):  # type: ignore[misc]
    """Gives our unpacked fonts to our own style sheet, and nothing else."""

    def __init__(self, fonts: Sequence[Path]) -> None:
        super().__init__(fail_on_errors=True)
        self.fonts = {font.as_uri(): font for font in fonts}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The font file behind `url`."""
        return URLFetcherResponse(url, self.fonts[url].read_bytes())


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A document is a million small objects that all live to its end; looking for garbage costs 40 %."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Press:
    """The style sheet and the fonts, read once; Pango is not for two threads at a time."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._fonts = FontConfiguration()
        files = [unpacked(face, folder) for face in FACES]
        rules = [font_face(face.weight, file) for face, file in zip(FACES, files, strict=True)]
        style = "\n".join([*rules, (TEMPLATES / "print.css").read_text("utf-8")])
        self._style = CSS(string=style, font_config=self._fonts, url_fetcher=_OwnFonts(files))

    def pdf(self, html: str, variant: Variant | None) -> bytes:
        """The pages of `html`; the same words give the same bytes."""
        # A relative address must be refused too, so there is a base that nothing answers.
        document = HTML(string=html, base_url="https://outside.invalid/", url_fetcher=_Embedded())
        with self._lock, _without_collecting():
            try:
                written: bytes | None = document.write_pdf(
                    stylesheets=[self._style],
                    font_config=self._fonts,
                    pdf_variant=variant,
                    pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
                )
            except FatalURLFetchingError as refused:
                raise OutsideResource(str(refused)[:200]) from refused
        assert written is not None
        return written
