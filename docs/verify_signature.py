#!/usr/bin/env python3
"""Checks who published a draw bundle: verify_signature.py BUNDLE.json PUBLISHED_KEY.pem [KEY_ID]. ECDSA P-256 by hand."""
import base64
import hashlib
import json
import sys

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = (3 * a[0] ** 2 - 3) * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope**2 - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(k, point):
    return None if k == 0 else add(times(k // 2, add(point, point)), point if k % 2 else None)


def published_by(bundle, pem, kid=None):
    key = base64.b64decode("".join(line for line in pem.split("\n") if "-" not in line))
    owner = int.from_bytes(key[-64:-32], "big"), int.from_bytes(key[-32:], "big")
    unsigned = {name: value for name, value in bundle.items() if name != "signature"}
    text = json.dumps(unsigned, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    raw = base64.urlsafe_b64decode(bundle["signature"]["sig"] + "==")
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    if len(raw) != 64 or not 0 < r < N or not 0 < s < N or bundle["signature"]["kid"] != (kid or hashlib.sha256(key).hexdigest()[:16]):
        return False
    z, w = int(hashlib.sha256(text).hexdigest(), 16), pow(s, -1, N)
    at = add(times(z * w % N, G), times(r * w % N, owner))
    return at is not None and at[0] % N == r


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file, open(sys.argv[2], encoding="ascii") as key:
        good = published_by(json.load(file), key.read(), *sys.argv[3:])
    sys.exit("FAILED: signature" if not good else print("the signature is good"))
