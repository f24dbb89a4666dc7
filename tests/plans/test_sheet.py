"""Is every fact of the seeds' plan tables read right in every form of the file, and every doubt told?"""

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.plans.tables import tsv

from onevisit.departments.register import DepartmentRegister
from onevisit.plans.sheet import read_plan
from onevisit.plans.sheet_tables import read_source
from onevisit.plans.terms import DOUBT_LABELS, Doubt

HERE = Path(__file__).parent
REGISTER = DepartmentRegister.load()
FORMS = {
    "guinan-2023": (
        "guinan-2023.xlsx",
        "guinan-2023.docx",
        "guinan-2023-as-extracted.xlsx",
        "guinan-2023-as-extracted.gb18030.csv",
    ),
    "yuanping-2024": ("yuanping-2024.xlsx", "yuanping-2024.docx", "yuanping-2024.gb18030.csv"),
    "jiaozuo-sfq-2023": ("jiaozuo-sfq-2023.xlsx", "jiaozuo-sfq-2023.docx"),
}
PAIRS = [(plan, form) for plan, forms in FORMS.items() for form in forms]
FACTS = (
    "seq",
    "region",
    "field",
    "plan_name",
    "task_name",
    "subject_scope",
    "tier",
    "mode",
    "lead_department",
    "cooperating_departments",
    "departments_only_in_plan_name",
    "items",
    "ratio",
    "ratio_raw",
    "frequency",
    "window",
    "methods",
    "item_category",
    "targeting",
    "risk_policy",
)

# Which file forms can show a doubt at all (README of the seeds' tables): the others hold no trace of it.
PAGED = {"guinan-2023.docx", "guinan-2023-as-extracted.xlsx", "guinan-2023-as-extracted.gb18030.csv"}
SLID = {"guinan-2023-as-extracted.xlsx", "guinan-2023-as-extracted.gb18030.csv"}
WITH_NOTICE = {"guinan-2023.docx", "yuanping-2024.docx", "jiaozuo-sfq-2023.docx"}
ONLY_IN = {
    "repeated_headers": PAGED,
    "heading_varies": PAGED,
    "header_changes": PAGED,
    "page_title_differs": PAGED,
    "columns_shifted": SLID,
    "page_split": {"yuanping-2024.docx"},
    "window_past_deadline": WITH_NOTICE,
    "window_before_notice": WITH_NOTICE,
    "signatory_varies": WITH_NOTICE,
    "plan_title_varies": WITH_NOTICE,
}
# Seen by somebody who knows the trade; no rule tells them without inventing false alarms elsewhere.
NEEDS_A_READER = {
    ("guinan-2023", 9, "typo"),  # 上网销售者 for 上网消费者, both are words
    ("yuanping-2024", 29, "words_missing"),  # by comparison with row 28
    ("yuanping-2024", 41, "name_item_mismatch"),  # 水生野生动物 against 种畜禽
}
# True at more rows than the hand-written notes name: those name one example of each, the reader all.
TOLD_AT_EVERY_ROW = {
    "category_short",
    "date_style",
    "department_name_inconsistent",
    "department_without_area",
    "lead_name_with_second_name",
    "overlap",
    "plan_title_varies",
    "ratio_separator",
    "repeated_of_row",
    "same_item_two_departments",
    "separator_in_name",
    "trailing_separator",
    "window_before_notice",
}


@cache
def truth(plan: str) -> dict[str, Any]:
    """What a person read."""
    found: dict[str, Any] = json.loads((HERE / "expected" / f"{plan}.json").read_text(encoding="utf-8"))
    return found


@cache
def reading(form: str) -> dict[str, Any]:
    """What the program reads, given the file and nothing else."""
    content = (HERE / "files" / form).read_bytes()
    return read_plan(form, content, year=None, region=None, register=REGISTER)


def canonical(fact: str, value: Any, region: str) -> Any:
    """Facts with the offices under their one name, as they are to be compared."""
    if fact == "lead_department":
        return REGISTER.canonical(value, region)
    if fact in ("cooperating_departments", "departments_only_in_plan_name"):
        return sorted(REGISTER.canonical(name, region) for name in value)
    if fact == "items":
        return [
            (
                REGISTER.canonical(item["department"], region),
                item["text"],
                [REGISTER.canonical(name, region) for name in item.get("departments", ())],
            )
            for item in value
        ]
    return value


def codes(of: dict[str, Any]) -> set[str]:
    """The codes of the problems of a plan or a task."""
    return {problem.split(":")[0] for problem in of["problems"]}


def sides(plan: str, form: str) -> Iterator[tuple[str | int, dict[str, Any], dict[str, Any]]]:
    """The plan and each task, as a person and as the program read it."""
    yield "plan", truth(plan)["plan"], reading(form)["plan"]
    for right, read in zip(truth(plan)["tasks"], reading(form)["tasks"], strict=True):
        yield right["seq"], right, read


def score(plan: str, form: str) -> tuple[int, int]:
    """Facts right and facts in all: those of the plan, of every task, and each doubt a person had."""
    region = truth(plan)["plan"]["region"]
    seen = [
        (truth(plan)["plan"][fact], reading(form)["plan"][fact])
        for fact in ("plan_name", "region", "year", "tier")
    ]
    for where, right, read in sides(plan, form):
        if where != "plan":
            seen += [
                (canonical(fact, right[fact], region), canonical(fact, read[fact], region)) for fact in FACTS
            ]
        seen += [
            (True, code in codes(read))
            for code in codes(right)
            if form in ONLY_IN.get(code, {form}) and (plan, where, code) not in NEEDS_A_READER
        ]
    return sum(right == read for right, read in seen), len(seen)


