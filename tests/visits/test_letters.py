"""Do the papers that are handed over on the spot say on the phone what their PDF says? One table, read by both.

`python -m tests.visits.test_letters` writes the table; pwa/src/ui/letters.test.ts holds the phone to it.
"""

import json
from typing import Any, cast

import pytest

from onevisit.papers.render import render_html
from onevisit.papers.terms import PaperKind
from onevisit.papers.texts import blocks_of_html
from onevisit.visits import paper_letters as letters
from onevisit.visits.manifest import manifest
from onevisit.visits.operations import parse_operation
from onevisit.visits.package_shape import VisitPackage
from onevisit.visits.paper_source import Signed
from tests.visits.make_cases import CASES, checked, gathered, police, write
from tests.visits.phones import confirmation, folded, make_package

Json = dict[str, Any]
DAY = "2026-11-10"
OWN = (
    "如不服本通知，可以自收到之日起六十日内向示例州人民政府申请行政复议，可在州政务服务中心二楼示例窗口递交。"
)
MEASURES: list[tuple[str, Json]] = [
    ("rectification_order", {"due_day": "2026-11-17", "facts": "二层东走廊无画面。", "breached": "第三条", "applied": "第十五条"}),
    ("rectification_order", {"item": "security", "entry": "b2"}),
    ("order_to_stop", {"facts": "电梯未检验。", "applied": "《特种设备安全法》"}),
    ("urge_to_rectify", {"due_day": "2026-11-17", "breached": "第三条"}),
    ("urge_to_rectify", {}),
    ("advice", {"facts": "许可证下月到期", "ground": "没有违法行为，提醒预防"}),
    ("advice", {}),
]  # fmt: skip


def signed() -> tuple[Json, Signed]:
    """A part with everything in it, and its confirmation as papers read it."""
    phone, package = police(), make_package()
    gathered(phone)
    for kind, over in MEASURES:
        empty = dict.fromkeys(("item", "entry", "due_day", "facts", "breached", "applied", "ground"))
        body = {**empty, "kind": kind, "form": "electronic", "text": "按要求办理，保留记录。", "number": None}
        phone.write("measure.issue", {**body, **over})
    checked(phone)
    made = manifest(cast(VisitPackage, package), folded(phone.log), f"{DAY}T11:16:00+08:00")
    confirmed = parse_operation(phone.write("confirm", confirmation(made), part=None))
    return package, Signed(cast(Any, None), cast(Any, None), made, confirmed, {}, {})


def said(kind: PaperKind, facts: Any) -> list[str]:
    """The words of a paper, block by block."""
    return blocks_of_html(render_html(kind.value, {**facts, "digest": "1caf" * 16}))


def table(patch: Any) -> Json:
    """What each paper of that part says."""
    patch(letters, "remedies", lambda _: letters.usual_remedies("贵南县"))
    patch(letters, "_contact", lambda _: {"name": None, "phone": None, "address": "县公安局"})
    package, on = signed()
    part = on.manifest["parts"][0]
    order, stop = (
        next(one for one in part["record"]["measures"] if one["kind"] == kind)
        for kind in ("rectification_order", "order_to_stop")
    )
    found = []
    for measure in part["record"]["measures"]:
        kind = letters.KIND_OF.get(measure["kind"], PaperKind.ORDER)
        make = letters.order_facts if kind == PaperKind.ORDER else letters.letter_facts
        found.append({"measure": measure, "said": said(kind, make(on, part, measure, "1号", "x"))})
    return {
        "package": package, "record": part["record"], "day": DAY, "measures": found,
        "taken": said(PaperKind.TAKEN, letters.taken_facts(on, part, "1号", "x")),
        "samples": [
            {"sample": one, "said": said(PaperKind.SAMPLING, letters.sampling_facts(on, part, one, "1号", "x"))}
            for one in part["record"]["samples"]
        ],
        "own_remedies": own_remedies(patch, on, part, {PaperKind.ORDER: order, PaperKind.STOP: stop}),
        "transcript": said(PaperKind.TRANSCRIPT, letters.transcript_facts(on, part, "1号", "x")),
    }  # fmt: skip


def own_remedies(patch: Any, on: Signed, part: Json, measures: dict[PaperKind, Json]) -> Json:
    """The orders again, in a region that has words of its own for the rights against them."""
    patch(letters, "remedies", lambda _: OWN)
    made = [
        {
            "measure": measure,
            "said": said(
                kind,
                (letters.order_facts if kind == PaperKind.ORDER else letters.letter_facts)(
                    on, part, measure, "1号", "x"
                ),
            ),
        }
        for kind, measure in measures.items()
    ]
    patch(letters, "remedies", lambda _: letters.usual_remedies("贵南县"))
    return {"words": OWN, "measures": made}


def test_the_table_says_what_the_papers_say(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = json.loads((CASES / "letters.json").read_text(encoding="utf-8"))
    assert table(monkeypatch.setattr) == kept
    assert len(kept["measures"]) == len(MEASURES) + 1


if __name__ == "__main__":
    write("letters", table(setattr))
