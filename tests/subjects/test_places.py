"""Can a scope ask for a township or list its subjects one by one, and does everybody mean the same ones by it?"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories.desk import make_desk
from tests.factories.libraries import make_subject
from tests.factories.lists import take_list

from onevisit.core.db import db
from onevisit.draws.drum import drum_of
from onevisit.subjects import bitmaps, writing
from onevisit.subjects.models import Subject, SubjectBitmap
from onevisit.subjects.queries import (
    in_scope,
    label_counts,
    labels_shown,
    listed_names,
    read_filter,
    scope_count,
)
from onevisit.subjects.rules import place_of
from onevisit.subjects.scope import proposed_filter
from onevisit.subjects.terms import LabelKind
from onevisit.tasks.models import Task

HERE = "632525"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("", None), ("示例路1号", None), ("贵南县市场路2号", None), ("贵南县乡镇企业局", None), ("贵南县美丽乡村1号", None),
        ("浙江省宁波市镇海区示例路", None), ("河南省新乡市", None), ("江苏省镇江市", None),
        ("青海省海南藏族自治州贵南县茫曲镇示例路3号", "茫曲镇"), ("茫曲镇城北路", "茫曲镇"), ("贵南县 森多乡", "森多乡"),
        ("贵南县过马营镇镇政府旁", "过马营镇"), ("河南省新乡市红旗区渠东街道", "渠东街道"), ("湖南省宁乡市玉潭街道办事处", "玉潭街道"),
        ("江苏省镇江市丹徒区高桥镇1号", "高桥镇"), ("河南省镇平县城关镇", "城关镇"), ("内蒙古额济纳旗赛汉陶来苏木", "赛汉陶来苏木"),
        ("共和县倒淌河镇恰卜恰镇路1号", "倒淌河镇"), ("海东工业园区示例路", "海东工业园区"), ("茫曲镇", "茫曲镇"),
    ],
)  # fmt: skip
def test_an_address_names_its_township(address: str, place: str | None) -> None:
    assert place_of(address) == place


def test_a_scope_text_proposes_a_township_of_the_library() -> None:
    words = {LabelKind.FIELD: ["旅馆业"], LabelKind.PLACE: ["茫曲镇", "森多乡"]}
    told = proposed_filter("茫曲镇、过马营镇的宾馆", words)
    assert told.filter.as_json()["all"] == [
        {"kind": "place", "any": ["茫曲镇"]},
        {"kind": "field", "any": ["旅馆业"]},
    ]
    assert told.unknown == ("过马营镇",)
    assert proposed_filter("旅馆业（森多乡除外）", words).filter.as_json()["none"] == [
        {"kind": "place", "any": ["森多乡"]}
    ]


def meant(given: dict[str, Any]) -> set[str]:
    """Whom the count and the draw's selection mean: the same ones."""
    wanted = read_filter(given)
    chosen = list(db.session.scalars(in_scope(HERE, wanted)))
    told = scope_count(HERE, wanted)
    assert told["count"] + told["not_operating"] == len(chosen)
    return {one.name for one in chosen}


def test_townships_and_lists_are_conditions_like_the_others(app: Flask) -> None:
    first = make_subject("示例甲", address="贵南县茫曲镇1号")
    make_subject("示例乙", address="贵南县茫曲镇2号", state="closed")
    third = make_subject("示例丙", address="贵南县森多乡3号", fields=["加油站"])
    make_subject("示例丁", address="示例路4号")
    far = make_subject("示例外县", region_id="630101", address="示例县茫曲镇1号")
    town, village = ({"kind": "place", "any": [one]} for one in ("茫曲镇", "森多乡"))
    listed = {"kind": "subject", "any": [first.id, third.id, far.id, "nobody"]}
    assert meant({"all": [town]}) == {"示例甲", "示例乙"}
    assert meant({"all": [{"kind": "place", "any": ["茫曲镇", "森多乡"]}]}) == {"示例甲", "示例乙", "示例丙"}
    assert meant({"all": [{"kind": "place", "any": ["没有的镇"]}]}) == set()
    assert meant({"none": [town]}) == {"示例丙", "示例丁"}
    assert meant({"all": [listed]}) == {"示例甲", "示例丙"}
    assert meant({"all": [listed, {"kind": "field", "any": ["加油站"]}]}) == {"示例丙"}
    assert meant({"all": [village], "none": [listed]}) == set()
    assert listed_names(HERE, read_filter({"none": [listed]})) == {first.id: "示例甲", third.id: "示例丙"}
    shown = [one for one in labels_shown(HERE) if one["kind"] == "place"]
    assert [(one["value_label"], one["count"]) for one in shown] == [("茫曲镇", 2), ("森多乡", 1)]
    third.address = "贵南县茫曲镇5号"
    db.session.commit()
    assert meant({"all": [town]}) == {"示例甲", "示例乙", "示例丙"}
    assert meant({"all": [village]}) == set()


def test_bitmaps_made_anew_know_the_townships_and_so_do_imports(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_subject("示例甲", address="贵南县茫曲镇1号")
    db.session.execute(SubjectBitmap.__table__.delete().where(SubjectBitmap.term == "place=茫曲镇"))
    db.session.commit()
    assert bitmaps.regions_without() == [HERE]
    bitmaps.rebuild(HERE)
    db.session.commit()
    assert ("place", "茫曲镇", 1) in {(one["kind"], one["value"], one["count"]) for one in label_counts(HERE)}
    for few in (10_000, 0):  # among the single entries, and in blocks of their own
        monkeypatch.setattr(writing, "FEW", few)
        rows = "".join(
            f"示例{few}户{at},9263252500{few:05d}{at:03d},贵南县过马营镇{at}号\n" for at in range(3)
        )
        imported = bring(f"名称,统一社会信用代码,地址\n{rows}")
        assert imported["added"] == 3, imported
    assert ("place", "过马营镇", 6) in {
        (one["kind"], one["value"], one["count"]) for one in label_counts(HERE)
    }


def bring(text: str) -> dict[str, Any]:
    return take_list("subjects", "名录.csv", text.encode(), region_id=HERE)


def test_the_drum_holds_whom_the_confirmed_township_and_list_mean(client_for: Callable[..., Any]) -> None:
    desk = make_desk(client_for, subjects=6, scope_confirmed_at=None)
    subjects = list(db.session.scalars(select(Subject).order_by(Subject.name)))
    for one in subjects[:4]:
        one.address = "贵南县茫曲镇示例路"
    db.session.commit()
    away = subjects[0].id
    wanted = {"all": [{"kind": "place", "any": ["茫曲镇"]}], "none": [{"kind": "subject", "any": [away]}]}
    confirmed = desk.post(desk.lead, f"/plans/entries/{desk.entry.id}/confirm-scope", {"filter": wanted})
    assert (confirmed.status_code, confirmed.json["count"]) == (200, 3), confirmed.json
    assert confirmed.json["named"] == {away: subjects[0].name}
    task = db.session.get_one(Task, desk.task()["id"])
    assert task.scope_filter == wanted
    drum = drum_of(task, 2026)
    assert {one.name for one in (*drum.subjects(), *(left for left, _ in drum.excluded()))} == {
        one.name for one in subjects[1:4]
    }
