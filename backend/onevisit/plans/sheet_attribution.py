"""Who checks what in a task? The initiating and the cooperating offices, and the items of each."""

import re

from onevisit.plans.sheet_columns import Row
from onevisit.plans.sheet_draft import Draft, Task
from onevisit.plans.sheet_grid import Cell
from onevisit.plans.sheet_items import Pieces, split_departments, split_items, tidy
from onevisit.plans.sheet_roles import read_roles, without_role


def read_offices_and_items(draft: Draft) -> None:
    """Offices of the columns, then the items row by row."""
    lead, partners = _lead(draft)
    rows = draft.raw.rows
    printed = [r for r in rows if r.printed("cooperating")]
    listed = [_offices(draft, r) for r in rows]
    canonical = draft.setting.canonical
    lead_listed = any(lead and canonical(n) == canonical(lead) for names in listed for n in names)
    own_column = any(r.text("item_department") for r in rows) and not partners
    # A column that lists an office per item row names who checks it; one cell for all rows is a list.
    attributed = lead_listed or len(printed) > 1 or own_column
    named = [*listed, partners]
    if own_column:
        named += [_item_offices(draft, r) for r in rows]
    cooperating: list[str] = []
    for name in (one for names in named for one in names):
        known = {canonical(n) for n in [*cooperating, lead or ""]}
        if name and canonical(name) not in known:
            cooperating.append(name)
    if attributed and not lead_listed and not own_column and len(rows) > 1:
        draft.doubt("attribution_doubtful", "事项按同一行的配合部门读，发起部门没有自己的事项，请核对")
    first = next((r for r in rows if r.text("cooperating")), rows[0])
    draft.trace("cooperating_departments", first.cells.get("cooperating"), first.grid)
    for row in rows:
        for column in ("cooperating", "item_department")[: 2 if own_column else 1]:
            if row.printed(column):
                draft.trace_also("cooperating_departments", row.cells[column], row.grid)
    if partners and not printed and "lead_department" in draft.provenance:
        draft.provenance["cooperating_departments"] = draft.provenance["lead_department"]
    draft.facts["lead_department"] = lead
    draft.facts["cooperating_departments"] = cooperating
    draft.facts["departments_only_in_plan_name"] = []
    draft.facts["lead_listed"] = lead_listed
    _items(draft, listed, lead, attributed, own_column)


def _lead(draft: Draft) -> tuple[str | None, list[str]]:
    """The initiating office, and those that its cell names beside it."""
    text = draft.take("lead_department", "lead")
    body = draft.raw.text("tier")
    # 检查主体 is a tier in some tables and an office in others.
    if not text.strip() and draft.setting.register.is_department(body, draft.setting.region):
        text = draft.take("lead_department", "tier")
    roles = read_roles(text)
    if not text.strip():
        roles = next((r for row in draft.raw.rows if (r := read_roles(row.text("cooperating")))), None)
        if roles is not None:
            draft.take("lead_department", "cooperating")
    if roles is None and draft.raw.cell("lead") is draft.raw.cell("item_department"):
        marked = (read_roles(row.text("lead")) for row in draft.raw.rows)
        roles = next((r for r in marked if r is not None and not r.partners), None)
    if roles is not None:
        names, partners = _split(draft, roles.lead), _split(draft, roles.partners)
    else:
        names, partners = _split(draft, text or _lead_elsewhere(draft)), []
    if draft.correct("lead_department"):
        return draft.facts["lead_department"], partners
    if not names:
        draft.doubt("lead_missing", "没有写发起部门，请填写")
        return None, partners
    if len(names) > 1:
        draft.doubt(
            "two_departments_one_cell",
            f"发起部门一格写了 {'、'.join(names)}，取第一个，请核对",
            "lead_department",
        )
    return names[0], [*names[1:], *partners]


def _lead_elsewhere(draft: Draft) -> str:
    """The office of the group, of the sheet or of the title, where no column names it."""
    register, region = draft.setting.register, draft.setting.region
    sheet = draft.raw.rows[0].grid
    for where, text in (("分组标题", draft.raw.section), ("标题", draft.raw.title), ("工作表名", sheet)):
        if not text:
            continue
        named = [m for m in register.mentions(text, region) if m.start <= 4]
        written = text if register.is_department(text, region) else named[0].written if named else ""
        if written:
            draft.doubt("lead_derived", f"表中没有发起部门，按{where}读作“{written}”")
            return written
    return ""


