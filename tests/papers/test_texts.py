"""Do the page on the screen and the PDF say the same?"""

import pytest

from onevisit.papers.render import render_html
from onevisit.papers.terms import PaperKind
from onevisit.papers.texts import blocks_of_html, surplus, unsaid
from tests.papers.conftest import Print
from tests.papers.facts import BARE, FULL, make_record


@pytest.mark.parametrize("kind", [kind.value for kind in PaperKind])
def test_html_and_pdf_say_the_same(kind: str, print_paper: Print) -> None:
    for facts in (FULL[kind](), BARE[kind]()):
        blocks = blocks_of_html(render_html(kind, facts))
        pdf = print_paper(kind, facts)
        assert unsaid(blocks, pdf) == []
        assert surplus([*blocks, "（印章）"], pdf) == ""


def test_a_changed_word_and_a_changed_tick_are_seen(print_paper: Print) -> None:
    blocks = blocks_of_html(render_html("record", make_record()))
    other = make_record()
    other["departments"][1]["items"][0]["entries"][2]["answer"] = "合格"
    assert any("√不合格" in block for block in unsaid(blocks, print_paper("record", other)))
    assert unsaid(blocks, print_paper("record", make_record(summary="另一句话"))) != []


def test_blocks_are_cells_and_paragraphs() -> None:
    html = "<head><title>x</title></head><table><tr><td>甲 <b>乙</b></td><td><p>丙</p>丁</td></tr></table>"
    assert blocks_of_html(html) == ["甲乙", "丙", "丁"]
