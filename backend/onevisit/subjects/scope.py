"""Which library filter does a plan's scope text mean? Proposes one; the initiating department confirms it. Pure."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from onevisit.subjects.rules import Condition, ScopeFilter
from onevisit.subjects.terms import LabelKind, SubjectKind

Vocabulary = Mapping[LabelKind, Iterable[str]]
_FILLING = re.compile(
    r"全[县市区州省]?|辖区内?|本[县市区]|各类|各|已运营|在营|所有|等|重点|检验|检测|批发|零售|燃放|配置|使用|储存|运输|作业|生产|经营性?|销售|从事|企业|单位|机构|场所|主体|经营者|"
    r"交易市场|市场|和|及|与|或|的|、|，|,|；|;|\s"
)
_KIND_WORDS = {
    "个体工商户": SubjectKind.SOLE_TRADER, "个体户": SubjectKind.SOLE_TRADER,
    "农民专业合作社": SubjectKind.COOPERATIVE, "合作社": SubjectKind.COOPERATIVE,
}  # fmt: skip
# Words that speak of every registered enterprise: 企业年报公示信息.
_EVERY_ENTERPRISE = re.compile(r"年报|年度报告|登记事项|即时信息")


@dataclass(frozen=True)
class Proposal:
    """The filter, and the words of the scope that nothing in the library answers to."""

    filter: ScopeFilter
    unknown: tuple[str, ...] = ()


@cache
def _synonyms() -> tuple[tuple[str, str], ...]:
    text = files("onevisit.subjects").joinpath("scope_words.csv").read_text("utf-8")
    rows = [(row["word"], row["field"]) for row in csv.DictReader(text.splitlines())]
    return tuple(rows)


def _words(vocabulary: Vocabulary) -> list[tuple[str, LabelKind, str]]:
    """Every word that can be read in a scope, the longest first; of equal ones a tag is the more exact."""
    fields = set(vocabulary.get(LabelKind.FIELD, ()))
    order = (LabelKind.LICENCE, LabelKind.TAG, LabelKind.FIELD)
    own = [(value, kind, value) for kind in order for value in vocabulary.get(kind, ()) if len(value) >= 2]
    known = [(word, LabelKind.FIELD, field) for word, field in _synonyms() if field in fields]
    return sorted([*own, *known], key=lambda one: (-len(one[0]), order.index(one[1])))


def proposed_filter(scope: str, vocabulary: Vocabulary) -> Proposal:
    """A filter over the labels that the library really has.

    Several fields in one scope
    mean any of them (各类宾馆、旅店), a tag narrows them (规模以上企业).
    """
    rest = unicodedata.normalize("NFKC", scope)
    found: dict[LabelKind, dict[str, None]] = {}
    for word, kind, value in _words(vocabulary):
        if word in rest:
            found.setdefault(kind, {})[value] = None
            rest = rest.replace(word, "、")
    for word, subject_kind in _KIND_WORDS.items():
        if word in rest:
            found.setdefault(LabelKind.SUBJECT_KIND, {})[subject_kind.value] = None
            rest = rest.replace(word, "、")
    if not found and _EVERY_ENTERPRISE.search(rest):
        found[LabelKind.SUBJECT_KIND] = {SubjectKind.ENTERPRISE.value: None}
        rest = ""
    wanted = ScopeFilter(tuple(Condition(kind, tuple(values)) for kind, values in found.items()))
    unknown = tuple(word for word in re.split(_FILLING, rest) if len(word) >= 2)
    return Proposal(wanted, unknown)
