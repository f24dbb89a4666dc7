"""What does one cell say? Reads ratio, frequency, methods, category, targeting, tier, mode and risk sentence."""

import re
from dataclasses import dataclass, field
from typing import Any

from onevisit.plans.sheet_dates import chinese_number, plain_text
from onevisit.plans.terms import (
    ITEM_CATEGORY_LABELS,
    PERIOD_LABELS,
    TARGETING_LABELS,
    Bound,
    ItemCategory,
    Method,
    Period,
    Targeting,
)

Doubts = list[tuple[str, str]]


@dataclass
class Reading:
    """A value with the doubts its reading left."""

    value: Any = None
    doubts: Doubts = field(default_factory=list)


_HUNDREDTH = r"(?:百分之|百分)([零〇一二两三四五六七八九十百\d.]+)"


def _digits(text: str) -> str:
    """百分之五 -> 5%, 三成 -> 30%, 千分之五 -> 0.5%, in one width."""
    text = plain_text(text).replace("﹪", "%")
    text = re.sub(
        _HUNDREDTH, lambda m: f"{m[1] if re.search(r'[0-9]', m[1]) else chinese_number(m[1])}%", text
    )
    text = re.sub(
        r"([一二两三四五六七八九十]{1,3})(?=[家户所])", lambda m: str(chinese_number(m[1]) or m[1]), text
    )
    text = re.sub(r"千分之([\d.]+|[一二三四五六七八九十]+)", _per_mille, text)
    text = re.sub(
        r"([一二三四五六七八九])分之([一二三四五六七八九])|([二三四五六七八九]?十)分之([一二三四五六七八九])",
        lambda m: (
            _number(100 * float(chinese_number(m[2] or m[4]) or 0) / float(chinese_number(m[1] or m[3]) or 1))
            + "%"
        ),
        text,
    )
    text = re.sub(r"^(\d)/(\d{1,3})$", lambda m: _number(100 * int(m[1]) / max(1, int(m[2]))) + "%", text)
    text = re.sub(r"([\d.]+)‰", lambda m: _number(float(m[1]) / 10) + "%", text)
    text = re.sub(r"([一二三四五六七八九])成", lambda m: f"{chinese_number(m[1])}0%", text)
    return re.sub(r"(\d)\s*个?百分点", r"\1%", text)


def _per_mille(match: re.Match[str]) -> str:
    number = float(match[1]) if match[1][0].isdigit() else float(chinese_number(match[1]) or 0)
    return _number(number / 10) + "%"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(round(value, 6))


