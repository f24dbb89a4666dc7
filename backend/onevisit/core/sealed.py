"""How does an address name a thing so that nobody can guess it, without keeping anything? The id under a seal of this installation."""

import base64
import binascii
import hmac
import uuid

from flask import current_app

from onevisit.config import Config
from onevisit.core.canonical import canonical


def sealed(kind: str, id_: str, mac: int = 12) -> str:
    """The id of a `kind` of thing and `mac` bytes of its seal."""
    plain = uuid.UUID(id_).bytes
    config: Config = current_app.config["ONEVISIT"]
    seal = hmac.digest(config.secret.encode(), kind.encode() + b"|" + plain, "sha256")[:mac]
    return base64.urlsafe_b64encode(plain + seal).rstrip(b"=").decode()


def id_under(kind: str, token: str, mac: int = 12) -> str | None:
    """The id that a token names; None where it is not exactly ours.

    Compared as a whole text and in constant time, so that every thing has exactly one token and none is found by trying.
    """
    try:
        plain = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:16]
        id_ = str(uuid.UUID(bytes=plain))
    except (ValueError, binascii.Error):
        id_ = str(uuid.UUID(int=0))
    genuine = hmac.compare_digest(sealed(kind, id_, mac).encode(), token.encode())
    return id_ if genuine else None


def mac_text(kind: str, made_of: list[str]) -> str:
    """A name that follows from what a thing is made of, so that work done twice finds its own thing again."""
    config: Config = current_app.config["ONEVISIT"]
    mac = hmac.digest(config.secret.encode(), kind.encode() + b"|" + canonical(made_of), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
