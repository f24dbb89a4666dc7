"""Are papers complete, readable anywhere, and made of nothing from outside?"""

import contextlib
import io
import re
import socket
import subprocess
import sys
from pathlib import Path

import pdfplumber
import pytest
from jinja2 import UndefinedError
from pdfminer.pdftypes import resolve1

from onevisit.papers import render
from onevisit.papers.pictures import embedded_photo, embedded_svg
from onevisit.papers.press import Press
from onevisit.papers.render import OutsideResource, render_html
from onevisit.papers.terms import PaperKind
from onevisit.papers.texts import pages_of_pdf, plain, text_of_pdf
from tests.papers.conftest import Print
from tests.papers.facts import (
    BARE,
    DIGEST,
    FULL,
    department,
    entry,
    jpeg,
    make_record,
    officer,
    photo,
    scribble,
)

KINDS = [kind.value for kind in PaperKind]
RARE = "䶮㛃𬸪𬭊〇①②㎡℃±×÷≤≥—…“”‘’《》〔〕（）、。，；：／√□·°№Ⅰ龘靐氇拉毛才让尕藏卓玛镕喆堃翀珺韡祎"


def test_every_kind_has_a_template_and_facts() -> None:
    assert set(FULL) == set(BARE) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_fonts_are_embedded_subsets(kind: str, print_paper: Print) -> None:
    with pdfplumber.open(io.BytesIO(print_paper(kind, FULL[kind]()))) as document:
        fonts = [
            resolve1(font)
            for page in document.pages
            for font in resolve1(page.page_obj.resources["Font"]).values()
        ]
    assert fonts
    for font in fonts:
        assert re.match(r"[A-Z]{6}\+OneVisit-Serif", font["BaseFont"].name), "another face than ours"
        described = resolve1(resolve1(resolve1(font["DescendantFonts"])[0])["FontDescriptor"])
        assert len(resolve1(described["FontFile2"]).get_data()) < 1_500_000


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_has_its_foot(kind: str, print_paper: Print) -> None:
    pages = pages_of_pdf(print_paper(kind, FULL[kind]()))
    for number, words in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in words
        assert "摘要1caf4c9e…2c86" in words
        if kind in ("record", "transcript"):
            assert "被检查对象（签名、盖章）：" in words
            assert "见证人：／" in words
            assert "日期：2023年9月14日" in words
            assert "检查人员（签名）：" in words
            assert "GN2023-07-09" in words


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_known_is_a_stroke_and_never_a_blank(kind: str, print_paper: Print) -> None:
    html = render_html(kind, BARE[kind]())
    cells = re.findall(r"<(td|li|p)\b[^>]*>(.*?)</\1>", html, re.S)
    blank = [inside for _, inside in cells if not re.sub(r"<(?!img)[^>]*>|\s|　", "", inside)]
    assert blank == []
    assert "None" not in html
    assert not re.search(
        r"(电话|联系人|地址|时间|地点|方式|原因|身份|姓名|见证人)：\s*(<|　|。)(?!span|img|/span)", html
    )
    assert text_of_pdf(print_paper(kind, BARE[kind]())).count("／") >= 3


def test_every_character_is_set(print_paper: Print, caplog: pytest.LogCaptureFixture) -> None:
    gb2312 = "".join(
        bytes((high, low)).decode("gb2312", "ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    )
    pdf = print_paper("record", make_record(summary=f"{gb2312}{RARE}", photos=[]))
    assert not [record for record in caplog.records if "notdef" in record.getMessage()]
    said = text_of_pdf(pdf)
    assert [character for character in gb2312 + RARE if character not in said] == []
    assert "(cid:" not in said


def test_bold_text_beyond_the_bold_cut_is_still_set(print_paper: Print) -> None:
    found = "悬挂于“㛃𬸪龘”处"
    record = make_record(
        departments=[department("䶮县公安局", [entry(1, "不合格", found=found)], [])], photos=[]
    )
    said = text_of_pdf(print_paper("record", record))
    assert found in said
    assert "一、䶮县公安局" in said


@pytest.mark.parametrize(
    "asks",
    [
        '<img src="http://example.invalid/a.png">',
        '<img src="file:///etc/hostname">',
        '<img src="picture.png">',
        '<link rel="stylesheet" href="https://example.invalid/a.css">',
        '<p style="background: url(//example.invalid/a.png)">x</p>',
    ],
)
def test_nothing_is_fetched(asks: str, fonts: Path) -> None:
    with pytest.raises(OutsideResource):
        Press(fonts).pdf(f"<body>{asks}</body>", None)


def test_a_picture_inside_a_picture_is_not_fetched_either(fonts: Path) -> None:
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        inner = f'<image href="http://127.0.0.1:{server.getsockname()[1]}/b.png" width="9" height="9"/>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inner}</svg>'
        with contextlib.suppress(OutsideResource):
            Press(fonts).pdf(f'<body><img src="{embedded_svg(svg)}"></body>', None)
        with contextlib.suppress(TimeoutError):
            asked.append(server.accept())
    assert asked == []


def test_words_of_people_are_never_markup(print_paper: Print) -> None:
    evil = '<img src="http://example.invalid/x.png"><script>1</script>'
    record = make_record(summary=evil, photos=[])
    assert plain(evil) in text_of_pdf(print_paper("record", record))


def test_a_missing_fact_fails_instead_of_printing_a_stroke() -> None:
    facts = dict(make_record())
    del facts["summary"]
    with pytest.raises(UndefinedError):
        render_html("record", facts)


def test_same_facts_same_bytes_also_in_another_process(
    print_paper: Print, fonts: Path, tmp_path: Path
) -> None:
    pdf = print_paper("order", FULL["order"]())
    code = (
        "import sys; from pathlib import Path; from tests.papers.conftest import metadata_of;"
        "from tests.papers.facts import FULL; from onevisit.papers.render import render_pdf;"
        "Path(sys.argv[1]).write_bytes(render_pdf('order', FULL['order'](), metadata=metadata_of('order'), fonts=Path(sys.argv[2])))"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "again.pdf"), str(fonts)], check=True, cwd=root
    )
    assert (tmp_path / "again.pdf").read_bytes() == pdf


