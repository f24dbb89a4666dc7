"""When is it to be checked? Reads the free writing of a time cell into a first and a last day."""

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_QUARTER = re.compile(r"第?([1-4])(?:个)?季度?(?:-|第?)?(?:([1-4])季度?)?")
_TO = r"(?:-|至|到)+"


@dataclass(frozen=True)
class Window:
    """A period of days, what it was read from, and the codes of doubts about it."""

    start: dt.date
    end: dt.date
    doubts: tuple[tuple[str, str], ...] = field(default=())
    names_year: bool = True
    batches: tuple[tuple[dt.date, dt.date], ...] = field(default=())

    def as_json(self) -> dict[str, str]:
        """The two days as ISO dates."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}


def chinese_number(text: str) -> int | None:
    """十二 -> 12, 25 -> 25; None if it is no number up to 999."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for ch in text:
        if ch in _DIGITS:
            digit = _DIGITS[ch]
        elif ch == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif ch == "百":
            total, digit = total + (digit or 1) * 100, 0
        else:
            return None
    return total + digit if text else None


def plain_text(text: str) -> str:
    """One width, no blanks, one kind of dash, Arabic digits before 月, 季, 日, 次 and 年."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[\s\u200b]+", "", text)
    text = re.sub(r"[—–―－~～〜−─]+|--+", "-", text)
    return re.sub(
        r"[零〇一二两三四五六七八九十]{1,3}(?=个?(?:月|季|日|号|次|批))",
        lambda m: str(chinese_number(m[0]) if chinese_number(m[0]) is not None else m[0]),
        text,
    )


def _serials(text: str) -> str:
    """45731 is the day Excel counts so; only where the cell holds nothing else."""
    if not re.fullmatch(r"[345]\d{4}(?:\.\d+)?(?:(?:-|至|到)[345]\d{4}(?:\.\d+)?)?", text):
        return text
    first = dt.date(1899, 12, 30)
    return re.sub(
        r"([345]\d{4})(?:\.\d+)?", lambda m: (first + dt.timedelta(days=int(m[1]))).isoformat(), text
    )


def read_window(raw: str, year: int) -> Window | None:
    """The window of a time cell; None when the cell names no time."""
    text = _serials(plain_text(raw))
    doubts: list[tuple[str, str]] = []
    style = unicodedata.normalize("NFKC", raw).strip()
    if re.search(r"——|—|\d\.\d", raw) or (raw != raw.strip() and "\n" in raw):
        doubts.append(("date_style", f"时间写作“{style}”，日期写法不规范"))
    named = bool(re.search(r"(?:19|20)\d\d", text))
    if any(_day(year, int(m), int(d)) is None for m, d in re.findall(r"(\d{1,2})月(\d{1,2})[日号]", text)):
        return None
    batches = _batches(text, year)
    days = (batches[0][0], batches[-1][1]) if batches else _read_days(text, year, doubts)
    if days is None:
        return None
    if batches:
        doubts.append(("ambiguous_window", f"“{style}”是 {len(batches)} 个分开的时段，分批列出，请核对"))
    start, end = days
    if end < start:
        doubts.append(("window_reversed", f"“{style}”的结束早于开始，请核对"))
    if named and (start.year != year or end.year != year):
        doubts.append(("year_differs", f"“{style}”的年份不是计划年度 {year} 年，请核对"))
    return Window(start, end, tuple(doubts), named, batches)


def _batches(text: str, year: int) -> tuple[tuple[dt.date, dt.date], ...]:
    """3月-6月、9月-11月: several spans in one cell, each read alone."""
    said = re.match(r"(?:全年|共)?分(?:\d|多|两)?批(?:次)?(?:进行|开展|实施)?[:,]?", text)
    parts = re.split(r"[、,;和及]|第\d批次?[:]?", text[said.end() :] if said else text)
    pieces = [re.sub(r"(?:各)?(?:1次|抽查|开展|实施)+$", "", p) for p in parts if p]
    batched = said is not None or bool(re.search(r"第1批.*第2批", text))
    if batched and len(pieces) > 1:
        read = [_read_days(p, year, []) for p in pieces]
        return tuple(sorted(days for days in read if days is not None)) if all(read) else ()
    spans = [p for p in pieces if re.search(rf"\d{_TO}\d|[月日号半季度年旬]{_TO}", p)]
    if len(pieces) < 2 or len(spans) != len(pieces):
        return ()
    read = [_read_days(p, year, []) for p in pieces]
    found = sorted(days for days in read if days is not None)
    return tuple(found) if len(found) == len(pieces) else ()


def _read_days(text: str, year: int, doubts: list[tuple[str, str]]) -> tuple[dt.date, dt.date] | None:
    for read in (
        _full_dates,
        _from_the_notice,
        _before,
        _month_range,
        _half_or_quarter,
        _single_month,
        _whole_year,
    ):
        days = read(text, year, doubts)
        if days is not None:
            return days
    return None


def _last(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


_DATE = r"(?:(20\d\d)[年./-])?(\d{1,2})[月./-](\d{1,2})(?:日|号)?"


def _full_dates(text: str, year: int, doubts: list[tuple[str, str]]) -> tuple[dt.date, dt.date] | None:
    """2023-01-01至2023-06-30, 2023.01.01-12.31, 3月1日-5月20日, 2023-05-01."""
    span = re.search(rf"{_DATE}(?:起)?{_TO}{_DATE}", text)
    if span is not None and (span[1] or "日" in text or "号" in text or "." in text or "/" in text):
        first = _day(int(span[1] or year), int(span[2]), int(span[3]))
        last = _day(int(span[4] or span[1] or year), int(span[5]), int(span[6]))
        if first and last:
            if last.day != calendar.monthrange(last.year, last.month)[1] and last.day >= 28:
                doubts.append(("window_end", f"结束日 {last.isoformat()} 不是当月最后一天，按原文保留"))
            return first, last
    one = re.fullmatch(r"(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})(?:日|号)?", text)
    if one is not None:
        day = _day(int(one[1]), int(one[2]), int(one[3]))
        return (day, day) if day else None
    within = re.search(r"(\d{1,2})月(\d{1,2})[日号]?(?:-|至|到)(\d{1,2})[日号]", text)
    if within is not None:
        first, last = (_day(year, int(within[1]), int(within[i])) for i in (2, 3))
        if first and last:
            return first, last
    return None


def _before(text: str, year: int, doubts: list[tuple[str, str]]) -> tuple[dt.date, dt.date] | None:
    """12月前 (strictly before), 11月底前, 11月15日前, 年底前: from the first day of the year."""
    # 截止6月30日 and 至11月底 say no more than 6月30日前.
    text = re.sub(r"^(?:截[止至](?:到|于)?|至|到)(.+?)(?:之?前|为?止)?$", r"\1前", text)
    if not re.search(r"前|之前|以前", text):
        return None
    named = re.search(r"(20\d\d)年", text)
    year = int(named[1]) if named else year
    since = re.search(r"(\d{1,2})月?(?:份)?(?:-|至|到|起|启动|开始|开展|部署)", text)
    start = dt.date(year, int(since[1]), 1) if since and 1 <= int(since[1]) <= 12 else dt.date(year, 1, 1)
    if re.search(r"年(?:底|末)前?|12月(?:底|末)", text):
        return start, dt.date(year, 12, 31)
    dated = re.search(r"(\d{1,2})月(\d{1,2})[日号]?(?:之|以)?前", text)
    if dated is not None:
        end = _day(year, int(dated[1]), int(dated[2]))
        return (start, end) if end else None
    month = re.search(r"(\d{1,2})月(份?)(底|末|初)?(?:之|以)?前", text)
    if month is None or not 1 <= int(month[1]) <= 12:
        return None
    number = int(month[1])
    if month[3] in ("底", "末"):
        return start, _last(year, number)
    end = dt.date(year, number, 1) - dt.timedelta(days=1)
    doubts.append(
        (
            "ambiguous_window",
            f"“{number}月前”没有开始时间；按 {number} 月之前（{end.isoformat()}）读，"
            f"也可能指 {_last(year, number).isoformat()}；开始取计划年度首日",
        )
    )
    return start, max(start, end)


def _from_the_notice(text: str, year: int, doubts: list[tuple[str, str]]) -> tuple[dt.date, dt.date] | None:
    """自印发之日起至11月底: the first day is not in the table."""
    said = re.search(r"(?:印发|发布|公布|下发|即)(?:之)?日起?(?:起|至|到|-)+(.+)", text)
    end = _single_month(said[1], year, []) or _full_dates(said[1], year, []) if said else None
    if said is None or end is None:
        return None
    last = end[1] if not re.search(r"月(?:底|末)", said[1]) else _last(end[1].year, end[1].month)
    doubts.append(("ambiguous_window", f"“{text}”没有写哪一天开始，开始取计划年度首日，请核对"))
    return dt.date(year, 1, 1), last


def _month_range(text: str, year: int, doubts: list[tuple[str, str]]) -> tuple[dt.date, dt.date] | None:
    """4-11月, 2023年3月-6月, 2023.6-2023.10, 3月上旬-5月下旬, 3、4、5月, 1月-次年2月."""
    to_the_end = re.search(r"(?:(20\d\d)年)?(\d{1,2})月(?:份)?(?:起|开始)?(?:-|至|到)+年(?:底|末)", text)
    if to_the_end is not None and 1 <= int(to_the_end[2]) <= 12:
        named_year = int(to_the_end[1] or year)
        return dt.date(named_year, int(to_the_end[2]), 1), dt.date(named_year, 12, 31)
    span = re.search(
        rf"(?:(20\d\d)[年./-]?(?:度)?)?(\d{{1,2}})月?(?:份)?(上中旬|中下旬|上旬|中旬|下旬|初|底|末)?(?:起|开始)?{_TO}"
        rf"(?:(20\d\d)[年./-]|(次年|翌年|明年))?(\d{{1,2}})(?:月|$)(?:份)?(上中旬|中下旬|上旬|中旬|下旬|初|底|末)?",
        text,
    )
    if span is not None and ("月" in text or span[1]):
        first_year = int(span[1] or year)
        last_year = int(span[4]) if span[4] else first_year + (1 if span[5] else 0)
        first, last = int(span[2]), int(span[6])
        if 1 <= first <= 12 and 1 <= last <= 12:
            return _tenth(first_year, first, span[3])[0], _tenth(last_year, last, span[7])[1]
    months = [int(m) for m in re.findall(r"(\d{1,2})(?=[、,]|月)", text)]
    if len(months) > 1 and re.search(r"[、,]", text) and all(1 <= m <= 12 for m in months):
        named = re.search(r"(20\d\d)年", text)
        year = int(named[1]) if named else year
        if sorted(months) != list(range(min(months), max(months) + 1)):
            doubts.append(("ambiguous_window", f"“{text}”是几个分开的月份，按首尾合为一段，请核对"))
        return dt.date(year, min(months), 1), _last(year, max(months))
    return None


def _tenth(year: int, month: int, part: str | None) -> tuple[dt.date, dt.date]:
    """First and last day of a month or of its 上旬, 中旬, 下旬."""
    first, last = dt.date(year, month, 1), _last(year, month)
    if part in ("上中旬", "中下旬"):
        return (first, dt.date(year, month, 20)) if part == "上中旬" else (dt.date(year, month, 11), last)
    if part in ("上旬", "初"):
        return first, dt.date(year, month, 10)
    if part == "中旬":
        return dt.date(year, month, 11), dt.date(year, month, 20)
    if part in ("下旬", "底", "末"):
        return dt.date(year, month, 21), last
    return first, last


def _half_or_quarter(text: str, year: int, _: list[tuple[str, str]]) -> tuple[dt.date, dt.date] | None:
    """上半年, 下半年, 第三季度, 二、三季度, 第1季度至第3季度; not 每季度 and not 一季度一次."""
    named = re.search(r"(20\d\d)年", text)
    year = int(named[1]) if named else year
    if "上半年" in text and "下半年" in text:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if "上半年" in text:
        return dt.date(year, 1, 1), dt.date(year, 6, 30)
    if "下半年" in text:
        return dt.date(year, 7, 1), dt.date(year, 12, 31)
    if re.search(r"每个?季|季度\d次|\d次/|各季度", text):
        return None
    text = re.sub(r"[一二三四](?=[、,和-])", lambda m: str(_DIGITS[m[0]]), text)
    numbers = [int(n) for n in re.findall(r"([1-4])(?=[、,和-]|个?季|季)", text)] if "季" in text else []
    if not numbers:
        return None
    return dt.date(year, min(numbers) * 3 - 2, 1), _last(year, max(numbers) * 3)


def _single_month(text: str, year: int, _: list[tuple[str, str]]) -> tuple[dt.date, dt.date] | None:
    """9月, 2024年9月份, 9月上旬, 2023.6."""
    half = re.search(r"(?:(20\d\d)年)?(\d{1,2})月份?([上下])半月", text)
    if half is not None and 1 <= int(half[2]) <= 12:
        first, last = int(half[1] or year), int(half[2])
        middle = dt.date(first, last, 15)
        return (
            (dt.date(first, last, 1), middle)
            if half[3] == "上"
            else (middle + dt.timedelta(days=1), _last(first, last))
        )
    one = re.search(r"(?:(20\d\d)[年./-])?(\d{1,2})月(?:份)?(上中旬|中下旬|上旬|中旬|下旬|初|底|末)?", text)
    one = one or re.fullmatch(r"(20\d\d)[./-](\d{1,2})()", text)
    if one is None or not 1 <= int(one[2]) <= 12:
        return None
    return _tenth(int(one[1] or year), int(one[2]), one[3] or None)


def _whole_year(text: str, year: int, _: list[tuple[str, str]]) -> tuple[dt.date, dt.date] | None:
    """全年, 年内, 2024年, 2024年度, 长期, 常年."""
    named = re.fullmatch(r"(20\d\d)年?(?:度|全年|内)?", text)
    if named is None and not re.search(r"全年|年内|常年|本年度|长期|年度内", text):
        return None
    year = int(named[1]) if named else year
    return dt.date(year, 1, 1), dt.date(year, 12, 31)
