"""When was this sealed, by somebody else's clock? An RFC 3161 client that remembers whom it asked."""

import asyncio
import hashlib
import os
import urllib.request
from pathlib import Path

from asn1crypto import cms, pem, tsp  # type: ignore[import-untyped]
from pyhanko.sign.timestamps import TimeStamper

TIMEOUT = 10
MOST_BYTES = 1_000_000


class TimestampUnreachable(Exception):
    """The timestamp service did not answer as one."""


class PinningTimeStamper(TimeStamper):
    """Asks one configured URL, and keeps the certificates of its answers: those stamps are believed later."""

    def __init__(self, url: str, pinned: Path) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError("a timestamp service has an http or https address")
        super().__init__()  # type: ignore[no-untyped-call]
        self.url, self.pinned = url, pinned

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer of the service; its certificates are pinned."""
        response = await asyncio.to_thread(self._ask, req.dump())
        self._pin(response)
        return response

    def _ask(self, question: bytes) -> tsp.TimeStampResp:
        request = urllib.request.Request(  # noqa: S310 (scheme checked above)
            self.url, question, {"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                response = tsp.TimeStampResp.load(answer.read(MOST_BYTES))
                if response["status"]["status"].native not in ("granted", "granted_with_mods"):
                    raise TimestampUnreachable("the timestamp was refused")
                return response
        except (OSError, ValueError) as error:
            raise TimestampUnreachable(str(error)) from error

    def _pin(self, response: tsp.TimeStampResp) -> None:
        signed: cms.SignedData = response["time_stamp_token"]["content"]
        self.pinned.mkdir(parents=True, exist_ok=True)
        for choice in signed["certificates"]:
            der = choice.chosen.dump()
            path = self.pinned / f"{hashlib.sha256(der).hexdigest()[:32]}.pem"
            if not path.exists():
                unfinished = path.with_suffix(f".{os.getpid()}")
                unfinished.write_bytes(pem.armor("CERTIFICATE", der))
                os.replace(unfinished, path)
