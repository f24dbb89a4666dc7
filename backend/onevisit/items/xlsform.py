"""Which entries does an XLSForm (survey, choices, settings) mean, and what of it does not fit a checklist? Pure.

XLSForm is the field's convention for forms (pyxform's documentation). What fits becomes entries; what does not is
named by sheet and row with a sentence, so that nothing is dropped in silence: `left_out` rows gave no entry, `lost` says
what an entry that was taken could not keep.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from onevisit.items.rules import Entry, conditions_of

Sheet = Sequence[Sequence[str]]
Kind = Literal["left_out", "lost", "note"]
# Other names of types that pyxform takes too.
_ALIASES = {
    "select one": "select_one", "select1": "select_one", "select one from": "select_one", "int": "integer",
    "string": "text", "add note prompt": "note", "photo": "image", "q picture": "image", "q image": "image",
    "begin group": "begin_group", "end group": "end_group", "begin repeat": "begin_repeat", "end repeat": "end_repeat",
    "add select one prompt using": "select_one", "add integer prompt": "integer", "add text prompt": "text",
    "q date": "date", "q int": "integer", "q string": "text", "select multiple": "select_multiple",
    "select all that apply": "select_multiple",
}  # fmt: skip
_ANSWERS = {"integer": "number", "decimal": "number", "range": "number", "text": "text", "date": "date"}
_JUDGEMENTS: dict[str, tuple[str, ...]] = {
    "pass": ("pass", "passed", "合格", "符合", "ok", "compliant", "conforming"),
    "fail": ("fail", "failed", "不合格", "不符合", "non_compliant", "noncompliant", "nonconforming"),
    "not_applicable": ("not_applicable", "na", "n_a", "n/a", "不适用", "不涉及"),
    "not_checked": ("not_checked", "未检查", "未查"),
}
_SILENT = frozenset(
    {
        "start",
        "end",
        "today",
        "deviceid",
        "username",
        "phonenumber",
        "email",
        "simserial",
        "subscriberid",
        "audit",
    }
)
_WHY = {
    "select_multiple": "多选题在检查表里没有对应的填法，请拆成几条合格/不合格",
    "select_one_from_file": "选项在另外的文件里，没有导入，请把选项写进 choices 表",
    "select_multiple_from_file": "选项在另外的文件里，且是多选，没有导入",
    "rank": "排序题在检查表里没有对应的填法",
    "calculate": "计算字段不是检查内容，没有导入",
    "hidden": "隐藏字段不是检查内容，没有导入",
    "xml-external": "外部数据没有导入", "csv-external": "外部数据没有导入",
    "geopoint": "位置由手机在到达和拍照时自动记录，不用填",
    "geotrace": "轨迹在检查表里没有对应的填法", "geoshape": "区域在检查表里没有对应的填法",
    "barcode": "扫码在检查表里没有对应的填法，请改为文字",
    "audio": "录音是上门记录的证据，不是一条的填法", "video": "录像在检查表里没有对应的填法",
    "file": "附件在检查表里没有对应的填法", "acknowledge": "“已知晓”不是检查内容，没有导入",
    "time": "时刻在检查表里没有对应的填法，请改为文字", "datetime": "日期时刻在检查表里没有对应的填法，请改为日期或文字",
}  # fmt: skip
_UNUSED = {
    "calculation": "计算公式", "default": "默认值", "appearance": "外观", "read_only": "只读", "readonly": "只读",
    "choice_filter": "选项过滤", "trigger": "触发", "repeat_count": "重复次数", "media::image": "题图",
    "parameters": "参数", "required_message": "必填提示",
}  # fmt: skip


@dataclass(frozen=True)
class Remark:
    """What a row of the form lost on the way, or why it is not there."""

    sheet: str
    row: int
    name: str
    kind: Kind
    sentence: str


@dataclass
class FormRead:
    """A form as a checklist; `rows` says which row of `survey` each entry came from."""

    title: str = ""
    entries: list[Entry] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class _Row:
    number: int
    cells: dict[str, str]
    name: str
    kind: str
    list_name: str = ""
    other: bool = False


class NoForm(ValueError):
    """This workbook is no XLSForm, with the reason."""


def read_form(sheets: Mapping[str, Sheet]) -> FormRead:
    """The checklist that the form means."""
    by_name = {name.strip().lower(): sheet for name, sheet in sheets.items()}
    if "survey" not in by_name:
        raise NoForm("里没有 survey 工作表，不是 XLSForm")
    settings = next((cells for _, cells in _rows(by_name.get("settings", []))), {})
    survey = list(_rows(by_name["survey"]))
    if not survey:
        raise NoForm("的 survey 工作表是空的，没有一道题")
    if not any("type" in cells for _, cells in survey):
        raise NoForm("的 survey 工作表没有 type 列，不是 XLSForm")
    reader = _Reader(settings, _choices(by_name.get("choices", []), settings.get("default_language", "")))
    for number, cells in survey:
        reader.take(number, cells)
    reader.finish()
    return reader.read


def _rows(sheet: Sheet) -> Iterable[tuple[int, dict[str, str]]]:
    """Row number and cells by their lower-case heading; `label : zh` and `label::zh` are one heading."""
    if not sheet:
        return
    heads = [re.sub(r"\s*::?\s*", "::", str(head).strip().lower()) for head in sheet[0]]
    for number, line in enumerate(sheet[1:], start=2):
        cells = {
            head: " ".join(str(text).split())
            for head, text in zip(heads, line, strict=False)
            if head and str(text).strip()
        }
        if cells:
            yield number, cells


def _in_language(cells: Mapping[str, str], column: str, language: str) -> str:
    """A translated column: the plain one, the form's own language, Chinese, then whichever comes first."""
    ways = {
        key.partition("::")[2]: text
        for key, text in cells.items()
        if key == column or key.startswith(f"{column}::")
    }
    chosen = [
        key
        for key in ways
        if key and (key == language.lower() or "zh" in key or "chinese" in key or "中文" in key)
    ]
    for key in ("", *chosen):
        if key in ways:
            return ways[key]
    return next(iter(ways.values()), "")


