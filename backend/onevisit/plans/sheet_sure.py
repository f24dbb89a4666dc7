"""How sure is the reader of a fact? Which facts a doubt is about, and the word for what is left of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from onevisit.plans.terms import DOUBTS_TO_DECIDE, Doubt, Sure

Doubts = Sequence[tuple[str, str]]
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
    "items",
    "ratio",
    "sample_size",
    "frequency",
    "window",
    "methods",
    "item_category",
    "targeting",
    "risk_policy",
)
EXTRAS = ("plan_no", "executing_unit", "contact", "draw_window", "remark", "basis", "origin", "area")

# The facts that a doubt calls into question; the others speak of the table or of tasks among one another.
_ABOUT: dict[str, str] = {
    "seq": "seq_gap seq_repeated seq_missing",
    "field": "field_mismatch field_is_scope",
    "plan_name": "departments_disagree plan_name_incomplete plan_name_generic plan_name_mismatch",
    "task_name": "task_name_missing",
    "subject_scope": "scope_missing scope_mismatch scope_vague scope_wider scope_not_an_entity blank_in_scope"
    " cells_shifted typo overlapping_scope",
    "lead_department": "lead_missing lead_derived lead_name_inconsistent lead_without_area lead_name_prefix"
    " lead_name_with_second_name",
    "cooperating_departments": "cooperating_missing departments_disagree department_name_inconsistent"
    " name_without_level department_without_area department_other_region numbered_departments"
    " two_departments_one_cell department_unknown",
    "items": "row_not_read columns_shifted cells_shifted items_missing missing_department department_twice"
    " item_without_department attribution_doubtful items_repeated item_of_other_task items_of_other_task"
    " items_lost_to_next same_item_two_departments two_items_one_cell numbered_items_in_cell items_by_comma"
    " items_run_together number_missing separator_in_name trailing_separator leading_blank blank_in_cell",
    "ratio": "ratio_missing ratio_unreadable ratio_repeated ratio_conflict ratio_scale ratio_by_class ratio_about"
    " ratio_separator",
    "frequency": "frequency_unreadable frequency_conflict frequency_without_period two_draws quarterly monthly"
    " half_yearly ambiguous_quarter",
    "window": "window_unreadable window_missing ambiguous_window ambiguous_quarter window_end window_reversed"
    " year_missing year_differs date_style month_in_name",
    "methods": "method_unreadable truncated",
    "item_category": "category_short category_unreadable category_overwritten cells_shifted",
    "targeting": "targeting_unreadable",
    "risk_policy": "punctuation",
}
_FACTS_OF = {
    Doubt(code): tuple(fact for fact, codes in _ABOUT.items() if code in codes.split())
    for words in _ABOUT.values()
    for code in words.split()
}


def facts_in_doubt(code: str, words: str, about: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    """The facts a doubt is about."""
    known = about.get((code, words))
    return (known,) if known is not None else _FACTS_OF.get(Doubt(code), ())


def facts_with_sureness(task: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every fact of a task with its cells, what is printed in them, how sure it is and why."""
    reading = task["reading"]
    named = {place["raw"] for place in reading.cells_of("lead_department")}
    found: dict[str, list[tuple[str, str]]] = {}
    for code, words in task["problems"]:
        facts = facts_in_doubt(code, words, reading.about)
        if code == Doubt.DEPARTMENT_UNKNOWN and any(
            raw.strip() and f"“{raw.strip()}”" in words for raw in named
        ):
            facts = ("lead_department",)
        for fact in facts:
            found.setdefault(fact, []).append((code, words))
    names = [*FACTS, *(name for name in EXTRAS if name in task)]
    return {name: _fact(name, task.get(name), reading, found.get(name, [])) for name in names}


def _fact(name: str, value: Any, reading: Any, because: Doubts) -> dict[str, Any]:
    cells = reading.cells_of(name)
    return {
        "cells": cells,
        "raw": reading.raw_of(name),
        **_sureness(value, bool(cells), name in reading.corrected, because),
    }


def _sureness(value: Any, printed: bool, corrected: bool, because: Doubts) -> dict[str, Any]:
    why = [{"code": code, "words": words} for code, words in because]
    if corrected:
        return {
            "sure": Sure.CORRECTED.value,
            "because": [{"code": "learnt", "words": "按本办公室以前的更正读"}],
        }
    if any(code in DOUBTS_TO_DECIDE for code, _ in because):
        return {"sure": Sure.IN_DOUBT.value, "because": why}
    if value in (None, [], "") and not printed:
        return {"sure": Sure.ABSENT.value, "because": why}
    if not printed:
        why = [*why, {"code": "derived", "words": "表中没有这一格，由标题、分组或其他列推得"}]
    return {"sure": (Sure.READ_LOOSELY if why else Sure.CERTAIN).value, "because": why}