def _percent(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else round(value, 6)


_AT_LEAST = re.compile(r"不低于|不少于|不小于|至少|以上|及以上|>=|≥|大于|高于|起$|最低")
_AT_MOST = re.compile(r"不高于|不超过|不大于|至多|以下|以内|<=|≤|低于|小于|最高|上限")


def _bound(text: str) -> Bound:
    if _AT_LEAST.search(text):
        return Bound.AT_LEAST
    return Bound.AT_MOST if _AT_MOST.search(text) else Bound.EXACT


def read_ratio(raw: str) -> Reading:
    """{percent, bound, percent_max?}, or a number of subjects as {sample_size, bound}; None if silent."""
    text = _digits(raw)
    if not text:
        return Reading()
    classes = _by_class(text, raw)
    if classes is not None:
        return classes
    span = re.search(r"(\d+(?:\.\d+)?)%?(?:-|至|到)(\d+(?:\.\d+)?)%", text)
    if span is not None:
        low, high = _percent(span[1]), _percent(span[2])
        return Reading({"percent": low, "bound": Bound.RANGE.value, "percent_max": high})
    both = re.search(
        r"(?:不低于|不少于|至少|≥|>=)(\d+(?:\.\d+)?)%?[、,，;；且并]*(?:不高于|不超过|至多|≤|<=)(\d+(?:\.\d+)?)%",
        text,
    )
    if both is not None:
        low, high = _percent(both[1]), _percent(both[2])
        return Reading({"percent": low, "bound": Bound.RANGE.value, "percent_max": high})
    one = re.search(r"(\d+(?:\.\d+)?)%", text)
    count = re.search(r"(\d+)(?:家|户|个|人|所|辆|批|处|宗|件)", text)
    if one is not None:
        reading = _one_percent(one, text)
        if count is not None and not re.match(
            r"个?百分|个?(?:月|季|乡|镇)", text[count.start(1) + len(count[1]) :]
        ):
            reading.value["sample_size"] = int(count[1])
        return reading
    if re.search(r"全覆盖|应查尽查|应抽尽抽|全部|全数|全抽|全量|逐一|逐户|所有", text):
        return Reading({"percent": 100, "bound": Bound.EXACT.value})
    if count is not None:
        return Reading({"sample_size": int(count[1]), "bound": _bound(text).value})
    bare = re.fullmatch(r"(\d+(?:\.\d+)?)", text)
    if bare is not None:
        return _bare_number(float(bare[1]), raw)
    if re.search(r"\d*次|/年|按需|每", text):
        return Reading()
    return Reading(None, [("ratio_unreadable", f"“{raw.strip()}”没有读出抽查比例，请填写")])


def _by_class(text: str, raw: str) -> Reading | None:
    """A类1%、B类3%、C类10%: a share per class of credit risk; the task's own ratio is the span of them."""
    found = re.findall(
        r"([A-D]|[高中低]|较[高低]|一般)(?:类|级|风险)*(?:企业|主体|的|按|:|不低于|不少于|为)*(\d+(?:\.\d+)?)%",
        text,
    )
    shares = {name: _percent(share) for name, share in found}
    if len(shares) < 2:
        return None
    low, high = min(shares.values()), max(shares.values())
    value = {"percent": low, "bound": Bound.RANGE.value, "percent_max": high, "by_class": shares}
    words = f"“{raw.strip()}”按风险分类写了 {len(shares)} 个比例，分类抽取，请核对"
    return Reading(value, [("ratio_by_class", words)])


def read_sample_size(raw: str) -> Reading:
    """A column of numbers of subjects: a bare 10 is ten subjects, 5% stays a ratio."""
    text = _digits(raw)
    bare = re.fullmatch(r"(?:约|不少于|至少)?(\d{1,6})", text)
    if bare is not None and int(bare[1]) > 0:
        return Reading({"sample_size": int(bare[1]), "bound": _bound(text).value})
    return read_ratio(raw)


def _one_percent(one: re.Match[str], text: str) -> Reading:
    # The bound belongs to this number: words next to it, not those of the frequency behind it.
    near = re.split(r"[;,，；:：]", text[max(0, one.start() - 12) :])[0]
    percents = re.findall(r"(\d+(?:\.\d+)?)%", text)
    doubts: Doubts = []
    if len(set(percents)) > 1:
        doubts.append(("ratio_conflict", f"“{text}”写了 {len(percents)} 个比例，取第一个，请核对"))
    percent = _percent(one[1])
    if percent > 100:
        doubts.append(("ratio_unreadable", f"比例 {one[1]}% 大于 100%，请核对"))
    return Reading({"percent": percent, "bound": _bound(near).value}, doubts)


def _bare_number(value: float, raw: str) -> Reading:
    """Excel keeps 5% as 0.05; a bare 5 is taken as five per cent and asked about."""
    if 0 < value < 1:
        return Reading({"percent": _percent(_number(value * 100)), "bound": Bound.EXACT.value})
    percent = 100 if value == 1 else _percent(_number(value))
    if percent > 100 or percent <= 0:
        return Reading(None, [("ratio_unreadable", f"“{raw.strip()}”不像比例，请填写")])
    doubt = ("ratio_scale", f"“{raw.strip()}”没有百分号，按 {percent}% 读，请核对")
    return Reading({"percent": percent, "bound": Bound.EXACT.value}, [doubt])


_PER = (
    (Period.HALF_YEAR, r"半年"),
    (Period.QUARTER, r"季"),
    (Period.MONTH, r"月"),
    (Period.YEAR, r"年|全年|年度"),
)


def read_frequency(raw: str) -> Reading:
    """{times, per, bound?} of 1次/年, 每季度一次, 一季度一次, 每月2次, 抽查1次, 1/年; None if silent."""
    text = _digits(raw)
    text = re.sub(r"\d+(?:\.\d+)?%", "", text)
    text = re.sub(r"[二两](?=次)", "2", text)
    per_word = r"(半年|季度?|个?月|年度?|全年)"
    words = r"至少|不少于|不低于|不超过|不多于|最多|至多|开展|抽查|检查|组织|各"
    rules = (
        (rf"(\d+)次(?:以上)?[/每](?:每)?1?个?{per_word}", 1, 2),
        (rf"(?:每|1|一)个?{per_word}(?:度)?(?:内)?(?:{words})*(\d+)次", 2, 1),
        (rf"(\d+)/{per_word}", 1, 2),
        (rf"{per_word}(?:内)?(?:{words})*(\d+)次", 2, 1),
    )
    if re.search(r"每[两2二3三4四5五](?:个)?年", text):
        words = f"“{raw.strip()}”的周期超过一年，请填写本年度抽查几次"
        return Reading(None, [("frequency_unreadable", words)])
    if re.search(r"上[、和]?下半年各(?:开展|抽查|检查)?1次|上半年、?下半年各", text):
        return _frequency(1, "半年", text, raw)
    bare = re.fullmatch(rf"{per_word}/次", text)
    if bare is not None:
        return _frequency(1, bare[1], text, raw)
    for rule, times_at, per_at in rules:
        hit = re.search(rule, text)
        if hit is not None:
            return _frequency(int(hit[times_at]), hit[per_at], text, raw, rule == rules[2][0])
    if re.search(r"(?:每|按|逐)(?:个)?季", text):
        return _frequency(1, "季", text, raw)
    if re.search(r"每半年", text):
        return _frequency(1, "半年", text, raw)
    if re.search(r"(?:每|按|逐)(?:个)?月", text):
        return _frequency(1, "月", text, raw)
    if re.search(r"(?:每年|年度|按年)$|每年", text):
        return _frequency(1, "年", text, raw)
    alone = re.search(r"(\d+)次", text)
    if alone is not None:
        reading = _frequency(int(alone[1]), "年", text, raw)
        reading.doubts.insert(0, ("frequency_without_period", f"“{raw.strip()}”没有写周期，按每年读"))
        return reading
    return Reading()


def _frequency(times: int, per_word: str, text: str, raw: str, short: bool = False) -> Reading:
    per = next(period for period, rule in _PER if re.search(rule, per_word))
    doubts: Doubts = []
    if short:
        doubts.append(("typo", f"“{raw.strip()}”应为“{times}次/{PERIOD_LABELS[per][1:]}”，缺“次”字"))
    if times == 0:
        return Reading(None, [("frequency_unreadable", f"“{raw.strip()}”的次数为零，请核对")])
    value: dict[str, object] = {"times": times, "per": per.value}
    if re.search(r"次(?:及)?以上|(?:至少|不少于|不低于)\d+次", text):
        value["bound"] = Bound.AT_LEAST.value
    elif re.search(r"(?:不超过|不多于|最多|至多)\d+次", text):
        value["bound"] = Bound.AT_MOST.value
    return Reading(value, doubts)


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
