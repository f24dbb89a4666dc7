"""Which wrong things can come instead of a good bundle? Every kind has a name, so that each is counted."""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.factories.phone import SYNC_TYPE, RealPhone, sign_with

Json = Any
UUID = "019fa0a0-0000-7000-8000-0000000000ff"
MEGABYTE = 1024 * 1024


@dataclass
class Wrong:
    """One wrong thing. `bundle`: text of a bundle that stands among others; `request`: a whole body with its headers.

    `resigned`: the operations as they stand in a good chain with a good signature: what they say is wrong, who says
    it is not.
    """

    kind: str
    bundle: str = ""
    request: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = SYNC_TYPE
    resigned: list[Json] | None = None
    made: list[Json] = field(default_factory=list)


def text_of(value: Json) -> str:
    """JSON as any program may write it, also of what is none (NaN, halves of characters)."""
    return json.dumps(value)


def hash_of(operation: Json) -> str:
    """The hash by our own canonical form: an oracle does not ask whom it checks."""
    text = json.dumps(operation, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def sealed(phone: RealPhone, operations: list[Json], first: int) -> Json:
    """A bundle whose chain and signature are good, whatever the operations say."""
    last, hashed = first + len(operations) - 1, hash_of(operations[-1])
    words = f"onevisit-bundle/1|{phone.device}|{phone.visit}|{first}|{last}|{hashed}"
    return {
        "format": "onevisit-bundle/1", "device": phone.device, "visit": phone.visit, "from": first, "to": last,
        "hash": hashed, "operations": operations, "signature": sign_with(phone.key, words),
    }  # fmt: skip


def strange(chance: random.Random) -> Json:
    """A value that fits nowhere."""
    return chance.choice(STRANGE)(chance)


def deep(depth: int, of: Callable[[Json], Json]) -> Json:
    """Nested so often."""
    value: Json = 0
    for _ in range(depth):
        value = of(value)
    return value


STRANGE: tuple[Callable[[random.Random], Json], ...] = (
    lambda _: None, lambda _: True, lambda _: 0, lambda _: -1, lambda _: 2**31 - 1, lambda _: 2**31, lambda _: 2**53,
    lambda _: 2**63, lambda _: 10**30, lambda _: -(10**30), lambda _: 1.5, lambda _: 1e300, lambda _: "", lambda _: " ",
    lambda _: "\x00", lambda _: "a\x00b", lambda _: "\ud800", lambda _: "\udfff\ud800", lambda _: "\u202e\ufeff",
    lambda _: "长" * 40_000, lambda chance: "x" * chance.choice([70_000, 70_000, 70_000, MEGABYTE]), lambda _: "'; --", lambda _: "%s%n", lambda _: "../../etc",
    lambda _: [], lambda _: {}, lambda _: [[]], lambda _: {"": {}}, lambda _: {"ключ": 1}, lambda _: {"__class__": "x"},
    lambda _: deep(30, lambda inner: [inner]), lambda _: deep(70, lambda inner: [inner]),
    lambda _: deep(40, lambda inner: {"a": inner}), lambda _: [0] * 5000, lambda _: {f"k{n}": n for n in range(500)},
    lambda _: UUID, lambda _: UUID.upper(), lambda _: "server:632525", lambda _: "0" * 64, lambda _: "2026-02-30",
    lambda _: "2026-11-10T10:00:00", lambda _: "9999-12-31T23:59:60+14:00", lambda _: "0001-01-01T00:00:00+00:00",
    lambda chance: "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(1, 40))),
    lambda chance: chance.randrange(-(2**70), 2**70), lambda chance: chance.random(),
)  # fmt: skip


def places(value: Json, road: tuple[Json, ...] = ()) -> Iterator[tuple[Json, ...]]:
    """The road to everything inside."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        yield (*road, name)
        yield from places(member, (*road, name))


def changed(chance: random.Random, value: Json) -> Json:
    """One thing inside is another, is gone, is there twice, has another name."""
    whole = copy.deepcopy(value)
    *road, name = chance.choice(list(places(whole)))
    inside = whole
    for step in road:
        inside = inside[step]
    act = chance.randrange(6)
    if act <= 2:
        inside[name] = strange(chance)
    elif act == 3:
        del inside[name]
    elif act == 4 and isinstance(inside, list):
        inside.insert(name, copy.deepcopy(inside[name]))
    elif isinstance(inside, dict):
        inside[chance.choice(["extra", "x" * 200, "id ", "ид", "constructor"])] = strange(chance)
    else:
        inside.append(strange(chance))
    return whole


# -- one bundle among others


def some_change(chance: random.Random, bundle: Json, _: RealPhone) -> Wrong:
    return Wrong("changed", text_of(changed(chance, bundle)))


def many_changes(chance: random.Random, bundle: Json, _: RealPhone) -> Wrong:
    for _turn in range(chance.randrange(2, 6)):
        bundle = changed(chance, bundle)
        if not list(places(bundle)):
            break
    return Wrong("changed often", text_of(bundle))


def not_a_bundle(chance: random.Random, _: Json, __: RealPhone) -> Wrong:
    return Wrong("no bundle", text_of(strange(chance)))


def wrong_head(chance: random.Random, bundle: Json, _: RealPhone) -> Wrong:
    name = chance.choice(["from", "to", "hash", "device", "visit", "format"])
    near = {
        "from": [bundle["from"] + 1, bundle["from"] - 1, 0, 2**31, str(bundle["from"]), float(bundle["from"]), True],
        "to": [bundle["to"] + 1, bundle["to"] - 1, 2**31, 10**30], "hash": [bundle["hash"].upper(), "0" * 64, bundle["hash"][:-1]],
        "device": [UUID, "server:632525", bundle["device"].upper()], "visit": [UUID, bundle["visit"].upper(), ""],
        "format": ["onevisit-bundle/2", "", None],
    }  # fmt: skip
    return Wrong(f"wrong {name}", text_of({**bundle, name: chance.choice(near[name])}))


def wrong_signature(chance: random.Random, bundle: Json, phone: RealPhone) -> Wrong:
    raw = bytearray(base64.urlsafe_b64decode(bundle["signature"] + "=="))
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    flipped = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    other = sign_with(phone.key, "onevisit-bundle/1|another text")
    told = chance.choice(
        [flipped, other, "", "A" * 86, "-" * 86, flipped + "=", "签", bundle["signature"][:-4], "A" * 10_000]
    )
    return Wrong("wrong signature", text_of({**bundle, "signature": told}))


def wrong_place(chance: random.Random, bundle: Json, _: RealPhone) -> Wrong:
    bundle = copy.deepcopy(bundle)
    operation = chance.choice(bundle["operations"])
    name = chance.choice(["seq", "prev", "device", "visit"])
    operation[name] = strange(chance)
    return Wrong(f"operation's {name}", text_of(bundle))


def shuffled(chance: random.Random, bundle: Json, _: RealPhone) -> Wrong:
    operations = list(bundle["operations"])
    chance.shuffle(operations)
    if operations == bundle["operations"]:
        operations = operations[1:]
    return Wrong("shuffled", text_of({**bundle, "operations": operations}))


def false_gap(chance: random.Random, bundle: Json, phone: RealPhone) -> Wrong:
    """Chained and signed, but far ahead in its log: waits, and never stands in the record."""
    first = chance.choice([bundle["from"] + 7, 2**31 - len(bundle["operations"]) + 1, 2**31])
    made, prev = [], "ab" * 32
    for at, operation in enumerate(copy.deepcopy(bundle["operations"])):
        operation |= {"seq": first + at, "prev": prev}
        prev = hash_of(operation)
        made.append(operation)
    return Wrong("past a gap", text_of(sealed(phone, made, first)))


def resigned(chance: random.Random, bundle: Json, phone: RealPhone) -> Wrong:
    """The inside is wrong and the signature is good."""
    made, prev, first = [], bundle["operations"][0]["prev"], bundle["from"]
    for at, operation in enumerate(bundle["operations"]):
        one = changed(chance, operation)
        if chance.random() < 0.5:
            one = {
                **operation,
                "body": changed(chance, operation["body"]) if operation["body"] else strange(chance),
            }
        one |= {"seq": first + at, "prev": prev, "device": phone.device, "visit": phone.visit}
        prev = hash_of(one)
        made.append(one)
    return Wrong("good signature, wrong inside", text_of(sealed(phone, made, first)), resigned=made)


BUNDLES = (
    *[some_change] * 5, *[many_changes] * 3, *[not_a_bundle] * 2, *[wrong_head] * 4, *[wrong_signature] * 3, *[wrong_place] * 4,
    *[shuffled] * 2, *[false_gap] * 2, *[resigned] * 5,
)  # fmt: skip


# -- a whole request


def broken_text(chance: random.Random, text: str) -> Wrong:
    number = chance.choice(
        ["NaN", "Infinity", "-Infinity", "1e400", "1" * 5000, "0x10", "01", "+1", ".5", "1.", "--1"]
    )
    return Wrong("no JSON number", request=text.replace('"seq": ', f'"seq": {number}, "seq2": ', 1).encode())


def twice_named(chance: random.Random, text: str) -> Wrong:
    name = chance.choice(['"seq": ', '"id": ', '"visit": ', '"operations": ', '"bundles": ', '"signature": '])
    return Wrong("a name twice", request=text.replace(name, f"{name}0, {name}", 1).encode())


def truncated(chance: random.Random, text: str) -> Wrong:
    return Wrong("truncated", request=text.encode()[: chance.randrange(len(text))])


def flipped(chance: random.Random, text: str) -> Wrong:
    raw = bytearray(text.encode())
    for _ in range(chance.randrange(1, 4)):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return Wrong("a bit flipped", request=bytes(raw))


def endless(chance: random.Random, text: str) -> Wrong:
    depth = chance.choice([65, 1000, 100_000])
    opened, closed = chance.choice([("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
    inside = opened * depth + "0" + (closed * depth if chance.random() < 0.7 else "")
    body = chance.choice(
        [inside, f'{{"bundles": [{inside}]}}', text.replace('"body": ', f'"body": {inside}, "b": ', 1)]
    )
    return Wrong("endless nesting", request=body.encode())


def strange_body(chance: random.Random, text: str) -> Wrong:
    whole = chance.choice([
        b"", b"null", b"[]", b"{}", b'{"bundles": {}}', b'{"bundles": []}', b'{"bundles": [], "more": 1}', b'"', b"\x00" * 50,
        text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode(), b"\xff\xfe" + text.encode(), text.replace("1", "\u0661").encode(),
        text.replace('"format"', '"form\\ud800at"').encode(), b'{"bundles": [' + b"0," * 100 + b"0]}",
        b'{"bundles": [{"operations": [' + b"0," * 500 + b"0]}]}", b"[" * 50 + b"]" * 50,
    ])  # fmt: skip
    return Wrong("strange body", request=whole)


@cache
def bomb(megabytes: int, inside: bytes) -> bytes:
    """Gzip that grows to so much."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(inside * MEGABYTE) for _ in range(megabytes)) + packer.flush()


def without_end(chance: random.Random, _: str) -> Wrong:
    """Texts that open and never close; a careless reader looks for the end from every quote again."""
    piece = chance.choice(['\\"', "\\", '"a', '\\\\"', "\\u", '"'])
    return Wrong(
        "a text without its end",
        request=b'{"bundles": ["' + (piece * chance.choice([100, 50_000, 1_500_000])).encode(),
    )


def packed(chance: random.Random, text: str) -> Wrong:
    good = gzip.compress(text.encode())
    exploding = bomb(chance.choice([9, 64, 512]), chance.choice([b"\x00", b" ", b"["]))
    whole, encoding = chance.choice([
        (exploding, "gzip"), (good[:-5], "gzip"), (good + good, "gzip"), (good + b"rest", "gzip"), (text.encode(), "gzip"),
        (gzip.compress(good), "gzip"), (b"", "gzip"), (good, "identity"), (good, "br"), (good, "deflate"), (good, "gzip, gzip"),
        (zlib.compress(text.encode()), "gzip"), (good[:10] + b"\xff" * 50, "gzip"),
    ])  # fmt: skip
    return Wrong("packed wrong", request=whole, headers={"Content-Encoding": encoding})


def other_type(chance: random.Random, text: str) -> Wrong:
    told = chance.choice(
        [
            "application/json",
            "text/plain",
            "",
            "application/vnd.onevisit.sync",
            "multipart/form-data; boundary=x",
            "*/*",
        ]
    )
    return Wrong("another content type", request=text.encode(), content_type=told)


def too_large(chance: random.Random, text: str) -> Wrong:
    place = chance.choice(['"text": "', '"id": "', '"kind": "', '"wall": "'])
    size = chance.choice([MEGABYTE, 2 * MEGABYTE, 9 * MEGABYTE])
    return Wrong("far too large", request=text.replace(place, place + "x" * size, 1).encode())


REQUESTS = (
    *[broken_text] * 4, *[twice_named] * 4, *[truncated] * 4, *[flipped] * 6, *[endless] * 2, *[strange_body] * 4, *[packed] * 2,
    *[other_type] * 3, too_large, without_end,
)  # fmt: skip
