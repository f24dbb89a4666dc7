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
    r"全[县市区州省]?|辖区内?|本[县市区]|各类|各|已运营|在营|所有|等|重点|检验|检测|批发|零售|燃放|配置|使用|储存|运输|作业|生产|监管|取得|持有|具有|办理|经营性?|销售|从事|企业|单位|机构|场所|主体|经营者|"
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


def _words(vocabulary: Vocabulary, departments: Mapping[str, str]) -> list[tuple[str, LabelKind, str]]:
    """Every word that can be read in a scope, the longest first; of equal ones a tag is the more exact.

    A licence is also known without its last 证 (取得食品经营许可的), a department by any of its names.
    """
    fields = set(vocabulary.get(LabelKind.FIELD, ()))
    order = (LabelKind.DEPARTMENT, LabelKind.PLACE, LabelKind.LICENCE, LabelKind.TAG, LabelKind.FIELD)
    own = [
        (value, kind, value) for kind in order[1:] for value in vocabulary.get(kind, ()) if len(value) >= 2
    ]
    short = [
        (value.removesuffix("证"), LabelKind.LICENCE, value)
        for value in vocabulary.get(LabelKind.LICENCE, ())
        if len(value) >= 5 and value.endswith("证")
    ]
    offices = [(name, LabelKind.DEPARTMENT, ident) for name, ident in departments.items() if len(name) >= 3]
    known = [(word, LabelKind.FIELD, field) for word, field in _synonyms() if field in fields]
    return sorted([*own, *short, *offices, *known], key=lambda one: (-len(one[0]), order.index(one[1])))


def proposed_filter(
    scope: str, vocabulary: Vocabulary, departments: Mapping[str, str] | None = None
) -> Proposal:
    """A filter over the labels that the library really has.

    Several fields in one scope mean any of them (各类宾馆、旅店), a tag, a licence or the department in whose library
    somebody is narrows them (规模以上企业, 县公安局监管的), as does the township (茫曲镇的宾馆), and what is excepted is
    taken away (除民宿外).
    """
    rest = unicodedata.normalize("NFKC", scope)
    words = _words(vocabulary, departments or {})
    away: dict[LabelKind, dict[str, None]] = {}
    unknown: list[str] = []
    for excepted in _EXCEPT.finditer(rest):
        part = next(filter(None, excepted.groups()))
        found, left = _read(part, words)
        for kind, values in found.items():
            away.setdefault(kind, {}).update(values)
        unknown += left
    rest = _EXCEPT.sub("、", rest)
    found, left = _read(rest, words)
    if not found and _EVERY_ENTERPRISE.search(rest):
        found, left = {LabelKind.SUBJECT_KIND: {SubjectKind.ENTERPRISE.value: None}}, []
    wanted = ScopeFilter(_conditions(found), _conditions(away) if found else ())
    return Proposal(wanted, (*left, *unknown))


# 除民宿外, 不含个体工商户, (民宿除外)
_EXCEPT = re.compile(
    r"除([^,;。()]{2,30}?)(?:以外|之外|外)的?|(?:不含|不包括|不包含)([^,;。()]{2,30})|\(([^()]{2,30}?)除外\)"
)
Found = dict[LabelKind, dict[str, None]]


def _conditions(found: Found) -> tuple[Condition, ...]:
    return tuple(Condition(kind, tuple(values)) for kind, values in found.items())


def _read(rest: str, words: list[tuple[str, LabelKind, str]]) -> tuple[Found, list[str]]:
    """What of a text the library answers to, and the words it does not."""
    found: Found = {}
    for word, kind, value in words:
        if word in rest:
            found.setdefault(kind, {})[value] = None
            rest = rest.replace(word, "、")
    for word, subject_kind in _KIND_WORDS.items():
        if word in rest:
            found.setdefault(LabelKind.SUBJECT_KIND, {})[subject_kind.value] = None
            rest = rest.replace(word, "、")
    return found, [word for word in re.split(_FILLING, rest) if len(word) >= 2]
