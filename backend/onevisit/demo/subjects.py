"""Who lives in the demonstration county? Made-up subjects, the same for the same seed, any number of them."""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from stdnum.cn.uscc import calc_check_digit

from onevisit.subjects.terms import SubjectKind

REGION = "632525"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SPACE = 31**5
_STEP = 7919  # coprime to 31, so that every number has a code of its own
_TYPES = {SubjectKind.ENTERPRISE: "91", SubjectKind.SOLE_TRADER: "92", SubjectKind.COOPERATIVE: "93",
          SubjectKind.ORGANISATION: "52"}  # fmt: skip
_TOWNS = (("茫曲镇", 35.5866, 100.7476), ("过马营镇", 35.8190, 100.8480), ("森多镇", 35.4600, 101.0200),
          ("沙沟乡", 35.6300, 100.5200), ("茫拉乡", 35.6200, 100.7900), ("塔秀乡", 35.3300, 100.7600))  # fmt: skip
_FIRST = [
    "雪莲",
    "格桑",
    "吉祥",
    "如意",
    "圣湖",
    "青稞",
    "金鹿",
    "草原",
    "祥云",
    "福源",
    "高原",
    "盛世",
    "宏达",
    "安泰",
    "和顺",
    "丰达",
    "兴隆",
    "瑞丰",
    "永安",
    "同心",
]
_SECOND = [
    "缘",
    "源",
    "盛",
    "达",
    "和",
    "泰",
    "兴",
    "隆",
    "佳",
    "美",
    "嘉",
    "悦",
    "康",
    "宁",
    "福",
    "瑞",
    "顺",
    "昌",
    "丰",
    "华",
]
_SURNAMES = "张王李赵刘陈杨黄周吴马韩朱罗何高林郑梁谢"
_NUMERALS = "一二三四五六七八九十"
_RISKS = (("A", 40), ("B", 30), ("C", 15), ("D", 8), ("-", 7))
_STATES = (("operating", 95), ("suspended", 2), ("deregistered", 2), ("revoked", 1))


@dataclass(frozen=True)
class Trade:
    """A kind of business of the county."""

    field: str
    weight: int
    kind: SubjectKind
    suffixes: tuple[str, ...]
    tags: tuple[str, ...]
    licences: tuple[str, ...]
    departments: tuple[str, ...]


@cache
def trades() -> tuple[Trade, ...]:
    """The trades that the plan's rows ask for, and some that none does."""
    text = files("onevisit.demo").joinpath("kinds.csv").read_text("utf-8")

    def parts(cell: str) -> tuple[str, ...]:
        return tuple(filter(None, cell.split(";")))

    return tuple(
        Trade(row["field"], int(row["weight"]), SubjectKind(row["kind"]), parts(row["suffixes"]), parts(row["tags"]),
              parts(row["licences"]), tuple(f"{REGION}-{one}" for one in parts(row["departments"])))
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def credit_code(number: int, seed: int, kind: SubjectKind) -> str:
    """A code with right check digits that says by its letters that it is made up (DEM…)."""
    place = (number * _STEP + seed * 104_729) % _SPACE
    body = ""
    for _ in range(5):
        place, digit = divmod(place, 31)
        body = _ALPHABET[digit] + body
    organisation = f"DEM{body}"
    code = f"{_TYPES[kind]}{REGION}{organisation}{_organisation_check(organisation)}"
    return code + calc_check_digit(code)


def _organisation_check(organisation: str) -> str:
    """The check character of an organisation code (GB 11714)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(char, 36) * weight for char, weight in zip(organisation, weights, strict=True))
    check = 11 - total % 11
    return {10: "X", 11: "0"}.get(check, str(check))


def made_up_person(number: int) -> str:
    """A name that nobody has: 示例·张一."""
    tens, ones = divmod(number // len(_SURNAMES), 10)
    return f"示例·{_SURNAMES[number % len(_SURNAMES)]}{_NUMERALS[tens - 1] if 0 < tens <= 10 else ''}{_NUMERALS[ones]}"


def _counts(total: int) -> list[tuple[Trade, int]]:
    """How many of each trade: by weight, at least one, the rest to the first."""
    whole = sum(one.weight for one in trades())
    counts = [max(1, total * one.weight // whole) for one in trades()]
    counts[0] = max(1, counts[0] + total - sum(counts))
    return list(zip(trades(), counts, strict=True))


def made_up_subjects(total: int, seed: int, today: date) -> Iterator[dict[str, Any]]:
    """The subjects one after another, as rows for the library."""
    chance, number = random.Random(seed), 0  # noqa: S311
    for trade, count in _counts(total):
        for at in range(count):
            yield _subject(trade, at, number, seed, chance, today)
            number += 1


def _subject(
    trade: Trade, at: int, number: int, seed: int, chance: random.Random, today: date
) -> dict[str, Any]:
    suffix = trade.suffixes[at % len(trade.suffixes)]
    kind = trade.kind
    if kind == SubjectKind.SOLE_TRADER and ("酒店" in suffix or "批发" in suffix):
        kind = SubjectKind.ENTERPRISE
    town, lat, lon = _TOWNS[0] if chance.random() < 0.5 else _TOWNS[chance.randrange(len(_TOWNS))]
    tags = list(trade.tags)
    if kind == SubjectKind.ENTERPRISE and "规模以上" not in tags and chance.random() < 0.12:
        tags.append("规模以上")
    risk = _pick(_RISKS, chance)
    return {
        "credit_code": credit_code(number, seed, kind),
        "name": _name(at, suffix),
        "kind": kind.value,
        "fields": [trade.field],
        "tags": tags,
        "address": f"青海省海南藏族自治州贵南县{town}示例路{chance.randrange(1, 400)}号",
        "lat_e7": round((lat + chance.uniform(-0.02, 0.02)) * 10_000_000),
        "lon_e7": round((lon + chance.uniform(-0.03, 0.03)) * 10_000_000),
        "legal_representative": made_up_person(400 + number % 1600),
        "phone": f"000-{number % 10**8:08d}",
        "contact": made_up_person(400 + (number + 7) % 1600),
        "contact_phone": f"000-{(number + 50_000_000) % 10**8:08d}",
        "state": _pick(_STATES, chance),
        "risk": risk,
        "risk_issuer": None if risk == "-" else "贵南县市场监督管理局",
        "risk_day": None if risk == "-" else date(today.year, 3, 1),
        "licences": [_licence(name, number, chance, today) for name in trade.licences],
        "departments": list(trade.departments),
    }


def _name(at: int, suffix: str) -> str:
    """示例雪莲缘宾馆; a number tells them apart when the words run out."""
    first, second = _FIRST[at % len(_FIRST)], _SECOND[(at // len(_FIRST) + at) % len(_SECOND)]
    rounds = at // (len(_FIRST) * len(_SECOND))
    return f"示例{first}{second}{suffix}" + (f"（{rounds + 1}店）" if rounds else "")


def _licence(name: str, number: int, chance: random.Random, today: date) -> dict[str, str]:
    """A licence; one in twelve has run out, so that the pre-check has something to say."""
    year = today.year - 1 if chance.random() < 1 / 12 else today.year + chance.randrange(1, 5)
    return {"name": name, "no": f"示例许可第{number + 1:06d}号", "valid_to": f"{year}-12-31"}


def _pick(choices: tuple[tuple[str, int], ...], chance: random.Random) -> str:
    return chance.choices([one for one, _ in choices], [weight for _, weight in choices])[0]
