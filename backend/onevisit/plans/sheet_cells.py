"""What does one cell say? Reads methods, category, targeting, tier, mode and risk sentence."""

import re
from dataclasses import dataclass, field
from typing import Any

from onevisit.plans.sheet_dates import plain_text
from onevisit.plans.terms import (
    ITEM_CATEGORY_LABELS,
    TARGETING_LABELS,
    ItemCategory,
    Method,
    Targeting,
)

Doubts = list[tuple[str, str]]


@dataclass
class Reading:
    """A value with the doubts its reading left."""

    value: Any = None
    doubts: Doubts = field(default_factory=list)


_METHODS: tuple[tuple[Method, str], ...] = (
    (Method.ON_SITE, r"现场(?:检查|核查|抽查|查看|勘查|监督)?|实地(?:核查|检查)?|上门|线下(?:检查)?"),
    (Method.DOCUMENT, r"书面(?:检查|审查|核查)?"),
    (
        Method.ONLINE,
        r"网络(?:检查|监测|核查|检测)?|网上(?:检查|核查)?|线上(?:检查|核查)?|在线(?:检查|监测)?|非现场(?:检查|监管)?|远程",
    ),
    (Method.SAMPLING, r"抽样(?:检测|检验|检查)?|抽检|检验检测|检测"),
    (Method.THIRD_PARTY, r"(?:委托)?(?:专业|第三方|中介)机构(?:核查|检查|审计|检测|参与)?|委托"),
    (Method.DATA_REVIEW, r"(?:查阅|查看|调阅|审阅)(?:资料|材料|台账|档案)?|资料(?:审查|核查)|台账"),
)
_METHOD_WORDS = ("现场检查", "书面检查", "网络检查", "抽样检测", "专业机构核查", "查阅资料", "实地核查")


def is_method(word: str) -> bool:
    """Whether a word is one way of checking and nothing else: 现场检查, 书面, 抽检."""
    return word == "抽样" or any(re.fullmatch(rule, word) for _, rule in _METHODS)


def read_methods(raw: str) -> Reading:
    """The methods in the order printed; near misses (中面检查) and cut words (专业机构 核) are told."""
    reading = Reading([])
    pieces = [p for p in re.split(r"[\s、，,；;/+和与及]+|或者?|相?结合", raw.strip()) if p]
    for piece in pieces:
        method, doubt = _method(piece)
        if doubt is not None:
            reading.doubts.append(doubt)
        for found in method:
            if found.value not in reading.value:
                reading.value.append(found.value)
    return reading


def _method(piece: str) -> tuple[list[Method], tuple[str, str] | None]:
    # 非现场 holds the word 现场: the longer wording is taken first and removed.
    hits = []
    rest = piece
    for method, rule in sorted(_METHODS, key=lambda m: m[0] is not Method.ONLINE):
        for hit in re.finditer(rule, rest):
            hits.append((piece.find(hit[0]), method, hit[0]))
        rest = re.sub(rule, lambda m: "□" * len(m[0]), rest)
    if hits:
        word = hits[0][2]
        cut = next((w for w in _METHOD_WORDS if w.startswith(piece) and w != piece), None)
        if cut is not None and word == "专业机构":
            return [m for _, m, _ in sorted(hits)], ("truncated", f"“{piece}”按“{cut}”读，文字不完整")
        return [m for _, m, _ in sorted(hits, key=lambda h: h[0])], None
    near = [
        w
        for w in _METHOD_WORDS
        if len(w) == len(piece) and sum(a != b for a, b in zip(w, piece, strict=True)) == 1
    ]
    if near:
        return _method(near[0])[0], ("typo", f"“{piece}”疑为“{near[0]}”，按此读")
    if len(piece) <= 1 or re.fullmatch(r"等|等方式|方式|的|检查|核查?", piece):
        return [], None
    return [], ("method_unreadable", f"检查方式“{piece}”没有读懂，请选择")


def read_category(raw: str) -> Reading:
    """key or general; both words or neither in a filled cell leaves it open."""
    text = plain_text(raw)
    if not text:
        return Reading()
    key, general = "重点" in text, "一般" in text
    if key == general or len(text) > 12:
        return Reading(None, [("category_unreadable", f"事项类别“{raw.strip()}”没有读懂，请选择重点或一般")])
    category = ItemCategory.KEY if key else ItemCategory.GENERAL
    short = text != ITEM_CATEGORY_LABELS[category] and text in ("重点检查", "一般检查")
    return Reading(
        category.value,
        [("category_short", f"“{text}”即“{ITEM_CATEGORY_LABELS[category]}”")] if short else [],
    )


def read_targeting(raw: str) -> Reading:
    """directed or undirected; 不定项 is a known slip for 不定向."""
    text = plain_text(raw)
    if not text:
        return Reading()
    for word, targeting in (("不定向", Targeting.UNDIRECTED), ("非定向", Targeting.UNDIRECTED)):
        if word in text:
            return Reading(targeting.value)
    if "定向" in text:
        return Reading(Targeting.DIRECTED.value)
    if re.search(r"(?:不|非)定.|不..?向", text):
        return Reading(Targeting.UNDIRECTED.value, [("typo", f"抽查类型“{text}”疑为“不定向”，按此读")])
    if re.search(r"定.|随机", text):
        value = Targeting.UNDIRECTED if "随机" in text else Targeting.DIRECTED
        return Reading(value.value, [("typo", f"抽查类型“{text}”疑为“{TARGETING_LABELS[value]}”，按此读")])
    if re.search(r"联合|跨部门|本部门|单部门|内部|日常|专项|年度", text):
        return Reading()  # says who checks or why, not whether the draw is directed
    return Reading(None, [("targeting_unreadable", f"抽查类型“{raw.strip()}”没有读懂，请选择定向或不定向")])


def read_tier(raw: str) -> str | None:
    """省, 市, 县 or 区 of 区级, 县（区）级, 县级市场监管部门."""
    hit = re.search(r"([省市县区州旗])(?:[(/、].{1,3}[)]?)?级|^([省市县区州旗])$", plain_text(raw))
    return (hit[1] or hit[2]) if hit else None


def read_mode(raw: str) -> str | None:
    """县抽县查, 市抽县查 …, as printed."""
    hit = re.search(r"[省市县区州]级?抽[省市县区州]级?(?:检)?查", plain_text(raw))
    return hit[0] if hit else (plain_text(raw) or None)


def tier_of_mode(mode: str | None) -> str | None:
    """县抽县查 is checked at the county."""
    hit = re.search(r"抽([省市县区州])", mode or "")
    return hit[1] if hit else None


def read_risk(raw: str) -> Reading:
    """{text, escalates, classes}: the risk sentence in one punctuation, and what it raises for whom."""
    text = raw.strip()
    if not text or re.fullmatch(r"无|不涉及|/|-+|—+", text):
        return Reading()
    tidy = re.sub(r"(?<=[\u4e00-\u9fff]),\s*", "，", re.sub(r"\s*\n\s*", "", text))
    escalates = [
        name for name, rule in (("ratio", "比例"), ("frequency", "频[次率]")) if re.search(rule, tidy)
    ]
    classes = re.findall(r"(?:较低|低|一般|中|较高|高)风险", tidy)
    classes = list(dict.fromkeys(classes)) or sorted(set(re.findall(r"(?<![A-Z])[A-D](?![A-Z])", tidy)))
    doubts: Doubts = []
    if tidy != text:
        doubts.append(("punctuation", "风险分类要求里是半角标点或多余空格，已按全角读"))
    return Reading({"text": tidy, "escalates": escalates, "classes": classes}, doubts)