def test_score_of_the_real_plans() -> None:
    lines = [(form, *score(plan, form)) for plan, form in PAIRS]
    print(*(f"{form}: {right}/{total}" for form, right, total in lines), sep="\n")
    right, total = sum(r for _, r, _ in lines), sum(t for _, _, t in lines)
    print(f"{len(lines)} files: {right}/{total}")
    assert right == total


@pytest.mark.parametrize(("plan", "form"), PAIRS)
@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_of_every_task(plan: str, form: str, fact: str) -> None:
    region = truth(plan)["plan"]["region"]
    right = {t["seq"]: canonical(fact, t[fact], region) for t in truth(plan)["tasks"]}
    read = {t["seq"]: canonical(fact, t[fact], region) for t in reading(form)["tasks"]}
    assert read == right


@pytest.mark.parametrize(("plan", "form"), PAIRS)
def test_the_plan_itself(plan: str, form: str) -> None:
    right, read = truth(plan)["plan"], reading(form)["plan"]
    facts = ["plan_name", "region", "year", "tier"]
    if form in WITH_NOTICE:
        facts += ["document_no", "issued", "issuer"]
    assert {f: read[f] for f in facts} == {f: right[f] for f in facts}
    assert read["subtitle"] == right.get("subtitle")
    assert read["footnote"] == right.get("footnote")
    assert read["deadline_for_whole_plan"] == (
        right.get("deadline_for_whole_plan") if form in WITH_NOTICE else None
    )


@pytest.mark.parametrize(("plan", "form"), PAIRS)
def test_every_doubt_a_person_had_is_told(plan: str, form: str) -> None:
    silent = [
        (where, code)
        for where, right, read in sides(plan, form)
        for code in codes(right) - codes(read)
        if form in ONLY_IN.get(code, {form}) and (plan, where, code) not in NEEDS_A_READER
    ]
    assert silent == []


@pytest.mark.parametrize(("plan", "form"), PAIRS)
def test_no_false_alarm(plan: str, form: str) -> None:
    alarms = [
        (where, code)
        for where, right, read in sides(plan, form)
        for code in codes(read) - codes(right) - TOLD_AT_EVERY_ROW
    ]
    assert alarms == []


@pytest.mark.parametrize(("plan", "form"), PAIRS)
def test_doubts_are_known_words_with_a_chinese_sentence(plan: str, form: str) -> None:
    for _, _, read in sides(plan, form):
        for problem in read["problems"]:
            code, sentence = problem.split(": ", 1)
            assert DOUBT_LABELS[Doubt(code)]
            assert any("\u4e00" <= ch <= "\u9fff" for ch in sentence)


@pytest.mark.parametrize("form", sorted(SLID))
def test_slid_cells_are_put_back_and_their_rows_named(form: str) -> None:
    tasks = {t["seq"]: t for t in reading(form)["tasks"]}
    told = {
        seq: next(p for p in tasks[seq]["problems"] if p.startswith("columns_shifted")) for seq in (22, 23)
    }
    assert all(f"第 {row} 行" in told[22] for row in range(59, 68))
    assert all(f"第 {row} 行" in told[23] for row in (80, 81))
    assert sum(len(t["items_raw"]) for t in tasks.values()) == 86


@pytest.mark.parametrize(("plan", "form"), PAIRS)
def test_every_fact_says_where_it_was_read(plan: str, form: str) -> None:
    for task in reading(form)["tasks"]:
        for fact in ("lead_department", "items", "subject_scope", "ratio", "window"):
            place = task["provenance"][fact]
            assert place["raw"].strip()
            assert place["row"] >= 1
            assert place["column"] >= 1
            assert place["sheet"]
        assert json.dumps(task, ensure_ascii=False)


@pytest.mark.parametrize(
    "form", ["guinan-2023-as-extracted.xlsx", "yuanping-2024.xlsx", "jiaozuo-sfq-2023.xlsx"]
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_columns_does_not_matter(form: str, seed: int) -> None:
    plan = next(p for p, forms in FORMS.items() if form in forms)
    rows = [
        [cell.printed.replace("\n", " ") for cell in row]
        for row in read_source(form, (HERE / "files" / form).read_bytes()).grids[0].rows
    ]
    order = random.Random(seed).sample(range(len(rows[0])), len(rows[0]))
    content = tsv([[row[column] for column in order] for row in rows])
    region = truth(plan)["plan"]["region"]
    turned = read_plan("计划.tsv", content, year=None, region=region, register=REGISTER)["tasks"]
    for fact in (
        "seq",
        "lead_department",
        "cooperating_departments",
        "ratio",
        "frequency",
        "window",
        "item_category",
    ):
        assert [canonical(fact, t[fact], region) for t in turned] == [
            canonical(fact, t[fact], region) for t in truth(plan)["tasks"]
        ]
    assert sum(len(t["items_raw"]) for t in turned) == sum(len(t["items_raw"]) for t in truth(plan)["tasks"])