def test_the_file_says_what_it_is(print_paper: Print) -> None:
    pdf = print_paper("record", make_record(photos=[]))
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        said = document.metadata
    assert said["Title"] == "部门联合抽查情况记录表"
    assert said["Keywords"] == f"onevisit-digest:{DIGEST}"
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf or b"pdfaid" in _metadata_stream(pdf)


def _metadata_stream(pdf: bytes) -> bytes:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        found: bytes = resolve1(document.doc.catalog["Metadata"]).get_data()
    return found


def test_two_hundred_entries_and_sixty_photos_break_well(print_paper: Print) -> None:
    entries = [
        entry(
            n,
            "不合格" if n % 17 == 0 else "合格",
            what=f"第{n}条：" + "检查内容应当完整" * (1 + n % 9) + f"完{n}",
        )
        for n in range(1, 201)
    ]
    team = [officer(f"示例{n:02}", f"632525001{n:02}") for n in range(1, 15)]
    parts = [
        department(f"示例部门{n}局", entries[n * 50 : n * 50 + 50], team[n * 3 : n * 3 + 3]) for n in range(4)
    ]
    record = make_record(departments=parts, photos=[photo(n, caption=f"照片说明{n}") for n in range(1, 61)])
    pages = pages_of_pdf(print_paper("record", record))
    for n in range(1, 201):
        assert sum(f"第{n}条：" in page and f"完{n}" in page for page in pages) == 1, f"entry {n} is split"
    appendix = [re.findall(r"照片(\d+)对应要点", page) for page in pages]
    assert [len(found) for found in appendix if found] == [6] * 10
    assert [int(n) for found in appendix for n in found] == list(range(1, 61))
    with_entries = [page for page in pages if re.search(r"第\d+条：", page)]
    assert all(re.search(r"[一二三四]、示例部门\d局", page) for page in with_entries)
    assert all("检查结果" in page for page in with_entries)


def test_two_items_of_one_department_are_signed_once() -> None:
    part = department("贵南县公安局", [entry(1)], [officer("白文", "63252500114")])
    part["items"].append({**part["items"][0], "name": "特种行业治安管理", "entries": [entry(2)]})
    html = render_html("record", make_record(departments=[part]))
    assert html.count("检查人员（签名）</td>") == 1
    assert html.count("本事项检查结果") == 2
    assert "事项二" in html


def test_a_refusal_shows_reason_witness_and_two_inspectors(print_paper: Print) -> None:
    confirm = {
        **make_record()["confirm"],
        "strokes": None,
        "refusal": {
            "reason": "对结果有不同看法",
            "witness": {"name": "丁大川", "strokes": scribble(4)},
            "officers": [officer("白文", "63252500114"), officer("才太", "63252500112")],
        },
    }  # type: ignore[dict-item]
    said = text_of_pdf(print_paper("record", make_record(confirm=confirm, photos=[])))
    assert (
        "√拒绝原因：对结果有不同看法见证人：丁大川检查人员（两人）：白文执法证号63252500114才太执法证号63252500112"
        in said
    )
    assert "√无异议" not in said


def test_a_photo_kept_inside_prints_why(print_paper: Print) -> None:
    record = make_record(photos=[photo(1, picture=None, absent="原图在 白文 的手机")])
    assert "原图在白文的手机" in text_of_pdf(print_paper("record", record))


def test_an_amendment_keeps_the_old_wording(print_paper: Print) -> None:
    change = {
        "version": 2,
        "at": "2023年9月15日",
        "entry": "要点 7",
        "before": "留存 19 日",
        "after": "留存 20 日",
        "reason": "日期算错",
        "by": officer("白文", "63252500114"),
        "subject": None,
    }
    said = text_of_pdf(print_paper("record", make_record(amendments=[change], photos=[])))
    assert "五、更正与补充" in said
    assert "留存19日留存20日日期算错" in said


@pytest.mark.parametrize("kind", ["notice", "order"])
def test_by_hand_leaves_lines_for_ink(kind: str) -> None:
    assert 'class="ink"' not in render_html(kind, BARE[kind]())
    assert 'class="ink"' in render_html(kind, {**BARE[kind](), "by_hand": True})


def test_only_pictures_become_pictures() -> None:
    assert embedded_photo(jpeg(1)).startswith("data:image/jpeg;base64,")
    with pytest.raises(ValueError, match="JPEG and PNG"):
        embedded_photo(b"<svg/>")


def test_fonts_lie_under_var_of_the_application(app) -> None:  # type: ignore[no-untyped-def]
    assert render.fonts_folder() == app.config["ONEVISIT"].var / "cache" / "fonts"
