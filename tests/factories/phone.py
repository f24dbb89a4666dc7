"""A phone in Python: records operations, chains them, signs bundles with a real key, sends them as the PWA does."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from onevisit.accounts.models import Account, Device
from onevisit.core import clock
from onevisit.core.canonical import digest, sha256_hex
from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.visits.bundles import signed_text
from onevisit.visits.package import package_of
from onevisit.visits.record import places_of, state_of
from tests.factories.visits import Scene
from tests.visits.phones import Phone

SYNC_TYPE = "application/vnd.onevisit.sync+json"
Json = dict[str, Any]


def make_key() -> tuple[ec.EllipticCurvePrivateKey, Json]:
    """A P-256 key as WebCrypto makes it, with its public JWK."""
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    x, y = (
        base64.urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode() for n in (numbers.x, numbers.y)
    )
    return key, {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def sign_with(key: ec.EllipticCurvePrivateKey, text: str) -> str:
    """ECDSA as WebCrypto writes it."""
    r, s = decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return base64.urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).rstrip(b"=").decode()


@dataclass
class RealPhone(Phone):
    """An enrolled phone of an inspector in one visit."""

    account: Account | None = None
    key: Any = None
    visit: str = ""
    client: Any = None
    answered: list[Json] = field(default_factory=list)
    sent_to: int = 0

    def write(self, kind: str, body: Json | None = None, **over: Any) -> Json:
        """Append an operation with an id of its own."""
        return super().write(kind, body, **{"visit": self.visit, "id": new_id(), **over})

    def bundle(self, first: int | None = None, last: int | None = None) -> Json:
        """A stretch of the log, signed."""
        first, last = first or self.sent_to + 1, last or len(self.log)
        operations = self.log[first - 1 : last]
        hashed = digest(operations[-1])
        return {
            "format": "onevisit-bundle/1", "device": self.device, "visit": self.visit, "from": first, "to": last,
            "hash": hashed, "operations": operations,
            "signature": sign_with(self.key, signed_text(self.device, self.visit, first, last, hashed)),
        }  # fmt: skip

    def bundle_signature(self, bundle: Json) -> str:
        """What this phone's key says about another one's bundle."""
        names = ("device", "visit", "from", "to", "hash")
        return sign_with(self.key, signed_text(*(bundle[name] for name in names)))

    def send(self, first: int | None = None, last: int | None = None) -> Json:
        """Send what is not sent yet (or a stretch); the answer to the bundle."""
        answer = self.post([self.bundle(first, last)])
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == SYNC_TYPE
        told: Json = answer.json["answers"][0] if answer.is_json else json.loads(answer.data)["answers"][0]
        self.sent_to = max(self.sent_to, told["accepted_to"])
        return told

    def post(self, bundles: list[Json], packed: bool = True) -> Any:
        """The request itself."""
        content = json.dumps({"bundles": bundles}).encode()
        headers = {"Content-Encoding": "gzip"} if packed else {}
        return self.client.post(
            "/api/sync/bundles",
            data=gzip.compress(content) if packed else content,
            content_type=SYNC_TYPE,
            headers=headers,
        )

    def changes(self, after: str | None = None, limit: int = 500) -> Json:
        """One page of what is new."""
        query = {"limit": limit, **({"after": after} if after else {})}
        answer = self.client.get("/api/sync/changes", query_string=query)
        assert answer.status_code == 200, answer.text
        page: Json = json.loads(answer.data)
        return page

    def package(self) -> Json:
        """The visit's package, whole."""
        return json.loads(json.dumps(package_of(self.visit, self.by)))  # type: ignore[no-any-return]

    def shoot(self, content: bytes, item: str | None = None, **over: Any) -> Json:
        """photo.add of real bytes."""
        body = {
            "hash": sha256_hex(content), "size": len(content), "taken_at": "2026-11-09T10:21:07+08:00",
            "caption": None, "item": item, "entry": None, "position": None, "accuracy_m": None,
            "width": 640, "height": 480, "mime": "image/jpeg", "reencoded_from": None, **over,
        }  # fmt: skip
        return self.write("photo.add", body)

    def verdicts(self, told: Json) -> list[tuple[str, str | None]]:
        """(verdict, reason) of each operation of an answer."""
        return [(one["verdict"], one["reason"]) for one in told["verdicts"]]


def make_device(account: Account, revoked: bool = False) -> tuple[Any, Device]:
    """An enrolled device with its private key."""
    key, jwk = make_key()
    device = Device(
        account_id=account.id, label="示例手机", public_key=jwk, recovery_secret="示例", enrolled_at=clock.now(),
        revoked_at=clock.now() if revoked else None,
    )  # fmt: skip
    db.session.add(device)
    db.session.commit()
    return key, device


def make_phone(
    scene: Scene, client_for: Callable[..., Any], part: str, member: int = 0, *, account: Account | None = None,
    revoked: bool = False, by: str | None = None,
) -> RealPhone:  # fmt: skip
    """The phone of a member of the team (or of another account), enrolled and signed in."""
    who = account or scene.people[part][member]
    key, device = make_device(who, revoked)
    return RealPhone(
        0, by or who.inspector_id or "", part, device=device.id, account=who, key=key, visit=scene.visit.id,
        client=client_for(who),
    )  # fmt: skip


def check_part(phone: RealPhone, scene: Scene, value: str = "pass") -> None:
    """Arrive, answer everything, say what was found, be ready."""
    item = scene.items[phone.part or ""]
    phone.arrive()
    phone.answer(item, "e1", value)
    phone.finding(item, "no_problem")
    phone.ready()


def server_state(visit_id: str) -> Json:
    """The fold of what the server holds."""
    return state_of(places_of(visit_id))