def _split(draft: Draft, text: str) -> list[str]:
    pieces = split_departments(text, draft.setting.register, draft.setting.region)
    return [name for one in pieces.texts if (name := without_role(one))]


def _item_offices(draft: Draft, row: Row) -> list[str]:
    return _split(draft, row.text("item_department"))


def _offices(draft: Draft, row: Row) -> list[str]:
    text = row.text("cooperating")
    roles = read_roles(text)
    if roles is not None:
        text = f"{roles.lead}、{roles.partners}"
    pieces = split_departments(text, draft.setting.register, draft.setting.region)
    for code, words in pieces.doubts:
        draft.doubt(code, words)
    return [name for one in pieces.texts if (name := without_role(one))]


def _items(
    draft: Draft, listed: list[list[str]], lead: str | None, attributed: bool, own_column: bool
) -> None:
    items: list[Task] = []
    items_raw: list[Task] = []
    offices: list[str] = []
    for row, names in zip(draft.raw.rows, listed, strict=True):
        own = _item_offices(draft, row) if own_column else []
        if own:
            offices = own
        elif attributed and names:
            if not row.printed("cooperating") and offices == names:
                _continued_office(draft, row, names, lead)
            offices = names
        elif attributed and offices:
            _continued_office(draft, row, offices, lead)
        else:
            offices = offices or ([lead] if lead else [])
        cell = _item_cell(row)
        if cell is None:
            continue
        pieces = split_items(cell.text)
        if draft.setting.learnt.corrects("items", cell.text):
            pieces = Pieces(list(draft.setting.learnt.value("items", cell.text)))
            draft.corrected.add("items")
        for code, words in pieces.doubts:
            # With one item to a row nobody takes a 、 for a list; in a cell for a whole task one might.
            if code != "separator_in_name" or len(draft.raw.rows) == 1:
                draft.doubt(code, words)
        _compare_item_columns(draft, row, pieces.texts)
        items_raw.append({"department": offices[0] if offices else None, "text": cell.text})
        draft.trace(f"items.{len(items_raw) - 1}", cell, row.grid)
        draft.trace_also("items", cell, row.grid)
        if "items" not in draft.provenance:
            draft.trace("items", cell, row.grid)
        items.extend(_attributed(pieces.texts, offices, pieces.by_blank))
    if not items:
        draft.doubt("items_missing", "没有写抽查事项，请填写")
    draft.facts["items"] = items
    draft.facts["items_raw"] = items_raw


def _continued_office(draft: Draft, row: Row, offices: list[str], lead: str | None) -> None:
    """Under the lead a blank office means the lead; under another office it is a guess."""
    canonical = draft.setting.canonical
    if len(offices) == 1 and (lead is None or canonical(offices[0]) != canonical(lead)) and _item_cell(row):
        draft.doubt("missing_department", f"第 {row.number} 行的事项没有写部门，按上一格的{offices[0]}读")


def _item_cell(row: Row) -> Cell | None:
    """The item column; of two the one whose numbering is complete."""
    filled = [c for c in row.items if c.text.strip() and (c.own or len(row.items) == 1)]
    if not filled:
        return None
    best = max(filled, key=lambda c: (len(re.findall(r"\d\s*[.、．]", c.text)), c is filled[0]))
    return best if len(split_items(best.text).texts) >= len(split_items(filled[0].text).texts) else filled[0]


def _compare_item_columns(draft: Draft, row: Row, texts: list[str]) -> None:
    """Two columns of the same items may differ in their numbers only, or really."""
    for cell in row.items:
        if not cell.text.strip():
            continue
        other = split_items(cell.text).texts
        numbers = re.findall(r"\d\s*[.、．]", cell.text)
        if other == texts and 0 < len(numbers) < len(texts):
            draft.doubt("number_missing", f"第 {cell.column} 列的编号事项缺少编号，按另一列读")
        elif other != texts:
            draft.doubt("row_not_read", f"第 {cell.column} 列的事项“{tidy(cell.text)}”与另一列不同，请核对")


def _attributed(texts: list[str], offices: list[str], by_blank: bool) -> list[Task]:
    """Items with their offices; as many blanks in the item cell as in the office cell pair them up."""
    if by_blank and len(offices) == len(texts) > 1:
        return [{"department": o, "text": t} for o, t in zip(offices, texts, strict=True)]
    item: Task = {"department": offices[0] if offices else None}
    if len(offices) > 1:
        return [{**item, "text": t, "departments": list(offices)} for t in texts]
    return [{**item, "text": t} for t in texts]
