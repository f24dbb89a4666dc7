"""Does the selection take the smallest tickets, and does a proof show it?"""

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from tests.draws.cases import BY_NAME, cases

from onevisit.core.problems import Problem
from onevisit.draws.lot import Subject, smallest
from onevisit.draws.proof import Proof, check_proof

pairs_ = st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.text("ab", max_size=3)), max_size=200)


@given(pairs_, st.integers(0, 220))
def test_the_shortcut_of_the_selection_is_the_selection(pairs, number):
    assert smallest(pairs, number) == sorted(pairs)[:number]


def test_the_shortcut_holds_where_tickets_are_not_uniform():
    crowded = [(b"\xff" * 31 + bytes([at % 256]), str(at)) for at in range(2000)]
    assert smallest(crowded, 50) == sorted(crowded)[:50]


@pytest.mark.parametrize("case", cases("proofs"), ids=lambda case: " ".join(case["failed"]) or "drawn")
def test_proofs(case):
    proof = Proof.from_json(case["proof"])
    assert proof.text() == case["text"]
    assert Proof.from_text(case["text"]) == proof
    assert check_proof(proof, BY_NAME[case["base"]]["bundle"]).failed == case["failed"]


@pytest.mark.parametrize("text", ["", "AAAA", "!!", "AQ", "示例"])
def test_an_unreadable_proof_is_refused(text):
    with pytest.raises(Problem) as found:
        Proof.from_text(text)
    assert found.value.code == "draws.proof_unreadable"


def test_the_proof_of_a_million_fits_the_code_on_the_notice():
    subject = Subject("91632525MA75XXXXXX", "示例" * 20, "632525", "D")
    text = Proof("0" * 64, "0" * 32, subject, 2**20 - 1, ("f" * 64,) * 20).text()
    code = segno.make("https://onevisit.example.gov.cn/p#" + text, error="l", boost_error=False, micro=False)
    assert int(code.version) <= 25
