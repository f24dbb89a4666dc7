"""How many of each risk class are drawn? The quota rules of draw.md §2, in exact arithmetic."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from typing import Any, Final, Self

from onevisit.core.problems import Problem
from onevisit.draws.terms import Bound

CLASSES: Final = ("A", "B", "C", "D", "-")  # the order of the commit
RISKIEST_FIRST: Final = ("D", "C", "B", "-", "A")  # ties, top-ups and the published selection
DEFAULT_MULTIPLIERS: Final[Mapping[str, str]] = MappingProxyType(
    {"A": "0.5", "B": "1", "C": "2", "D": "5", "-": "1"}
)
_DECIMAL: Final = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")


def decimal_text(number: Decimal | int) -> str:
    """A ratio or multiplier as it stands in a commit: plain digits, no trailing zeros."""
    plain = format(Decimal(number), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def exact(text: str) -> Fraction:
    """The number a commit's decimal string stands for; other spellings of it are refused."""
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise Problem("draws.decimal_malformed", f"比例或倍数“{text}”写法不对，应为小数，如 0.05。")
    return Fraction(text)


@dataclass(frozen=True, slots=True)
class Batch:
    """The `number`-th of `of` draws of one yearly ratio; `drawn`: what the task drew before in the year."""

    number: int
    of: int
    drawn: Mapping[str, int]

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise Problem("draws.batch_impossible", f"第{self.number}批不在全年{self.of}批之内。")
        if any(risk not in CLASSES or count < 0 for risk, count in self.drawn.items()):
            raise Problem("draws.batch_impossible", "已抽取数的类别或数量不对。")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one draw, as they stand in its commit."""

    ratio: str | None
    bound: str = Bound.EXACT.value
    class_ratios: Mapping[str, str] | None = None
    multipliers: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_MULTIPLIERS))
    number: int | None = None
    batch: Batch | None = None

    def __post_init__(self) -> None:
        if self.bound not in set(Bound):
            raise Problem("draws.bound_unknown", f"没有“{self.bound}”这种比例要求。")
        if (self.ratio is None) == (self.number is None):
            raise Problem("draws.ratio_or_number", "抽取比例和抽取户数必须且只能填一个。")
        if self.number is not None and (self.number < 1 or self.class_ratios is not None):
            raise Problem("draws.number_impossible", "按户数抽取时，户数至少为1，且不能再填分类比例。")
        if self.ratio is not None and not 0 < exact(self.ratio) <= 1:
            raise Problem("draws.ratio_impossible", "抽取比例应大于0且不超过100%。")
        _known_classes(self.multipliers)
        _known_classes(self.class_ratios or {})
        if any(exact(multiplier) <= 0 for multiplier in self.multipliers.values()):
            raise Problem("draws.multiplier_impossible", "分类倍数应大于0。")
        if any(not 0 <= exact(ratio) <= 1 for ratio in (self.class_ratios or {}).values()):
            raise Problem("draws.ratio_impossible", "分类比例应在0到100%之间。")

    @property
    def rounding(self) -> str:
        """Which way the total is rounded: only a ceiling of the plan is rounded down."""
        return "floor" if self.bound == Bound.AT_MOST else "ceil"

    def as_json(self) -> dict[str, Any]:
        """The `rules` of a commit."""
        batch = self.batch
        return {
            "ratio": self.ratio,
            "bound": str(self.bound),
            "class_ratios": None if self.class_ratios is None else dict(self.class_ratios),
            "multipliers": dict(self.multipliers),
            "rounding": self.rounding,
            "number": self.number,
            "batch": batch and {"number": batch.number, "of": batch.of, "drawn": dict(batch.drawn)},
        }

    @classmethod
    def from_json(cls, rules: Mapping[str, Any]) -> Self:
        """Rebuilt from a commit."""
        batch = rules["batch"]
        return cls(
            ratio=rules["ratio"],
            bound=rules["bound"],
            class_ratios=rules["class_ratios"],
            multipliers=rules["multipliers"],
            number=rules["number"],
            batch=batch and Batch(batch["number"], batch["of"], batch["drawn"]),
        )


def quotas(rules: Rules, counts: Mapping[str, int]) -> dict[str, int]:
    """How many of each class that has subjects are drawn, given how many subjects each class has."""
    present = {risk: counts[risk] for risk in CLASSES if counts.get(risk, 0)}
    if rules.batch is None:
        return _whole(rules, present)
    batch = rules.batch
    before = {risk: batch.drawn.get(risk, 0) for risk in CLASSES}
    year = _whole(rules, {risk: n for risk in CLASSES if (n := present.get(risk, 0) + before[risk])})
    return {
        risk: max(0, ceil(Fraction(year[risk] * batch.number, batch.of)) - before[risk]) for risk in present
    }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the plan asked for beside what the typed class ratios come to."""

    planned: Fraction
    resulting: Fraction
    planned_number: int
    resulting_number: int

    @property
    def needs_report_in_advance(self) -> bool:
        """Drawing more than planned must be reported beforehand (S0)."""
        return self.resulting_number > self.planned_number


