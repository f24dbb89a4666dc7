"""What stands in one cell together? Splits cells that hold several items or several departments."""

import re
from dataclasses import dataclass, field

from onevisit.departments.register import DepartmentRegister, plain

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CHINESE = "一二三四五六七八九十"
# A line or a piece that ends like this is an item of its own and not a broken line.
_ITEM_END = re.compile(
    r"(?:检查|抽查|情况|监管|事项|管理|检测|检验|落实|执行|监测|核查|审查|执法|安全|行为|资质|许可|质量|工作)"
    r"(?:等)?[。；;]?$"
)
_ITEM_END_STRICT = re.compile(r"(?:检查|抽查|事项|监管|核查|执法)$")


@dataclass
class Pieces:
    """The parts of a cell and how they were parted."""

    texts: list[str]
    doubts: list[tuple[str, str]] = field(default_factory=list)
    by_blank: bool = False


def tidy(text: str) -> str:
    """A cell's text on one line: line wraps inside Chinese text vanish, other blanks become one."""
    text = re.sub(r"\s*\n\s*", "\n", text.strip())
    text = re.sub(r"(?<=[\u4e00-\u9fff，。；、])\n(?=[\u4e00-\u9fff，。；、])", "", text)
    return re.sub(r"\s+", " ", text)


_SAME_LENGTH = str.maketrans("０１２３４５６７８９．", "0123456789.")


def _numbered(printed: str) -> list[str] | None:
    """Split at 1. 2. 3. (or （1）, ①, 一、) found in this order; None if the cell is no numbered list."""
    text = printed.translate(_SAME_LENGTH)
    first = re.match(r"\s*(?:[（(]?1[.．、:：)）](?!\d)|①|[（(]?一[、.）)是]|[aA][.．、)）])", text)
    if first is None:
        return None
    chinese = bool(re.match(r"\s*[（(]?一", text))
    lettered = text.lstrip()[0] if text.lstrip()[0] in "aA" else ""
    starts: list[tuple[int, int]] = []
    at = 0
    for n in range(1, 26 if lettered else 60):
        mark = rf"(?<![A-Za-z]){chr(ord(lettered) + n - 1)}\s*[.．、)）]" if lettered else _mark(n, chinese)
        hit = re.compile(mark).search(text, at)
        if hit is None:
            break
        starts.append((hit.start(), hit.end()))
        at = hit.end()
    ends = [s for s, _ in starts[1:]] + [len(text)]
    return [printed[e:end] for (_, e), end in zip(starts, ends, strict=True)]


def _mark(n: int, chinese: bool) -> str:
    if chinese:
        word = _CHINESE[n - 1] if n <= 10 else "十" + _CHINESE[n - 11] if n < 20 else "\x00"
        return rf"[（(]?{word}(?:[、.]|[）)])|(?<![第之]){word}是"
    circled = _CIRCLED[n - 1] if n <= 20 else "\x00"
    return rf"(?<!\d)(?:[（(]{n}[）)]|{circled}|{n}\s*[.．、:：)）](?!\d))"


def _top_level(text: str, separators: str) -> list[str]:
    """Split at separators outside brackets and quotes."""
    parts, depth, start = [], 0, 0
    for position, ch in enumerate(text):
        if ch in "（(《【[“":
            depth += 1
        elif ch in "）)》】]”":
            depth = max(0, depth - 1)
        elif ch in separators and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]


def _lines(text: str) -> list[str]:
    """Split at line breaks that end an item; a break inside a sentence is a wrap and is closed."""
    joined: list[str] = []
    for line in filter(None, (part.strip() for part in text.split("\n"))):
        if joined and not _ITEM_END.search(joined[-1]) and not re.search(r"[。；;]$", joined[-1]):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _closed(text: str) -> str:
    return tidy(text).strip(" 　").rstrip("；;。．，,、 ").strip()


def split_items(raw: str) -> Pieces:
    """The items of one cell: numbered lists, lines, ； lists, and two items parted by a blank."""
    pieces = Pieces([])
    if raw != raw.lstrip() and raw.strip():
        pieces.doubts.append(("leading_blank", "事项单元格以空格开头"))
    if re.search(r"[；;]\s*$", raw):
        pieces.doubts.append(("trailing_separator", "事项单元格末尾多一个分隔符"))
    numbered = _numbered(raw.strip())
    if numbered is not None and len(numbered) > 1:
        texts = [line for part in numbered for line in _unnumbered_tail(part, pieces)]
        pieces.doubts.extend(_numbering_doubts(raw))
    else:
        body = numbered[0] if numbered else raw
        texts = [p for line in _lines(body) for p in _top_level(line, "；;")]
        if len([t for t in texts if t.strip()]) == 1:
            one = _closed(next(t for t in texts if t.strip()))
            texts = _by_comma(one, pieces) or _by_blank(one, pieces)
    pieces.texts = [t for t in map(_closed, texts) if t]
    kept = [t for t in pieces.texts if "、" in t]
    if kept and len(pieces.texts) == 1:
        pieces.doubts.append(("separator_in_name", f"“{kept[0]}”里的顿号是名称的一部分，未拆分"))
    return pieces


