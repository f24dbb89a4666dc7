"""What do phones send? One signed bundle of thirty operations per visit, as the app writes and packs it, made beforehand.

Everything follows from the visit's number, so any process can make the bundle of any visit without asking the database.
"""

import base64
import gzip
import hashlib
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from onevisit.core.canonical import canonical
from onevisit.visits.bundles import signed_text

SECRET = "0" * 64
REGION, LEAD, PARTNER = "632525", "632525-ga", "632525-wjj"
INSPECTORS = 40
ENTRIES = 11  # of each of two items: the peer's form has 22 answers
OPERATIONS = 30
WALL = "2026-11-10T10:21:07.123+08:00"


def name(visit: int, seq: int = 0) -> str:
    """The id of a visit (seq 0) or of its operation; the visit's number leads, as the time does in a phone's."""
    return f"{0x01000000 + visit:08x}-{seq:04x}-7000-8000-{visit:012x}"


def inspector(number: int) -> str:
    """The id of an inspector, and of his account."""
    return f"019fa000-{number:04x}-7000-8000-00000000aaaa"


def device(number: int) -> str:
    """The id of his phone."""
    return f"019fa000-{number:04x}-7000-8000-00000000dddd"


def owner(visit: int) -> int:
    """Who of the lead department's inspectors leads this visit."""
    return visit % (INSPECTORS // 2)


@cache
def key(number: int) -> ec.EllipticCurvePrivateKey:
    """The key of a phone; the same in every process."""
    return ec.derive_private_key(10**9 + number, ec.SECP256R1())


def jwk(number: int) -> dict[str, str]:
    """Its public half as WebCrypto writes it."""
    numbers = key(number).public_key().public_numbers()
    x, y = (
        base64.urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode() for n in (numbers.x, numbers.y)
    )
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def sign(number: int, text: str) -> str:
    """ECDSA as WebCrypto writes it."""
    r, s = decode_dss_signature(key(number).sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return base64.urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).rstrip(b"=").decode()


def items() -> list[str]:
    """The two items of the lead department."""
    return ["019fa001-0001-7000-8000-000000000001", "019fa001-0001-7000-8000-000000000002"]


def facts() -> list[tuple[str, dict[str, Any], list[str]]]:
    """Kind, body and registers seen of each operation: 22 answers, what was found, two notes, who came and went."""
    said: list[tuple[str, dict[str, Any], list[str]]] = [
        ("visit.arrive", {"position": {"lat_e7": 355_800_000, "lon_e7": 1_007_500_000}, "accuracy_m": 12}, [])
    ]
    for item in items():
        for entry in range(1, ENTRIES + 1):
            value = "fail" if entry == 7 else "pass"
            note = "二层东侧疏散指示标志不亮，已当场告知负责人" if value == "fail" else None
            phrases = ["疏散指示标志损坏"] if value == "fail" else []
            body = {"item": item, "entry": f"e{entry}", "value": value, "note": note, "phrases": phrases}
            said.append(("answer.set", body, [f"answer/{item}/e{entry}"]))
        found = {"item": item, "outcomes": ["problem_rectify"], "reason": None}
        said.append(("finding.set", found, [f"finding/{item}"]))
        note_ = {"item": item, "entry": None, "text": "前台登记系统当日正常，抽看入住登记五条，均已录入。"}
        said.append(("note.add", note_, []))
    measure = {
        "item": items()[0], "entry": "e7", "kind": "rectification_order", "form": "written", "text": "限期更换疏散指示标志",
        "due_day": "2026-11-25", "number": "示责改〔2026〕7号", "facts": None, "breached": None, "applied": None, "ground": None,
    }  # fmt: skip
    said.append(("measure.issue", measure, []))
    said.append(("visit.leave", {"position": None, "accuracy_m": None}, []))
    said.append(("part.ready", {}, [f"ready/{LEAD}"]))
    assert len(said) == OPERATIONS
    return said


def with_photos(visit: int, hashed: list[str], sizes: list[int]) -> bytes:
    """The packed body of a visit's whole log with a photo.add for each of these instead of some answers."""
    said = facts()
    for at, (hash_, size) in enumerate(zip(hashed, sizes, strict=True)):
        body = {
            "hash": hash_, "size": size, "taken_at": WALL, "caption": None, "item": items()[0], "entry": None, "position": None,
            "accuracy_m": None, "width": 640, "height": 480, "mime": "image/jpeg", "reencoded_from": None,
        }  # fmt: skip
        said[at + 2] = ("photo.add", body, [])
    who, prev, operations = owner(visit), None, []
    for seq, (kind, body, registers) in enumerate(said, 1):
        operations.append({
            "id": name(visit, seq), "device": device(who), "visit": name(visit), "seq": seq, "prev": prev, "part": LEAD,
            "kind": kind, "body": body, "base": {register: [] for register in registers}, "by": inspector(who),
            "at": {"wall": WALL, "offset_ms": 35},
        })  # fmt: skip
        prev = hashlib.sha256(canonical(operations[-1])).hexdigest()
    text = signed_text(device(who), name(visit), 1, len(operations), str(prev))
    bundle = {
        "format": "onevisit-bundle/1", "device": device(who), "visit": name(visit), "from": 1, "to": len(operations),
        "hash": prev, "signature": sign(who, text), "operations": operations,
    }  # fmt: skip
    return gzip.compress(
        json.dumps({"bundles": [bundle]}, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0
    )


@cache
def _forms() -> list[tuple[str, str]]:
    """Each operation as the phone writes it, and in its canonical form, with holes for what differs."""
    holes = {name: f"@{name}@" for name in ("id", "device", "visit", "prev", "by")}
    forms = []
    for seq, (kind, body, registers) in enumerate(facts(), 1):
        operation = {
            "id": holes["id"], "device": holes["device"], "visit": holes["visit"], "seq": seq, "prev": holes["prev"],
            "part": LEAD, "kind": kind, "body": body, "base": {register: [] for register in registers}, "by": holes["by"],
            "at": {"wall": WALL, "offset_ms": 35},
        }  # fmt: skip
        sent = json.dumps(operation, ensure_ascii=False, separators=(",", ":"))
        forms.append(
            (sent.replace('"@prev@"', "@prev@"), canonical(operation).decode().replace('"@prev@"', "@prev@"))
        )
    return forms


def _filled(form: str, visit: int, seq: int, prev: str | None) -> str:
    who = owner(visit)
    return (
        form.replace("@id@", name(visit, seq)).replace("@device@", device(who)).replace("@visit@", name(visit))
        .replace("@prev@", f'"{prev}"' if prev else "null").replace("@by@", inspector(who))
    )  # fmt: skip


def log_of(visit: int) -> tuple[list[str], list[bytes], list[str], str]:
    """Every operation as sent, its canonical bytes, its hash, and the signature over the last."""
    sent, raw, hashed = [], [], []
    prev: str | None = None
    for seq, (as_sent, as_hashed) in enumerate(_forms(), 1):
        sent.append(_filled(as_sent, visit, seq, prev))
        raw.append(_filled(as_hashed, visit, seq, prev).encode())
        prev = hashlib.sha256(raw[-1]).hexdigest()
        hashed.append(prev)
    text = signed_text(device(owner(visit)), name(visit), 1, OPERATIONS, hashed[-1])
    return sent, raw, hashed, sign(owner(visit), text)


def body_of(visit: int) -> bytes:
    """The request's body, packed as the app packs it."""
    sent, _, hashed, signature = log_of(visit)
    whole = (
        f'{{"bundles":[{{"format":"onevisit-bundle/1","device":"{device(owner(visit))}","visit":"{name(visit)}","from":1,'
        f'"to":{OPERATIONS},"hash":"{hashed[-1]}","signature":"{signature}","operations":[{",".join(sent)}]}}]}}'
    )
    return gzip.compress(whole.encode(), 6, mtime=0)


def request_of(visit: int, tokens: list[str]) -> bytes:
    """The whole request, ready to be written to a connection."""
    body = body_of(visit)
    head = (
        "POST /api/sync/bundles HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/vnd.onevisit.sync+json\r\n"
        f"Content-Encoding: gzip\r\nAuthorization: Bearer {tokens[owner(visit)]}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