def compared_with_plan(rules: Rules, counts: Mapping[str, int]) -> Comparison | None:
    """The planned and the resulting ratio of typed class ratios, side by side; None where none were typed."""
    if rules.class_ratios is None or rules.ratio is None:
        return None
    plain = Rules(rules.ratio, rules.bound, None, rules.multipliers, None, rules.batch)
    total = sum(counts.values())
    drawn = sum(quotas(rules, counts).values())
    return Comparison(
        exact(rules.ratio), Fraction(drawn, total or 1), sum(quotas(plain, counts).values()), drawn
    )


def _whole(rules: Rules, counts: Mapping[str, int]) -> dict[str, int]:
    """The quotas over all of `counts`, before a batch takes its part."""
    if not counts:
        return {}
    total = sum(counts.values())
    if rules.number is not None:
        weights = {risk: count * _multiplier(rules, risk) for risk, count in counts.items()}
        return _shared(min(rules.number, total), weights, counts)
    ratios = _class_ratios(rules, counts)
    weights = {risk: count * ratios[risk] for risk, count in counts.items()}
    planned = total * exact(rules.ratio or "")
    if rules.bound == Bound.AT_LEAST:
        return _topped_up({risk: ceil(weight) for risk, weight in weights.items()}, counts, ceil(planned))
    wanted = planned if rules.class_ratios is None else sum(weights.values(), Fraction(0))
    if not any(weights.values()):
        raise Problem("draws.ratio_impossible", "各类比例都是0，无法抽取。")
    return _shared(max(1, floor(wanted)) if rules.bound == Bound.AT_MOST else ceil(wanted), weights, counts)


def _class_ratios(rules: Rules, counts: Mapping[str, int]) -> dict[str, Fraction]:
    if rules.class_ratios is None:
        base = exact(rules.ratio or "")
        return {risk: min(Fraction(1), base * _multiplier(rules, risk)) for risk in counts}
    missing = [risk for risk in counts if risk not in rules.class_ratios]
    if missing:
        raise Problem(
            "draws.class_ratio_missing", f"分类比例要么每类都填，要么都不填；缺：{'、'.join(missing)}。"
        )
    return {risk: exact(rules.class_ratios[risk]) for risk in counts}


def _multiplier(rules: Rules, risk: str) -> Fraction:
    if risk not in rules.multipliers:
        raise Problem("draws.multiplier_missing", f"缺少{risk}类的倍数。")
    return exact(rules.multipliers[risk])


def _topped_up(least: dict[str, int], counts: Mapping[str, int], wanted: int) -> dict[str, int]:
    """What is missing to the plan's lower bound is taken from the riskiest class that has any left."""
    missing = max(0, wanted - sum(least.values()))
    for risk in RISKIEST_FIRST:
        if risk in counts:
            more = min(missing, counts[risk] - least[risk])
            least[risk] += more
            missing -= more
    return least


def _shared(number: int, weights: Mapping[str, Fraction], counts: Mapping[str, int]) -> dict[str, int]:
    """`number` shared by weight, no class over its count: caps first, then floors and largest remainders."""
    open_, result, left = dict(weights), {}, number
    while full := [risk for risk in open_ if left * open_[risk] >= counts[risk] * sum(open_.values())]:
        if not any(open_.values()):
            break
        for risk in full:
            result[risk] = counts[risk]
            left -= counts[risk]
            del open_[risk]
    total = sum(open_.values())
    shares = {risk: left * weight / total if total else Fraction(0) for risk, weight in open_.items()}
    result |= {risk: floor(share) for risk, share in shares.items()}
    by_remainder = sorted(
        shares, key=lambda risk: (floor(shares[risk]) - shares[risk], RISKIEST_FIRST.index(risk))
    )
    for risk in by_remainder[: left - sum(floor(share) for share in shares.values())]:
        result[risk] += 1
    return {risk: result[risk] for risk in counts}


def _known_classes(by_class: Mapping[str, str]) -> None:
    unknown = [risk for risk in by_class if risk not in CLASSES]
    if unknown:
        raise Problem("draws.class_unknown", f"没有“{'、'.join(unknown)}”这一类。")
