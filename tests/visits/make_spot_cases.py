"""What is decided on the spot: items added, results without the checklist, checks from the desk. Writes tests/cases/spot_visit.json.

Run it after a change of the rules that is meant: `python -m tests.visits.make_spot_cases`.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from onevisit.core.canonical import digest
from onevisit.visits.gaps import gaps, progress, signatures_needed
from onevisit.visits.manifest import manifest
from tests.visits.make_cases import CASES, Json, checked, police
from tests.visits.phones import POLICE, Phone, based, entry, folded, item, make_package

AT = "2026-11-10T11:16:00+08:00"
LISTED = item(
    "fire",
    "消防安全自查",
    entry("f1", "1", "安全出口畅通"),
    entry("f2", "2", "灭火器在有效期内", evidence="photo_on_fail"),
)
LISTED["checklist"]["hash"] = "f1" * 32


def spot_package(required: bool = True, **over: Any) -> Json:
    """The hotel, whose police may add one item; whether somebody must go there is the profile's."""
    package = make_package(**over)
    package["parts"][0]["addable"] = [deepcopy(LISTED)]
    package["profile"]["check_on_site"] = {
        "required": required,
        "source": None,
        "signers": 2,
        "signers_source": None,
    }
    gone = [("deregistered", "已注销"), ("moved_out", "已迁出")]
    package["profile"]["outcomes"]["codes"] += [{"code": code, "label": label} for code, label in gone]
    return package


def add(phone: Phone, **over: Any) -> Json:
    """item.add of what is on the list, unless `over` says otherwise."""
    pin = {word: LISTED["checklist"][word] for word in ("id", "version", "hash")}
    body = {
        "item": "fire",
        "name": LISTED["name"],
        "code": None,
        "legal_basis": None,
        "checklist": pin,
        "reason": "现场发现",
    }
    return phone.write("item.add", {**body, **over})


def method(phone: Phone, code: str, reason: str | None = "示例：经营数据都在网上") -> Json:
    """method.set, having seen the one before."""
    seen = [one["id"] for one in phone.log if one["kind"] == "method.set"][-1:]
    return phone.write(
        "method.set", {"method": code, "reason": reason}, base=based(f"method/{phone.part}", seen)
    )


def rows() -> list[tuple[str, bool, list[Json]]]:
    """Name, whether somebody must go there, what was written."""
    found: list[tuple[str, bool, list[Json]]] = []

    def row(name: str, phone: Phone, required: bool = True) -> None:
        found.append((name, required, deepcopy(phone.log)))

    row("nobody there, though nobody must go", police(), required=False)
    li = police()
    method(li, "online")
    row("online where it may be", li, required=False)
    row("online where somebody must go", li)
    method(li, "on_site", None)
    row("online taken back, not yet there", li, required=False)
    li = police()
    method(li, "document")
    checked(li)
    row("by documents, everything done: two sign", li, required=False)
    row("there, and yet called by documents where somebody must go", li)
    li = police()
    add(li)
    checked(li)
    row("an added item is asked entry by entry", li)
    li.answer("fire", "f1", "pass")
    li.answer("fire", "f2", "pass")
    li.finding("fire", "no_problem")
    row("an added item is done and stands in the document", li)
    li = police()
    li.arrive()
    add(li, checklist={"id": "c-fire", "version": 2, "hash": "f2" * 32})
    row("an added item whose checklist is not here wants its result only", li)
    li = police()
    li.arrive()
    for name in ("licence", "security"):
        li.finding(name, "deregistered")
    row("deregistered, without account and proof", li)
    li = police()
    li.arrive()
    paper = {
        "item": None,
        "entry": None,
        "name": "注销登记通知书",
        "number": None,
        "copies": 1,
        "kept": False,
        "note": None,
        "photos": [],
    }
    li.write("paper.add", paper)
    li.finding("licence", "deregistered", reason="登记机关查询，本月 3 日注销")
    li.finding("security", "moved_out", reason="房东称上月搬走")
    row("gone, told and shown by a paper", li)
    li = police()
    li.arrive()
    li.finding("licence", "activity_not_found", reason="改作仓库，没有住宿")
    row("what is checked is not done here: a photo is asked for", li)
    li.photo(None, None, "一层仓库")
    row("what is checked is not done here, shown", li)
    li = police()
    li.arrive()
    li.answer("licence", "a1", "not_applicable")
    li.answer("licence", "a2", "not_applicable")
    li.finding("licence", "activity_not_found")
    row("not done here, as all answers say: no further proof", li)
    return found


def main() -> None:
    """The table."""
    cases = []
    for name, required, operations in rows():
        state, package = folded(operations), spot_package(required)
        made = manifest(package, state, AT)  # type: ignore[arg-type]
        expect = {
            "gaps": gaps(state, package, POLICE), "progress": progress(state, package),
            "signatures": signatures_needed(state, package, POLICE), "methods": made["header"]["methods"],
            "items": [one["id"] for part in made["parts"] for one in part["items"]], "digest": digest(made),
        }  # fmt: skip
        cases.append({"name": name, "required": required, "operations": operations, "expect": expect})
    table = {"package": spot_package(), "at": AT, "cases": cases}
    text = json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True)
    (CASES / "spot_visit.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
