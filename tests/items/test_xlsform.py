"""What does an XLSForm become, and is every row that does not fit said so? Refusals first."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pyxform.xls2xform import convert
from tests.factories import make_account
from tests.factories.libraries import make_item
from tests.items.test_workbook import workbook

from onevisit.items.rules import checked_entries, faults
from onevisit.items.xlsform import FormRead, NoForm, read_form

HEAD = ["type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message"]
JUDGED = [["list_name", "name", "label"], ["pf", "pass", "合格"], ["pf", "fail", "不合格"], ["pf", "na", "不适用"],
          ["save", "local", "本地"], ["save", "cloud", "云端"], ["yn", "yes", "是"], ["yn", "no", "否"]]  # fmt: skip


def read(
    *rows: list[str], choices: list[list[str]] | None = None, settings: list[list[str]] | None = None
) -> FormRead:
    return read_form({"survey": [HEAD, *rows], "choices": choices or JUDGED, "settings": settings or []})


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["select_multiple save", "q", "题"], "多选"),
        (["select_one nowhere", "q", "题"], "没有选项"),
        (["select_one_from_file a.csv", "q", "题"], "另外的文件"),
        (["geopoint", "q", "题"], "位置"),
        (["calculate", "q"], "计算"),
        (["barcode", "q", "题"], "扫码"),
        (["acknowledge", "q", "题"], "已知晓"),
        (["time", "q", "题"], "时刻"),
        (["dateTime", "q", "题"], "日期时刻"),
        (["rank save", "q", "题"], "排序"),
        (["audio", "q", "题"], "录音"),
        (["bogus type", "q", "题"], "没有对应的填法"),
        (["image", "q", "先拍一张"], "前面没有检查内容"),
    ],
)
def test_a_row_that_does_not_fit_is_named_with_its_reason(row: list[str], words: str) -> None:
    found = read(row, ["text", "t", "说明"])
    assert [one["text"] for one in found.entries] == ["说明"]
    assert [(one.row, one.kind) for one in found.remarks] == [(2, "left_out")]
    assert words in found.remarks[0].sentence


@pytest.mark.parametrize(
    ("relevant", "condition"),
    [
        ("${a} = 'fail'", {"entry": "e1", "is": "fail"}),
        ("selected(${a}, 'na')", {"entry": "e1", "is": "not_applicable"}),
        ("${a}='fail' or ${a}='na'", {"entry": "e1", "is": ["fail", "not_applicable"]}),
        ("${a} = 'fail' and ${b} = 'x'", None),
        ("${t} > 3", None),
        ("${nobody} = 'x'", None),
        ("not(${a} = 'fail')", None),
    ],
)
def test_simple_conditions_come_along_and_others_are_named(relevant: str, condition: Any) -> None:
    found = read(["select_one pf", "a", "甲"], ["integer", "t", "数"], ["text", "q", "题", "", "", relevant])
    assert found.entries[2]["condition"] == condition
    lost = [one.sentence for one in found.remarks if one.kind == "lost"]
    assert bool(lost) is (condition is None)


@pytest.mark.parametrize(
    ("kind", "constraint", "limits"),
    [
        ("decimal", ". >= 18 and . <= 26.5", {"min": "18", "max": "26.5"}),
        ("decimal", ".<=60", {"min": None, "max": "60"}),
        ("integer", ". > 0 and . < 10", {"min": "1", "max": "9"}),
        ("decimal", ". > 0", None),
        ("integer", "regex(., '^[0-9]+$')", None),
        ("text", ". >= 1", None),
        ("integer", ". >= 1 or . <= 0", None),
    ],
)
def test_constraints_become_limits_where_they_mean_the_same(kind: str, constraint: str, limits: Any) -> None:
    found = read([kind, "q", "题", "", "", "", constraint, "超出范围"])
    assert found.entries[0].get("limits") == limits
    assert found.entries[0]["phrases"] == (["超出范围"] if limits else [])
    assert any(one.kind == "lost" for one in found.remarks) is (limits is None)


def hotel() -> dict[str, list[list[str]]]:
    """A form as offices of the field write them: groups, notes, photos, two languages, what no checklist has."""
    head = [
        "type",
        "name",
        "label::English (en)",
        "label::中文 (zh)",
        "hint::中文 (zh)",
        "required",
        "relevant",
        "constraint",
        "appearance",
    ]
    return {
        "survey": [
            head,
            ["start", "start"], ["deviceid", "deviceid"],
            ["begin group", "fire", "Fire safety", "消防安全"],
            ["note", "n1", "Check all floors", "逐层检查"],
            ["select_one pf", "exits", "Exits clear", "疏散通道畅通", "现场查看", "yes"],
            ["image", "exits_photo", "Photo", "照片", "", "", "${exits} = 'fail'"],
            ["select_one pf", "fixed", "Fixed on the spot", "当场整改", "", "yes", "${exits} = 'fail'"],
            ["end group"],
            ["decimal", "temp", "Hot water", "热水温度", "", "yes", "", ". >= 45 and . <= 60"],
            ["select_one save or_other", "saving", "Recordings", "录像保存方式", "", "", "", "", "minimal"],
            ["date", "last", "Last check", "上次检查日期"],
            ["begin repeat", "rooms", "Rooms", "客房"], ["text", "room", "No.", "房号"], ["end repeat"],
            ["text", "rest", "Other", "其他情况"],
        ],
        "choices": [["list_name", "name", "label::English (en)", "label::中文 (zh)"], ["pf", "pass", "Pass", "合格"], ["pf", "fail", "Fail", "不合格"],
                    ["save", "local", "Local", "本地"], ["save", "cloud", "Cloud", "云端"]],
        "settings": [["form_title", "form_id", "default_language"], ["宾馆检查表", "hotel", "中文 (zh)"]],
    }  # fmt: skip


def test_a_whole_form() -> None:
    found = read_form(hotel())
    assert found.title == "宾馆检查表"
    assert [(one["text"], one["answer"], one["evidence"]) for one in found.entries] == [
        ("疏散通道畅通", "pass_fail", "photo_on_fail"), ("当场整改", "pass_fail", "none"), ("热水温度", "number", "none"),
        ("录像保存方式", "choice", "none"), ("上次检查日期", "date", "none"), ("其他情况", "text", "none"),
    ]  # fmt: skip
    assert found.entries[0]["content"] == "逐层检查"
    assert found.entries[0]["method"] == "现场查看"
    assert found.entries[1]["condition"] == {"entry": "e1", "is": "fail"}
    assert found.entries[3]["choices"] == ["本地", "云端", "其他"]
    assert [one.row for one in found.remarks if one.kind == "left_out"] == [13, 14]
    assert faults(found.entries) == []
    assert len(checked_entries(found.entries)) == 6


def test_pyxform_takes_the_same_form_and_knows_every_question_we_took(tmp_path: Path) -> None:
    file = tmp_path / "hotel.xlsx"
    file.write_bytes(workbook(**hotel()))
    taken = convert(xlsform=file, validate=False)
    questions = {one["name"] for one in _questions(taken._pyxform["children"])}
    rows, found = hotel()["survey"], read_form(hotel())
    assert {rows[number - 1][1] for number in found.rows} <= questions
    assert {one.name for one in found.remarks if one.kind == "left_out"} <= questions


def _questions(children: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in children:
        yield one
        yield from _questions(one.get("children") or [])


def test_every_row_of_a_form_is_an_entry_or_is_spoken_of() -> None:
    form, found = hotel(), read_form(hotel())
    spoken = {one.row for one in found.remarks} | set(found.rows)
    silent = [
        (at, row[0]) for at, row in enumerate(form["survey"][1:], start=2)
        if at not in spoken and row[0] not in ("end group", "end repeat", "note")
    ]  # fmt: skip
    assert silent == []


def test_no_form() -> None:
    for sheets in ({"Sheet1": [["a"]]}, {"survey": []}, {"survey": [["name"], ["x"]]}):
        with pytest.raises(NoForm):
            read_form(sheets)


def test_a_form_is_read_for_the_own_departments_editor(app: Flask, client_for: Callable[..., Any]) -> None:
    item = make_item()
    url, content = f"/api/items/{item.id}/xlsform", workbook(**hotel())
    stranger, own = (
        client_for(make_account(["desk"], "632525-ga")),
        client_for(make_account(["desk"], "632525-xf")),
    )

    def send(client: Any, file: bytes) -> Any:
        return client.post(url, data={"file": (io.BytesIO(file), "表.xlsx")})

    assert send(stranger, content).status_code == 403
    assert send(own, b"%PDF-1.7").json["code"] == "items.file_unreadable"
    assert send(own, workbook(Sheet1=[["a"]])).json["code"] == "items.no_xlsform"
    assert (
        send(own, workbook(survey=[["type", "name"], ["geopoint", "p"]])).json["code"]
        == "items.xlsform_empty"
    )
    told = send(own, content).json
    assert (len(told["entries"]), told["faults"], told["remarks"][0]["row"]) == (6, [], 2)
    assert own.get(f"/api/items/{item.id}/draft").json["drafted"] is False, "nothing is kept yet"
