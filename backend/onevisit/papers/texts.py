"""Do two documents say the same? The words of a PDF and of HTML, without what layout adds or breaks."""

import io
import re
from collections.abc import Iterable
from html.parser import HTMLParser

import pdfplumber

BLOCKS = frozenset(
    ("td", "th", "p", "h1", "h2", "h3", "li", "figcaption", "small", "div", "main", "section", "table", "tr")
)
SILENT = frozenset({"head", "style", "script", "title"})
VOID = frozenset({"br", "img", "col", "meta", "link", "input"})
HEAD, FOOT = 400, 200  # how far from its ends a page may have repeated heads and its foot
PAGE_NUMBER = re.compile(r"第\d+页共\d+页")


def plain(text: str) -> str:
    """The text without any white space: lines break differently on paper and on a screen."""
    return re.sub(r"[\s\u200b\u00a0\u3000]+", "", text)


class _Blocks(HTMLParser):
    """Collects the visible text, one string for every block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._end_block()
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._end_block()
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not SILENT.intersection(self.open):
            self.text += data

    def _end_block(self) -> None:
        if plain(self.text):
            self.blocks.append(plain(self.text))
        self.text = ""


def blocks_of_html(html: str) -> list[str]:
    """Every cell and paragraph of a page in reading order, without white space."""
    reader = _Blocks()
    reader.feed(html)
    reader.close()
    reader._end_block()
    return reader.blocks


def text_of_pdf(pdf: bytes) -> str:
    """All words of a PDF in the order they were set, without white space."""
    return "".join(pages_of_pdf(pdf))


def pages_of_pdf(pdf: bytes) -> list[str]:
    """The words of every page in the order they were set (not sorted by place, so cells stay whole)."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [plain("".join(char["text"] for char in page.chars)) for page in document.pages]


def unsaid(blocks: Iterable[str], pdf: bytes) -> list[str]:
    """Which of these texts does the PDF not say? Each may be broken over pages, not reworded."""
    pages = _numberless(pdf)
    return [block for block in blocks if not _pieces(plain(block), pages)]


def surplus(blocks: Iterable[str], pdf: bytes) -> str:
    """What does the PDF say, page numbers aside, that none of these texts says?"""
    pages = _numberless(pdf)
    said = {piece for block in blocks for piece in _pieces(plain(block), pages)}
    return "".join(_uncovered(page, said) for page in pages)


def _numberless(pdf: bytes) -> list[str]:
    return [PAGE_NUMBER.sub("", page) for page in pages_of_pdf(pdf)]


def _pieces(block: str, pages: list[str]) -> list[str]:
    """The block as it lies on one page or breaks over the following ones; empty when it is not there."""
    if any(block in page for page in pages):
        return [block]
    for start in range(len(pages)):
        pieces: list[str] = []
        rest = block
        for page in pages[start:]:
            piece = _longest_start(rest, page[:HEAD] if pieces and len(rest) < HEAD else page)
            pieces, rest = [*pieces, piece], rest[len(piece) :]
            if not rest:
                return pieces
            # Only what stands last on a page, before its foot, goes on on the next one, or fills it whole.
            least = max(1, len(page) - HEAD - FOOT) if len(pieces) > 1 else 1
            if len(piece) < least or page.rfind(piece) + len(piece) < len(page) - FOOT:
                break
    return []


def _longest_start(text: str, page: str) -> str:
    short, long = 0, len(text)
    while short < long:
        middle = (short + long + 1) // 2
        short, long = (middle, long) if text[:middle] in page else (short, middle - 1)
    return text[:short]


def _uncovered(page: str, pieces: set[str]) -> str:
    """What is left when the pieces are laid over the page so that they leave the least."""
    lengths = sorted({len(piece) for piece in pieces})
    # For every end: characters left over up to there, and the length of the last piece (0: none).
    least: list[tuple[int, int]] = [(0, 0)]
    for end in range(1, len(page) + 1):
        best = (least[-1][0] + 1, 0)
        for length in lengths:
            if length > end:
                break
            if least[end - length][0] < best[0] and page[end - length : end] in pieces:
                best = (least[end - length][0], length)
        least.append(best)
    left, end = "", len(page)
    while end:
        length = least[end][1]
        left, end = (left, end - length) if length else (page[end - 1] + left, end - 1)
    return left
