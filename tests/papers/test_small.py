"""The small pure parts: strokes, codes, numerals, QR, fonts."""

import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest
import segno

from onevisit.papers.faces import FACES, unpacked
from onevisit.papers.qr import qr_svg
from onevisit.papers.render import given
from onevisit.papers.rules import document_number, facts_digest, masked, numeral, read_code, short_code
from onevisit.papers.strokes import drawn
from tests.papers.facts import DIGEST, LINK, make_order, make_record, scribble

SHORT = "1caf 4c9e a5de 965b 91f9 ad28 d396 2c86"


def test_strokes_become_the_same_small_picture() -> None:
    svg = drawn(scribble(3))
    assert svg == drawn(scribble(3))
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert not re.search(r"\d\.\d", svg), "integers only"


@pytest.mark.parametrize("strokes", [[[[5, 5]]], [[[0, 0], [900, 0]]], [[[3, 4, 120], [9, 9, 140]], []]])
def test_dots_lines_and_pressure_are_drawn(strokes: list[list[list[int]]]) -> None:
    assert 'd="M' in drawn(strokes)


@pytest.mark.parametrize("strokes", [[], [[]], [[[1.5, 2]]], [[[1]]], [[["1", "2"]]], [[[0, 0]] * 20_001]])
def test_what_is_no_signature_is_refused(strokes: list[list[list[int]]]) -> None:
    with pytest.raises(ValueError, match="stroke"):
        drawn(strokes)


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四"), (99, "九十九")]
)
def test_numerals(number: int, said: str) -> None:
    assert numeral(number) == said


@pytest.mark.parametrize(
    "typed",
    [
        SHORT,
        SHORT.upper(),
        SHORT.replace(" ", ""),
        SHORT.replace(" ", "-"),
        f"  {DIGEST}\n",
        SHORT.translate({ord("1"): "１", ord("a"): "Ａ"}),
    ],
)
def test_codes_are_read_however_they_are_typed(typed: str) -> None:
    assert read_code(typed) == short_code(DIGEST) == SHORT


@pytest.mark.parametrize("typed", ["", "1caf", SHORT + " 0", "xyz" * 11, SHORT.replace("1", "l")])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_numbers_and_masks() -> None:
    assert document_number("南双随记", 2026, 7) == "南双随记〔2026〕0007号"
    assert masked("632525199001010036") == "632***********0036"
    assert masked("110") == "110"


def test_facts_digest_ignores_what_is_made_from_it() -> None:
    assert facts_digest(make_order()) == facts_digest(make_order(digest="0" * 64, qr="x"))
    assert facts_digest(make_order()) != facts_digest(make_order(todo="别的"))
    assert len(facts_digest(make_record())) == 64


def test_a_qr_is_an_svg_without_fixed_size() -> None:
    root = ElementTree.fromstring(qr_svg(LINK))
    assert "viewBox" in root.attrib
    assert "width" not in root.attrib
    modules = segno.make_qr(LINK, error="M", boost_error=False).symbol_size(border=0)[0]
    assert root.get("viewBox") == f"0 0 {modules + 8} {modules + 8}"  # four quiet modules on each side
    assert qr_svg(LINK, "L") != qr_svg(LINK, "H")
    with pytest.raises(ValueError, match="QR"):
        qr_svg("")


def test_given_leaves_zero_and_text_alone() -> None:
    assert [str(given(value)) for value in (0, "甲", None, "", " ")][:2] == ["0", "甲"]
    assert all("／" in str(given(value)) for value in (None, "", "　"))


def _unpack(folder: str) -> bytes:
    return unpacked(FACES[1], Path(folder)).read_bytes()


def test_fonts_are_unpacked_once_by_many_and_mended(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        assert len(set(pool.map(_unpack, [str(tmp_path)] * 4))) == 1
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"half")
    assert unpacked(FACES[1], tmp_path).stat().st_size > 1_000_000
    assert len(list(tmp_path.iterdir())) == 1