def _unnumbered_tail(part: str, pieces: Pieces) -> list[str]:
    """The last lines of a numbered list may have lost their number."""
    lines = _lines(part)
    if len(lines) > 1 and all(_ITEM_END.search(line) for line in lines):
        pieces.doubts.append(("number_missing", f"“{lines[-1]}”前缺少编号，按单独一项读"))
        return lines
    return ["".join(lines)]


def _numbering_doubts(raw: str) -> list[tuple[str, str]]:
    text = raw.strip()
    if "\n" in text:
        return []
    if re.search(r"[；;。]\s*[（(]?\d\s*[.．、）)]", text):
        return (
            [("numbered_items_in_cell", "一格里编号写了多个事项，已拆分")]
            if re.search(r"[；;]", text)
            else []
        )
    return [("items_run_together", "编号事项之间没有分隔，按编号拆分")]


def _by_comma(text: str, pieces: Pieces) -> list[str] | None:
    """入网审查检查,食品安全检查: a comma or stroke parts items only where each part is one by itself."""
    parts = [p.strip() for p in _top_level(text, ",，/") if p.strip()]
    if len(parts) < 2 or not all(_ITEM_END_STRICT.search(p) and len(p) >= 4 for p in parts):
        return None
    pieces.doubts.append(("items_by_comma", f"一格用逗号或斜线写了 {len(parts)} 个事项，已拆分"))
    return parts


def _by_blank(text: str, pieces: Pieces) -> list[str]:
    """保安服务行业监督检查 登记备案事项 are two; 特种行业…情况 抽查 is one with a line wrap."""
    parts = [p for p in text.split(" ") if p]
    if len(parts) < 2 or not re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", text):
        return [text]
    if all(_ITEM_END_STRICT.search(p) and len(p) >= 4 for p in parts):
        pieces.by_blank = True
        pieces.doubts.append(("two_items_one_cell", f"一格写了 {len(parts)} 个事项：{'；'.join(parts)}"))
        return parts
    pieces.doubts.append(("blank_in_cell", f"“{text}”中的空格是换行，不作分隔"))
    return [text]


def split_departments(raw: str, register: DepartmentRegister, region: str | None) -> Pieces:
    """The departments of one cell as printed, without numbers and separators."""
    text = tidy(raw.replace("\n", "、") if "\n" in raw.strip() else raw)
    pieces = Pieces([])
    numbered = _numbered(text)
    if numbered is not None and len(numbered) > 1:
        pieces.doubts.append(("numbered_departments", f"“{text}”一格内编号写了多个部门，已拆分"))
        text = "、".join(numbered)
    elif numbered is not None:
        text = numbered[0]
    text = re.sub(r"等(?:相关|有关)?(?:部门|单位)?$", "", text)
    for part in _top_level(text, "、，,；;/\\|"):
        pieces.texts.extend(_blank_or_and(part.strip(" 。"), register, region, pieces))
    pieces.texts = [t for t in pieces.texts if t and not re.fullmatch(r"无|/|-+|—+|等|（?无）?", t)]
    return pieces


def _blank_or_and(part: str, register: DepartmentRegister, region: str | None, pieces: Pieces) -> list[str]:
    """县公安局 县市场监管局 are two offices; 住房和城乡建设局 is one although it has 和 in it."""
    words = [w for w in part.split(" ") if w]
    if len(words) > 1:
        if all(register.is_department(w, region) for w in words):
            pieces.by_blank = True
            listed = "、".join(words)
            pieces.doubts.append(
                ("two_departments_one_cell", f"一格用空格写了 {len(words)} 个部门：{listed}")
            )
            return words
        return ["".join(words)]
    for joint in re.finditer("以及|和|与|及", part):
        halves = [part[: joint.start()], part[joint.end() :]]
        if all(len(h) > 2 and _names_office(h, register, region) for h in halves):
            return [halves[0], *_blank_or_and(halves[1], register, region, pieces)]
    return [part]


def _names_office(text: str, register: DepartmentRegister, region: str | None) -> bool:
    """An office with a body of its own (…局, …委), so that 住房 of 住房和城乡建设局 does not count."""
    return register.is_department(text, region) and bool(re.search(r"[局委队院会]$|办公室$", plain(text)))