def _choices(sheet: Sheet, language: str) -> dict[str, list[tuple[str, str]]]:
    """list_name -> (name, label) in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for _, cells in _rows(sheet):
        of, name = (
            cells.get("list_name") or cells.get("list name") or "",
            cells.get("name") or cells.get("value") or "",
        )
        if of and name:
            found.setdefault(of, []).append((name, _in_language(cells, "label", language) or name))
    return found


class _Reader:
    """Goes down the survey once and remembers what conditions may look back at."""

    def __init__(self, settings: Mapping[str, str], choices: Mapping[str, list[tuple[str, str]]]) -> None:
        self.language, self.choices = settings.get("default_language", ""), choices
        self.read = FormRead(
            title=_in_language(settings, "form_title", self.language) or settings.get("form_id", "")
        )
        self.answers: dict[
            str, tuple[Entry, dict[str, str]]
        ] = {}  # form name -> its entry, choice name -> answer
        self.groups: list[str] = []  # the relevants of open groups
        self.repeats = 0
        self.notes: list[str] = []

    def take(self, number: int, cells: dict[str, str]) -> None:
        """One row of the survey."""
        row = _row(number, cells)
        if cells.get("disabled", "").lower() in ("yes", "true"):
            return self.remark(row, "left_out", "这一行标为停用（disabled），没有导入")
        if row.kind in ("begin_group", "end_group", "begin_repeat", "end_repeat"):
            return self.nest(row)
        if self.repeats:
            return self.remark(row, "left_out", "在重复组（begin repeat）里，检查表没有重复的条目")
        if row.kind == "note":
            return self.notes.append(self.text(row, "label") or row.name)
        if row.kind == "image":
            return self.evidence(row)
        if row.kind in _SILENT:
            return self.remark(row, "note", "由系统自动记录，不用填")
        if row.kind != "select_one" and row.kind not in _ANSWERS:
            why = _WHY.get(row.kind, f"类型“{cells.get('type', '')}”在检查表里没有对应的填法")
            return self.remark(row, "left_out", why)
        return self.question(row)

    def nest(self, row: _Row) -> None:
        """Groups are only brackets; their condition holds for what stands inside."""
        if row.kind == "begin_group":
            self.groups.append(row.cells.get("relevant", ""))
            if label := self.text(row, "label"):
                self.remark(row, "note", f"分组标题“{label}”没有保留，组内各题照常导入")
        elif row.kind == "end_group":
            self.groups = self.groups[:-1]
        elif row.kind == "begin_repeat":
            self.repeats += 1
            self.remark(row, "left_out", "重复组没有导入，检查表没有重复的条目")
        else:
            self.repeats = max(0, self.repeats - 1)

    def question(self, row: _Row) -> None:
        """A row that becomes an entry."""
        entry: Entry = {
            "id": f"e{len(self.read.entries) + 1}", "text": self.text(row, "label") or row.name, "answer": "text",
            "unit": None, "choices": [], "required": row.cells.get("required", "").lower() in ("yes", "true", "true()", "1"),
            "content": self.text(row, "guidance_hint") or None, "method": self.text(row, "hint") or None,
            "basis": row.cells.get("basis") or row.cells.get("依据") or None, "evidence": "none", "phrases": [], "condition": None,
        }  # fmt: skip
        if not self.text(row, "label"):
            self.remark(row, "lost", f"没有题目（label），用字段名“{row.name}”代替")
        names: dict[str, str] = {}
        if row.kind == "select_one":
            given = self.choices.get(row.list_name)
            if not given:
                return self.remark(row, "left_out", f"choices 表里没有选项“{row.list_name}”")
            names = self.choose(row, entry, given)
        else:
            entry["answer"] = _ANSWERS[row.kind]
            if row.kind == "integer":
                self.remark(row, "note", "整数按数值导入，手机上也可以填小数")
        if self.notes:
            entry["content"] = "；".join([*self.notes, *filter(None, [entry["content"]])])
            self.notes = []
        self.limit(row, entry)
        self.condition(row, entry)
        for column, what in _UNUSED.items():
            if column in row.cells and not (column == "parameters" and row.kind == "range"):
                self.remark(row, "lost", f"{what}（{column}）没有用到")
        self.read.entries.append(entry)
        self.read.rows.append(row.number)
        self.answers[row.name] = (entry, names)
        return None

    def choose(self, row: _Row, entry: Entry, given: list[tuple[str, str]]) -> dict[str, str]:
        """合格/不合格 (不适用, 未检查) is our three-way answer; other lists stay choices, by their labels."""
        judged = {name: judgement for name, label in given if (judgement := _judgement(name, label))}
        if len(judged) == len(given) and {"pass", "fail"} <= set(judged.values()):
            entry["answer"] = "pass_fail"
            if row.other:
                self.remark(
                    row, "lost", "“其他”（or_other）没有保留：合格判定只有合格、不合格、不适用、未检查"
                )
            return judged
        entry["answer"], entry["choices"] = "choice", [label for _, label in given]
        if row.other:
            entry["choices"].append("其他")
            self.remark(row, "lost", "“其他”（or_other）作为一个选项导入，具体内容请写在说明里")
        return dict(given)

    def limit(self, row: _Row, entry: Entry) -> None:
        """constraint (or a range's parameters) -> 合格范围."""
        written = row.cells.get("constraint", "")
        if row.kind == "range":
            sides = dict(re.findall(r"(start|end)\s*=\s*(-?\d+(?:\.\d+)?)", row.cells.get("parameters", "")))
            entry["limits"] = {"min": sides.get("start", "0"), "max": sides.get("end", "10")}
            self.remark(row, "note", "取值范围（range）作为合格范围导入：超出的记为不合格，而不是不让填")
            return
        if not written:
            return
        limits = _limits(written, whole=row.kind == "integer") if entry["answer"] == "number" else None
        if limits is None:
            self.remark(
                row, "lost", f"约束“{written}”没有导入：只有数值的 >=、<=（可用 and 连接）能作合格范围"
            )
            return
        entry["limits"] = limits
        self.remark(row, "note", "约束（constraint）作为合格范围导入：超出的记为不合格，而不是不让填")
        if message := self.text(row, "constraint_message"):
            entry["phrases"] = [message]

    def condition(self, row: _Row, entry: Entry) -> None:
        """relevant of the row and of its groups -> one condition, if they say one simple thing."""
        written = [one for one in (*self.groups, row.cells.get("relevant", "")) if one]
        if not written:
            return
        found = self.simple(written[0]) if len(written) == 1 else None
        if found is None:
            self.remark(
                row,
                "lost",
                f"显示条件“{' and '.join(written)}”没有导入，这一条总会显示。能导入的是：前面某题选了某个答案",
            )
            return
        entry["condition"] = found

    def simple(self, written: str) -> dict[str, Any] | None:
        """${q} = 'x', selected(${q}, 'x'), several of one question joined by `or`."""
        names, wanted = set[str](), list[str]()
        for one in re.split(
            r"\s+or\s+",
            written.strip().strip("()")
            if written.count("(") == 1 and written.startswith("(")
            else written.strip(),
        ):
            found = re.fullmatch(
                r"\(?\s*\$\{\s*([^}]+?)\s*\}\s*=\s*['\"‘“]([^'\"’”]*)['\"’”]\s*\)?", one
            ) or re.fullmatch(
                r"\(?\s*selected\(\s*\$\{\s*([^}]+?)\s*\}\s*,\s*['\"‘“]([^'\"’”]*)['\"’”]\s*\)\s*\)?", one
            )
            if found is None:
                return None
            names.add(found[1])
            wanted.append(found[2])
        if len(names) != 1 or (known := self.answers.get(names.pop())) is None:
            return None
        entry, answers = known
        meant = [answers.get(one) for one in wanted]
        if None in meant or not {str(one) for one in meant} <= set(conditions_of(entry)):
            return None
        return {"entry": entry["id"], "is": meant[0] if len(meant) == 1 else meant}

    def evidence(self, row: _Row) -> None:
        """A photo question is the evidence of the entry before it; asked only where that failed: 不合格时拍照."""
        if not self.read.entries:
            return self.remark(row, "left_out", "拍照题前面没有检查内容，不知道是哪一条的证据")
        last = self.read.entries[-1]
        relevant = row.cells.get("relevant", "")
        simple = self.simple(relevant) if relevant else None
        if relevant and (simple is None or simple != {"entry": last["id"], "is": "fail"}):
            return self.remark(
                row, "left_out", f"拍照题的显示条件“{relevant}”没有导入。能导入的是：上一题不合格时拍照"
            )
        if relevant and last["answer"] == "pass_fail":
            last["evidence"] = "photo_on_fail"
        elif row.cells.get("required", "").lower() in ("yes", "true", "true()", "1") or not relevant:
            last["evidence"] = "photo"
        return self.remark(row, "note", f"拍照题作为上一条“{last['text'][:20]}”的证据要求导入")

    def finish(self) -> None:
        """Notes after the last question belong to it."""
        if self.notes and self.read.entries:
            last = self.read.entries[-1]
            last["content"] = "；".join([*filter(None, [last["content"]]), *self.notes])
        for at, entry in enumerate(self.read.entries, start=1):
            entry["no"] = str(at)

    def text(self, row: _Row, column: str) -> str:
        """A translated text, without the marks that other tools lay over it; references stay readable."""
        return re.sub(r"[*_#]{2,}|<[^>]{1,40}>", "", _in_language(row.cells, column, self.language)).strip()

    def remark(self, row: _Row, kind: Kind, sentence: str) -> None:
        """Say it."""
        self.read.remarks.append(
            Remark("survey", row.number, row.name or row.cells.get("type", ""), kind, sentence)
        )


def _row(number: int, cells: dict[str, str]) -> _Row:
    written = cells.get("type", "").strip()
    lowered = written.lower()
    for alias in sorted(
        [
            *_ALIASES,
            "select_one_from_file",
            "select_multiple_from_file",
            "select_multiple",
            "select_one",
            "rank",
        ],
        key=len,
        reverse=True,
    ):
        if lowered == alias or lowered.startswith(f"{alias} "):
            rest = written[len(alias) :].split()
            other = bool(rest) and rest[-1].lower() in ("or_other", "other")
            return _Row(
                number,
                cells,
                cells.get("name", ""),
                _ALIASES.get(alias, alias),
                rest[0] if rest else "",
                other,
            )
    return _Row(number, cells, cells.get("name", ""), lowered.replace(" ", "_"))


def _judgement(name: str, label: str) -> str | None:
    written = {name.strip().lower().replace("-", "_"), label.strip().lower()}
    return next((judgement for judgement, ways in _JUDGEMENTS.items() if written & set(ways)), None)


def _limits(written: str, whole: bool) -> dict[str, str | None] | None:
    """`. >= 18 and . <= 26`; a strict < can be kept only for whole numbers."""
    limits: dict[str, str | None] = {"min": None, "max": None}
    for one in re.split(r"\s+and\s+", written.strip()):
        found = re.fullmatch(r"\(?\s*\.\s*(>=|<=|>|<)\s*(-?\d{1,15}(?:\.\d{1,6})?)\s*\)?", one)
        if found is None:
            return None
        sign, number = found[1], found[2]
        if sign in "<>":
            if not whole or "." in number:
                return None
            number = str(int(number) + (1 if sign == ">" else -1))
        side = "min" if sign.startswith(">") else "max"
        if limits[side] is not None:
            return None
        limits[side] = number
    return limits
