"""Is an operation read exactly when it is one, and does a bundle prove itself?"""

from __future__ import annotations

import base64
import json
from copy import deepcopy
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from onevisit.core.canonical import canonical
from onevisit.visits.bundles import BadBundle, is_signed, parse_bundle, signed_text, verify_p1363
from onevisit.visits.operations import (
    KINDS,
    BadOperation,
    operation_hash,
    parse_operation,
    register_of,
    same_content,
    value_of,
)
from onevisit.visits.shapes import SHAPES
from tests.visits.make_cases import CASES, hygiene, police
from tests.visits.phones import VISIT

VALID = json.loads((CASES / "operations_valid.json").read_text(encoding="utf-8"))
INVALID = json.loads((CASES / "operations_invalid.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "row", VALID, ids=lambda row: f"{row['operation']['kind']} {row['operation']['seq']}"
)
def test_a_good_operation_is_read(row: Any) -> None:
    operation = parse_operation(row["operation"])
    expect = row["expect"]
    assert canonical(operation.as_json()) == canonical(row["operation"])
    assert operation_hash(operation) == expect["hash"]
    assert operation.known is expect["known"]
    if operation.known:
        assert register_of(operation) == expect["register"]
    if expect["register"] is not None:
        assert value_of(operation) == expect["value"]


@pytest.mark.parametrize("row", INVALID, ids=lambda row: row["name"])
def test_a_bad_operation_says_what_is_wrong(row: Any) -> None:
    with pytest.raises(BadOperation) as found:
        parse_operation(row["operation"])
    said = {"code": found.value.code, "field": found.value.field, "reason": str(found.value.reason)}
    assert said == row["expect"]
    assert found.value.detail


def test_every_kind_has_its_shape_and_both_languages_share_them() -> None:
    assert set(SHAPES) >= KINDS
    assert json.loads((CASES / "operations_shapes.json").read_text(encoding="utf-8")) == SHAPES


def test_a_rechained_operation_is_the_same_fact() -> None:
    phone = police()
    phone.arrive()
    one = phone.answer("security", "b1", "pass")
    other = {**deepcopy(one), "device": "phone-1b", "seq": 1, "prev": None}
    changed = {**deepcopy(one), "body": {**one["body"], "value": "fail"}}
    assert same_content(parse_operation(one), parse_operation(other))
    assert not same_content(parse_operation(one), parse_operation(changed))


# -- bundles

KEY = ec.generate_private_key(ec.SECP256R1())
SPKI = KEY.public_key().public_bytes(
    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
)


def signed(text: str) -> str:
    """As WebCrypto signs: r and s, base64url without padding."""
    r, s = decode_dss_signature(KEY.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return base64.urlsafe_b64encode(r.to_bytes(32) + s.to_bytes(32)).rstrip(b"=").decode()


def bundle(log: list[Any], **over: Any) -> Any:
    """A good bundle of these operations."""
    first, last, head = log[0]["seq"], log[-1]["seq"], operation_hash(log[-1])
    device = log[0]["device"]
    made = {
        "format": "onevisit-bundle/1",
        "device": device,
        "visit": VISIT,
        "from": first,
        "to": last,
        "hash": head,
        "signature": signed(signed_text(device, VISIT, first, last, head)),
        "operations": deepcopy(log),
    }
    return {**made, **over}


def test_a_bundle_proves_a_stretch_of_a_log() -> None:
    phone = police()
    hygiene(phone)
    whole, rest = parse_bundle(bundle(phone.log)), parse_bundle(bundle(phone.log[2:]))
    assert is_signed(whole, SPKI)
    assert is_signed(rest, SPKI)
    assert whole.prev is None
    assert rest.prev == whole.links[1].hash
    assert [link.operation.kind for link in whole.links if link.operation] == [op["kind"] for op in phone.log]


def test_an_unreadable_operation_does_not_stop_the_others() -> None:
    phone = police()
    phone.arrive()
    phone.write("answer.set", {"item": "security"})
    phone.answer("security", "b1", "pass")
    read = parse_bundle(bundle(phone.log))
    assert is_signed(read, SPKI)
    assert [link.refusal.code if link.refusal else None for link in read.links] == [
        None,
        "operation.bad_body",
        None,
    ]


def test_a_changed_bundle_is_believed_in_nothing() -> None:
    phone = police()
    hygiene(phone)
    for change, code in (
        ({"operations": phone.log[:-1]}, "bundle.bad_range"),
        ({"operations": [phone.log[0], phone.log[2], phone.log[1], phone.log[3]]}, "bundle.broken_chain"),
        ({"hash": "0" * 64}, "bundle.broken_chain"),
        ({"device": "phone-2"}, "bundle.broken_chain"),
        ({"format": "onevisit-bundle/2"}, "bundle.unreadable"),
        ({"extra": 1}, "bundle.unreadable"),
        ({"from": True}, "bundle.unreadable"),
    ):
        with pytest.raises(BadBundle) as found:
            parse_bundle(bundle(phone.log, **change))
        assert found.value.code == code
    tampered = bundle(phone.log)
    tampered["operations"][1]["body"]["value"] = "fail"
    with pytest.raises(BadBundle):
        parse_bundle(tampered)


def test_a_float_inside_breaks_the_chain() -> None:
    phone = police()
    phone.arrive()
    made = bundle(phone.log)
    made["operations"][0]["body"]["accuracy_m"] = 1.5
    with pytest.raises(BadBundle) as found:
        parse_bundle(made)
    assert found.value.code == "bundle.not_canonical"


def test_a_false_signature_is_seen() -> None:
    phone = police()
    phone.arrive()
    good = bundle(phone.log)
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    foreign = other.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    read = parse_bundle(good)
    assert not is_signed(read, foreign)
    assert not is_signed(read, b"no key")
    for signature in ("", "AAAA", "!" * 86, "A" * 86, good["signature"] + "AA", "签" * 86):
        assert not is_signed(parse_bundle({**good, "signature": signature}), SPKI)
    assert not verify_p1363(SPKI, b"another text", good["signature"])
