"""Does the selection take the smallest tickets, and does a proof show it?"""

import base64
import dataclasses
import hashlib
import os
from binascii import unhexlify

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from tests.draws.cases import BY_NAME, cases

from onevisit.core.problems import Problem
from onevisit.core.spread import WORTH_IT, at_once
from onevisit.draws import merkle
from onevisit.draws.lot import (
    SUBJECT_PREFIX,
    Frozen,
    Subject,
    all_roots,
    lot_of,
    roots,
    ticketer,
    tickets,
)
from onevisit.draws.proof import Proof, check_proof

tickets_ = st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.sampled_from("AD")), max_size=200)


def plainly(tickets, risks, quota):
    """The selection as draw.md §4 says it, without a shortcut."""
    return [
        (risk, leaf.decode(), ticket)
        for risk in "DA"
        for ticket, leaf in sorted(
            (ticket, LEAVES[at])
            for at, (ticket, own) in enumerate(zip(tickets, risks, strict=True))
            if own == risk
        )[: quota[risk]]
    ]


LEAVES = [f"{at:064x}".encode() for at in range(2000)]


def outcome(tickets, risks, quota):
    row, codes = b"".join(LEAVES[: len(tickets)]), "".join(risks).encode()
    return list(lot_of(row, codes, quota, b"", lambda key, row: b"".join(tickets)).drawn)


@given(tickets_, st.integers(0, 220), st.integers(0, 220))
def test_the_shortcut_of_the_selection_is_the_selection(given_, of_a, of_d):
    tickets, risks = [ticket for ticket, _ in given_], [risk for _, risk in given_]
    quota = {"A": of_a, "D": of_d}
    assert outcome(tickets, risks, quota) == plainly(tickets, risks, quota)


@pytest.mark.parametrize("fill", [b"\xff", b"\x00"])
def test_the_shortcut_holds_where_tickets_are_not_uniform(fill):
    crowded, risks = [fill * 31 + bytes([at % 256]) for at in range(2000)], ["A", "D"] * 1000
    assert outcome(crowded, risks, {"A": 50, "D": 3}) == plainly(crowded, risks, {"A": 50, "D": 3})


def test_tickets_of_many_by_several_processes_are_those_of_one():
    leaves = [f"{at:064x}".encode() for at in range(WORTH_IT + 7)]
    ticket = ticketer(b"key", SUBJECT_PREFIX)
    assert tickets(b"key", b"".join(leaves)) == b"".join(map(ticket, leaves))


def test_roots_of_many_by_two_processes_are_those_of_one():
    leaves = sorted(hashlib.sha256(b"%d" % at).hexdigest() for at in range(WORTH_IT + 1))
    row, codes = "".join(leaves).encode(), b"AAA" + b"B" * (WORTH_IT - 2)
    by_class = {"A": merkle.root(leaves[:3]), "B": merkle.root(leaves[3:])}
    assert all_roots(unhexlify(row), codes) == (merkle.root(leaves), by_class)
    assert roots(row, codes) == by_class


def test_a_child_that_fails_leaves_its_work_to_the_parent():
    parent = os.getpid()

    def only_here():
        if os.getpid() != parent:
            raise RuntimeError("no memory")
        return b"done"

    assert at_once([only_here, only_here, lambda: b"x" * 300_000]) == [b"done", b"done", b"x" * 300_000]


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
    frozen = Frozen("0" * 64, "0" * 32, subject)
    text = Proof.of("0" * 64, frozen, 2**20 - 1, ["f" * 64] * 20).text()
    code = segno.make("https://onevisit.example.gov.cn/p#" + text, error="l", boost_error=False, micro=False)
    assert int(code.version) <= 25


def test_the_proof_of_a_sensitive_task_names_nobody():
    frozen = Frozen("ab" * 32, "0" * 32, Subject("91632525MA75XXXXXX", "示例民爆器材库", "632525", "D"))
    proof = Proof.of("0" * 64, frozen, 1, ["f" * 64])
    packed = base64.urlsafe_b64decode(proof.text(named=False) + "==")
    assert "示例".encode() not in packed
    assert b"91632525" not in packed
    assert Proof.from_text(proof.text(named=False)) == proof.blind()


def test_a_blind_proof_shows_the_same():
    case = next(one for one in cases("proofs") if not one["failed"])
    blind = Proof.from_json(case["proof"]).blind()
    assert check_proof(blind, BY_NAME[case["base"]]["bundle"]).ok
    other = dataclasses.replace(blind, leaf="0" * 64)
    assert not check_proof(other, BY_NAME[case["base"]]["bundle"]).ok
