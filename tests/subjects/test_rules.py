"""Are credit codes, filters and scope words understood?"""

import pytest

from onevisit.subjects.rules import (
    check_digit_warning,
    credit_code_fault,
    fits,
    labels_of,
    risk_of,
    scope_filter,
    state_of,
)
from onevisit.subjects.scope import proposed_filter
from onevisit.subjects.terms import STATE_LABELS, LabelKind, Risk, SubjectState


def test_check_digit_is_a_warning_and_shape_a_fault() -> None:
    assert check_digit_warning("91110000600037341L") is None
    assert "L" in (check_digit_warning("911100006000373418") or "")
    assert credit_code_fault("N2110000MF0000001X") is None
    assert "18" in (credit_code_fault("9111") or "")
    assert credit_code_fault("91110000600O37341L") is not None


@pytest.mark.parametrize(
    ("text", "risk"),
    [("A", Risk.A), ("d类", Risk.D), ("", Risk.NONE), ("较高风险", Risk.C), ("E", None), ("AB", None)],
)
def test_risk_as_offices_write_it(text: str, risk: Risk | None) -> None:
    assert risk_of(text) == risk


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("存续（在营）", SubjectState.OPERATING),
        ("已注销", SubjectState.DEREGISTERED),
        ("歇业", SubjectState.SUSPENDED),
        ("好", None),
    ],
)
def test_state_as_offices_write_it(text: str, state: SubjectState | None) -> None:
    assert state_of(text, STATE_LABELS) == state


def test_filter_means_all_of_all_and_none_of_none() -> None:
    wanted = scope_filter(
        {
            "all": [{"kind": "field", "any": ["旅馆业", "餐饮服务"]}],
            "none": [{"kind": "tag", "any": ["公办"]}],
        }
    )
    assert fits(wanted, labels_of({"fields": ["旅馆业"], "tags": []}))
    assert not fits(wanted, labels_of({"fields": ["旅馆业"], "tags": ["公办"]}))
    assert not fits(wanted, labels_of({"fields": ["加油站"]}))
    assert scope_filter(wanted.as_json()) == wanted
    with pytest.raises(ValueError, match="至少"):
        scope_filter({"all": [{"kind": "field", "any": []}]})


VOCABULARY = {
    LabelKind.FIELD: ["旅馆业", "歌舞娱乐场所", "危险化学品", "建筑施工"],
    LabelKind.TAG: ["规模以上", "易燃易爆", "娱乐"],
}


@pytest.mark.parametrize(
    ("scope", "kind", "values", "unknown"),
    [
        ("各类宾馆, 旅店", LabelKind.FIELD, ("旅馆业",), ()),
        ("歌舞、娱乐场所", LabelKind.FIELD, ("歌舞娱乐场所",), ()),
        ("规模以上企业", LabelKind.TAG, ("规模以上",), ()),
        ("辖区内易燃易爆等重点场所单位", LabelKind.TAG, ("易燃易爆",), ()),
        ("全施工企业", LabelKind.FIELD, ("建筑施工",), ()),
        ("企业年报公示信息", LabelKind.SUBJECT_KIND, ("enterprise",), ()),
        ("宾馆和滑雪场", LabelKind.FIELD, ("旅馆业",), ("滑雪场",)),
    ],
)
def test_scope_text_is_proposed_as_a_filter(
    scope: str, kind: LabelKind, values: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    proposal = proposed_filter(scope, VOCABULARY)
    assert [(one.kind, one.any) for one in proposal.filter.all] == [(kind, values)]
    assert proposal.unknown == unknown


def test_a_scope_that_nothing_answers_to_proposes_nothing() -> None:
    proposal = proposed_filter("全县滑雪场", VOCABULARY)
    assert proposal.filter.empty
    assert proposal.unknown == ("滑雪场",)
