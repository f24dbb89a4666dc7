"""Do hash, HMAC, Merkle tree and canonical JSON give what their standards say?"""

import json

import pytest
from tests.draws.cases import cases

from onevisit.core.canonical import canonical, digest, sha256_hex
from onevisit.draws import merkle
from onevisit.draws.lot import Subject, ticketer
from onevisit.draws.sources import bits, typed_value

VECTORS = cases("vectors")


@pytest.mark.parametrize("case", VECTORS["hmac_sha256"])
def test_ticketer_is_hmac_sha256(case):
    key, message = bytes.fromhex(case["key"]), bytes.fromhex(case["message"])
    assert ticketer(key, b"")(message).hex() == case["mac"]
    assert ticketer(key, message[:5])(message[5:]).hex() == case["mac"]


@pytest.mark.parametrize("case", VECTORS["hkdf_rfc5869"])
def test_hkdf_of_our_hmac_is_that_of_rfc_5869(case):
    """Extract and expand are HMAC alone, so its published vectors hold our HMAC to outside numbers twice more."""
    extracted = ticketer(bytes.fromhex(case["salt"]), b"")(bytes.fromhex(case["ikm"]))
    assert extracted.hex() == case["prk"]
    block, found, at = b"", b"", 0
    while len(found) < case["length"]:
        at += 1
        block = ticketer(extracted, block + bytes.fromhex(case["info"]))(bytes([at]))
        found += block
    assert found[: case["length"]].hex() == case["okm"]


@pytest.mark.parametrize("case", VECTORS["sha256"])
def test_sha256(case):
    assert sha256_hex(bytes.fromhex(case["message"])) == case["hash"]


def test_tree_has_the_shape_of_rfc_6962():
    case = VECTORS["merkle_rfc6962"]
    leaves = [bytes.fromhex(sha256_hex(b"\x00" + bytes.fromhex(one))) for one in case["leaf_inputs"]]
    assert [merkle.tree_hash(leaves[:size]).hex() for size in range(len(leaves) + 1)] == case["roots"]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 7, 8, 11, 33])
def test_every_path_leads_to_the_root(size):
    tree = merkle.Tree(sha256_hex(bytes([at])) for at in range(size))
    assert tree.root == merkle.root(reversed(tree.leaves))
    for index, leaf in enumerate(tree.leaves):
        assert merkle.root_by_path(leaf, index, size, tree.path(index)) == tree.root
        with pytest.raises(ValueError):
            merkle.root_by_path(leaf, index, size, [*tree.path(index), leaf])


@pytest.mark.parametrize("case", VECTORS["canonical"])
def test_canonical_form(case):
    assert canonical(case["value"]).decode() == case["text"]
    assert digest(case["value"]) == sha256_hex(case["text"].encode())


@pytest.mark.parametrize("text", VECTORS["canonical_refused_json"])
def test_the_ambiguous_has_no_canonical_form(text):
    with pytest.raises((ValueError, TypeError)):
        canonical(json.loads(text))


@pytest.mark.parametrize("value", [b"bytes", {1: 2}, {"a": {1, 2}}, float("nan"), object()])
def test_only_json_has_a_canonical_form(value):
    with pytest.raises((ValueError, TypeError)):
        canonical(value)


def test_the_written_out_entry_is_the_canonical_one():
    subject = Subject('9163"2525', "示例𠮷\\\u0007\u2028店", "632525", "-")
    assert subject.canonical() == canonical(subject.as_json())


@pytest.mark.parametrize(("typed", "value"), VECTORS["typed_values"])
def test_a_typed_result_has_one_spelling(typed, value):
    assert typed_value(typed) == value
    assert typed_value(value) == value


@pytest.mark.parametrize(("kind", "value", "expected"), VECTORS["bits"])
def test_chance_is_counted_low(kind, value, expected):
    assert bits(kind, value) == expected
