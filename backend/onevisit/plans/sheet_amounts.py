"""How many, and how often? Reads the free writing for ratio, number of subjects and frequency."""

import re
from typing import Any

from onevisit.plans.sheet_cells import Doubts, Reading
from onevisit.plans.sheet_dates import chinese_number, plain_text
from onevisit.plans.terms import PERIOD_LABELS, Bound, Period

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


_ABOUT = re.compile(
    r"(?:大约|约|大概|大致|接近|近|差不多)(?=\d)|(?<=[%家户个人所辆批处宗件])\s*(?:左右|上下)|\d+(?:左右|上下)(?!半年)"
)


def read_ratio(raw: str) -> Reading:
    """{percent, bound, percent_max?}, or a number of subjects as {sample_size, bound}; None if silent.

    10%左右 is kept as ten per cent, because a draw needs a number, and always asked about.
    """
    text = _digits(raw)
    reading = _ratio(text, raw)
    if reading.value is not None and _ABOUT.search(text):
        number = _said_number(reading.value)
        words = f"“{raw.strip()}”写的是约数，先按 {number} 读；请确认抽查时按几算"
        reading.doubts.insert(0, ("ratio_about", words))
    return reading


def _said_number(value: Any) -> str:
    return f"{value['percent']}%" if "percent" in value else f"{value['sample_size']} 户"


def _ratio(text: str, raw: str) -> Reading:
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
    bare = re.fullmatch(r"(?:约|不少于|至少)?(\d{1,6})(?:左右|上下)?", text)
    if bare is not None and int(bare[1]) > 0:
        about = text.startswith("约") or text.endswith(("左右", "上下"))
        words = f"“{raw.strip()}”写的是约数，先按 {bare[1]} 户读；请确认抽查时按几算"
        doubts: Doubts = [("ratio_about", words)] if about else []
        return Reading({"sample_size": int(bare[1]), "bound": _bound(text).value}, doubts)
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
    text = _digits(re.sub(r"(?<=[\d一二两三四])回(?!访)", "次", raw))
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
