"""Which filter does a scope text mean: fields, tags, licences, departments, and what is excepted?"""

import pytest

from onevisit.subjects.scope import proposed_filter
from onevisit.subjects.terms import LabelKind

WORDS = {
    LabelKind.FIELD: ["旅馆业", "民宿", "歌舞娱乐场所", "加油站", "食品销售"],
    LabelKind.TAG: ["规模以上"],
    LabelKind.LICENCE: ["食品经营许可证", "特种行业许可证"],
}
OFFICES = {"贵南县公安局": "632525-ga", "县公安局": "632525-ga", "县卫生健康局": "632525-wj"}


@pytest.mark.parametrize(
    ("scope", "wanted", "away", "unknown"),
    [
        ("各类宾馆、旅店", {"field": ["旅馆业"]}, {}, []),
        ("取得食品经营许可的单位", {"licence": ["食品经营许可证"]}, {}, []),
        ("持有特种行业许可证的宾馆", {"licence": ["特种行业许可证"], "field": ["旅馆业"]}, {}, []),
        ("县公安局监管的加油站", {"department": ["632525-ga"], "field": ["加油站"]}, {}, []),
        ("规模以上食品销售企业", {"tag": ["规模以上"], "field": ["食品销售"]}, {}, []),
        ("旅馆业（民宿除外）", {"field": ["旅馆业"]}, {"field": ["民宿"]}, []),
        ("除加油站外的规模以上企业", {"tag": ["规模以上"]}, {"field": ["加油站"]}, []),
        ("旅馆业，不含个体工商户", {"field": ["旅馆业"]}, {"subject_kind": ["sole_trader"]}, []),
        ("歌舞娱乐场所，不包括剧本娱乐", {"field": ["歌舞娱乐场所"]}, {}, ["剧本娱乐"]),
        ("除加油站外", {}, {}, []),
        ("防雷重点单位", {}, {}, ["防雷"]),
        ("", {}, {}, []),
    ],
)
def test_a_scope_text_becomes_conditions(
    scope: str, wanted: dict[str, list[str]], away: dict[str, list[str]], unknown: list[str]
) -> None:
    told = proposed_filter(scope, WORDS, OFFICES)
    assert {one.kind.value: list(one.any) for one in told.filter.all} == wanted
    assert {one.kind.value: list(one.any) for one in told.filter.none} == away
    assert list(told.unknown) == unknown
