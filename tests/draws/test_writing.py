"""Is a bundle written from its outline the whole bundle to the last byte, and signed as the whole one?"""

import json
from hashlib import sha256
from typing import Any

import pytest
from tests.draws.cases import BUNDLES
from tests.draws.made import drawn

from onevisit.core.canonical import canonical, digest
from onevisit.draws import frozen, writing
from onevisit.draws.bundle import public_bundle, unsigned_of
from onevisit.draws.lot import FrozenPool
from onevisit.draws.proof import Prover, proofs
from onevisit.draws.quota import Rules

FULL = [one for one in BUNDLES["cases"] if "entries" in one["bundle"] and not one["failed"]]
SIGNATURE = {"kid": "示例", "sig": "x"}


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


def outline(bundle: dict[str, Any]) -> dict[str, Any]:
    return {name: None if name in writing.LONG else value for name, value in bundle.items()}


def parts(bundle: dict[str, Any]) -> tuple[FrozenPool, writing.Lists]:
    """The pool as it comes back from what is kept, and the lists a bundle is written from."""
    given = {"excluded": [], "inspectors": [], **bundle}
    pool = FrozenPool.of_blocks(FrozenPool.from_json(given).blocks())
    tickets = "".join(one["ticket"] or "" for one in bundle["leaves"])
    voided = bundle["status"] == "voided"
    return pool, writing.Lists(
        pool.subjects.row,
        pool.subjects.codes,
        None if voided else writing.ready(bytes.fromhex(tickets)),
        pool,
    )


@pytest.mark.parametrize("chunk", [2, 1 << 12])
@pytest.mark.parametrize("case", FULL, ids=named)
def test_the_text_is_the_whole_bundle(
    case: dict[str, Any], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHUNK", chunk)
    monkeypatch.setattr(frozen, "BLOCK", chunk)
    bundle = case["bundle"]
    pool, lists = parts(bundle)
    whole = {**bundle, **{name: value for name, value in pool.as_json().items() if name in bundle}}
    for given in (whole, public_bundle(whole)):
        assert b"".join(writing.written(outline(given), lists)).decode() == writing.compact(given)
        assert b"".join(writing.written(given, lists)).decode() == writing.compact(given)


@pytest.mark.parametrize("case", FULL, ids=named)
def test_what_is_signed_is_the_whole_bundle(case: dict[str, Any]) -> None:
    _, lists = parts(case["bundle"])
    whole = [unsigned_of(case["bundle"]), public_bundle(case["bundle"])]
    for given in whole:
        found = writing.hashed(outline(given), lists)
        assert found.unsigned() == sha256(canonical(given)).digest()
        assert found.signed(SIGNATURE).hex() == digest({**given, "signature": SIGNATURE})


def test_the_public_bundle_is_written_without_the_entries() -> None:
    pool, lists = parts(drawn("示例", 300, Rules("0.1"))[1])
    bare = writing.Lists(pool.subjects.row, pool.subjects.codes, lists.tickets)
    assert b"".join(bare.written("leaves", False)) == b"".join(lists.written("leaves", False))
    with pytest.raises(ValueError, match="no entries"):
        bare.written("entries", True)


def test_proofs_are_the_same_from_what_is_kept() -> None:
    bundle = drawn("示例", 300, Rules("0.1"))[1]
    pool, _ = parts(bundle)
    prover = Prover.of_pool(FrozenPool.of_blocks(pool.blocks()), bundle["selected"])
    made = {one.leaf: one.text() for one in proofs(pool, bundle["commit_hash"], bundle["selected"])}
    assert {leaf: prover.proof(bundle["commit_hash"], leaf).text() for leaf in bundle["selected"]} == made
    assert json.dumps(list(made)) == json.dumps(bundle["selected"])
