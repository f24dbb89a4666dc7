"""What does tus 1.0 ask, and what do we do? Every case against real processes; read by pytest and by the table."""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import threading
from collections.abc import Callable
from datetime import timedelta
from statistics import mean
from typing import Any

from sqlalchemy import update
from tusclient.client import TusClient

from onevisit.core import clock
from onevisit.core.canonical import sha256_hex
from onevisit.core.db import db, transaction
from onevisit.evidence.models import Upload
from tests.evidence.tus_ground import TUS, Answer, Ground, brittle, metadata
from tests.factories.desk import LEAD
from tests.factories.phone import make_phone

Case = Callable[[Ground], str]
MOST_SENT = 1.15


def options(ground: Ground) -> str:
    """core: OPTIONS says version, extensions, size, algorithms"""
    told = ground.ask("OPTIONS", "/api/evidence/files/", tus=False)
    assert (told.status, told["Tus-Version"], told["Tus-Max-Size"]) == (204, "1.0.0", str(64 * 1024 * 1024))
    extensions = {"creation", "creation-with-upload", "checksum", "termination", "expiration"}
    assert set(told["Tus-Extension"].split(",")) == extensions
    assert "sha1" in told["Tus-Checksum-Algorithm"]
    return f"204, {told['Tus-Extension']}"


def other_version(ground: Ground) -> str:
    """core: another Tus-Resumable, or none"""
    for version in ("0.2.2", ""):
        told = ground.ask("POST", "/api/evidence/files/", Tus_Resumable=version)
        assert (told.status, told["Tus-Version"]) == (412, "1.0.0")
    return "412, with Tus-Version"


def in_pieces(ground: Ground) -> str:
    """core: pieces, each to the other process; HEAD between"""
    content = ground.photo()
    url = began(ground.begin(content))
    for at in range(0, len(content), 70_000):
        told = ground.patch(url, at, content[at : at + 70_000])
        assert told.status == 204, told
        seen = ground.ask("HEAD", url)
        assert (seen["Upload-Offset"], seen["Upload-Length"]) == (told["Upload-Offset"], str(len(content)))
        assert seen["Cache-Control"] == "no-store"
    assert ground.is_stored(content)
    return "204 …, linked"


def other_offset(ground: Ground) -> str:
    """core: another offset than the server's; negative; none"""
    url = began(ground.begin(content := ground.photo()))
    assert ground.patch(url, 5, content[5:]).status == 409
    for wrong in ("-1", "1.5", "٣", "9" * 30, ""):
        assert ground.patch(url, wrong.encode().decode("latin-1"), content).status == 400
    assert ground.offset(url) == 0
    return "409; 400, 400"


def other_type(ground: Ground) -> str:
    """core: another Content-Type; packed with gzip"""
    url = began(ground.begin(content := ground.photo()))
    assert ground.patch(url, 0, content, Content_Type="text/plain").status == 415
    packed = ground.patch(url, 0, content, Content_Encoding="gzip")
    assert (packed.status, packed.code) == (415, "evidence.wrong_encoding")
    assert ground.offset(url) == 0
    return "415; 415"


def gone(ground: Ground) -> str:
    """core: HEAD, PATCH of an upload that is none"""
    url = "/api/evidence/files/019fa0a0-0000-7000-8000-000000000001"
    head = ground.ask("HEAD", url)
    assert (head.status, head["Upload-Offset"]) == (404, "")
    assert ground.patch(url, 0, b"x").status == 404
    return "404, no Upload-Offset"


def named_method(ground: Ground) -> str:
    """core: X-HTTP-Method-Override"""
    url = began(ground.begin(content := ground.photo()))
    more = {"Content_Type": "application/offset+octet-stream", "Upload_Offset": "0"}
    told = ground.ask("POST", url, content, X_HTTP_Method_Override="PATCH", **more)
    assert (told.status, told["Upload-Offset"]) == (204, str(len(content)))
    assert ground.is_stored(content)
    assert ground.ask("POST", url, X_HTTP_Method_Override="TRACE").status == 405
    assert ground.ask("POST", url, X_HTTP_Method_Override="DELETE").status == 204
    return "204 as PATCH, as DELETE; else 405"


def with_upload(ground: Ground) -> str:
    """creation-with-upload: whole, and a beginning"""
    content = ground.photo()
    told = ground.begin(content, body=content)
    assert (told.status, told["Upload-Offset"]) == (201, str(len(content)))
    assert ground.is_stored(content)
    other = ground.photo()
    told = ground.begin(other, body=other[:1000])
    assert (told.status, told["Upload-Offset"]) == (201, "1000")
    assert ground.patch(began(told), 1000, other[1000:]).status == 204
    assert ground.is_stored(other)
    return "201 with Upload-Offset"


def sizes(ground: Ground) -> str:
    """creation: too large, empty, another length than announced, none"""
    content = ground.photo()
    large = ground.begin(content, size=64 * 1024 * 1024 + 1)
    assert (large.status, large.code) == (413, "evidence.too_large")
    assert ground.begin(content, size=0).status == 422
    assert ground.begin(content, size=len(content) - 1).code == "evidence.wrong_size"
    assert ground.begin(content, Upload_Length="").status == 400
    assert ground.begin(content, Upload_Length="-5").status == 400
    url = began(ground.begin(content))
    assert ground.patch(url, 0, content + b"x").status == 413
    assert ground.offset(url) == 0
    return "413; 422; 422; 400; longer body 413"


def whose(ground: Ground) -> str:
    """creation: not announced; another's photo; another's upload"""
    content = ground.photo()
    unknown = ground.begin(content + b"x")
    assert (unknown.status, unknown.code) == (409, "evidence.not_announced")
    other = ground.token(make_phone(ground.scene, ground.clients, LEAD, 1))
    assert ground.begin(content, token=other).status == 403
    url = began(ground.begin(content))
    assert ground.patch(url, 0, content, token=other).status == 404
    assert ground.ask("DELETE", url, token=other).status == 404
    assert ground.ask("HEAD", url, token="none").status == 401
    assert not ground.is_stored(content)
    return "409; 403; 404; no login 401"


def wrong_content(ground: Ground) -> str:
    """what came has another hash; is no picture"""
    content = ground.photo()
    told = ground.begin(content, body=content[:-1] + bytes([content[-1] ^ 1]))
    assert (told.status, told.code) == (460, "evidence.hash_differs")
    assert not ground.is_stored(content)
    assert ground.begin(content, body=content).status == 201
    assert ground.is_stored(content)
    fake = b"GIF89a" + ground.random.randbytes(5000)
    ground.phone.shoot(fake)
    assert ground.phone.send()["code"] is None
    assert ground.begin(fake, body=fake).status == 422
    assert not ground.is_stored(fake)
    return "460, nothing linked, again from 0; 422"


def checksums(ground: Ground) -> str:
    """checksum: right (sha1, sha256), wrong, unknown"""
    url = began(ground.begin(content := ground.photo()))
    half = len(content) // 2
    assert ground.patch(url, 0, content[:half], **summed("sha256", content[1:])).status == 460
    assert ground.patch(url, 0, content[:half], Upload_Checksum="crc7 AAAA").status == 400
    assert ground.patch(url, 0, content[:half], Upload_Checksum="sha1 ???").status == 400
    assert ground.offset(url) == 0
    assert ground.patch(url, 0, content[:half], **summed("sha1", content[:half])).status == 204
    assert ground.patch(url, half, content[half:], **summed("sha256", content[half:])).status == 204
    assert ground.is_stored(content)
    return "204, 204; 460; 400; nothing kept of a wrong one"


def cut_with_checksum(ground: Ground) -> str:
    """checksum: the line breaks within"""
    url = began(ground.begin(content := ground.photo()))
    said = {"Content_Length": str(len(content)), **summed("sha256", content)}
    told = ground.raw(ground.ports[0], ground.head_of(url, 0, **said), content[:90_000], finish=True)
    assert told
    assert (told.status, told.code) == (400, "evidence.broken_off"), told
    assert ground.offset(url) == 0
    assert ground.patch(url, 0, content, **summed("sha256", content)).status == 204
    assert ground.is_stored(content)
    return "400, nothing kept; again 204"


def ended(ground: Ground) -> str:
    """termination"""
    url = began(ground.begin(content := ground.photo(), body=content[:1000]))
    assert ground.ask("DELETE", url).status == 204
    assert ground.ask("HEAD", url).status == 404
    assert ground.patch(url, 1000, content[1000:]).status == 404
    return "204, then 404"


def expired(ground: Ground) -> str:
    """expiration: nobody went on for 7 days"""
    told = ground.begin(content := ground.photo(), body=content[:1000])
    url = began(told)
    assert told["Upload-Expires"].endswith("GMT")
    with ground.app.app_context(), transaction():
        old = clock.now() - timedelta(seconds=1)
        db.session.execute(update(Upload).where(Upload.id == url.rsplit("/", 1)[1]).values(expires_at=old))
    assert ground.ask("HEAD", url).status == 410
    assert ground.patch(url, 1000, content[1000:]).status == 410
    assert ground.begin(content, body=content).status == 201
    assert ground.ask("HEAD", url).status == 404
    return "410, cleared; from the start 201"


def shorter_than_said(ground: Ground) -> str:
    """Content-Length lies: less comes than it says (end, reset)"""
    url = began(ground.begin(content := ground.photo()))
    head = ground.head_of(url, 0, Content_Length=str(len(content)))
    told = ground.raw(ground.ports[0], head, content[:50_000], finish=True)
    assert told
    assert (told.status, told["Upload-Offset"]) == (204, "50000")
    head = ground.head_of(url, 50_000, Content_Length=str(len(content) - 50_000))
    ground.raw(ground.ports[1], head, content[50_000:120_000], finish=False)
    at = ground.await_offset(url, 120_000 - 8 * 1024)
    assert 120_000 - 8 * 1024 <= at <= 120_000
    assert ground.patch(url, at, content[at:]).status == 204
    assert ground.is_stored(content)
    return "what came is kept (end: all, reset: but < 8 KiB)"


def in_chunks(ground: Ground) -> str:
    """Transfer-Encoding: chunked; more than there is room for"""
    url = began(ground.begin(content := ground.photo()))
    assert ground.patch(url, 0, iter([content[:70_000], content[70_000:]])).status == 204
    assert ground.is_stored(content)
    other = ground.photo()
    url = began(ground.begin(other))
    assert ground.patch(url, 0, iter([other, b"more"])).status == 413
    assert ground.patch(url, (at := ground.offset(url)), other[at:]).status == 204
    assert ground.is_stored(other)
    return "204; 413"


def two_at_once(ground: Ground) -> str:
    """two PATCHes at once on one upload, on two processes"""
    content = ground.photo(600_000)
    url = began(ground.begin(content))
    told = together(ground, lambda port, token: patched(port, token, url, content))
    assert sorted(told) == [204, 409], told
    assert ground.is_stored(content)
    return "204 and 409, stored once"


def same_hash_at_once(ground: Ground) -> str:
    """two uploads of one hash at once, on two processes"""
    content = ground.photo(600_000)
    urls = iter([began(ground.begin(content)), began(ground.begin(content))])
    lock = threading.Lock()

    def bring(port: int, token: str) -> int:
        with lock:
            url = next(urls)
        return patched(port, token, url, content)

    assert together(ground, bring) == [204, 204]
    assert ground.is_stored(content)
    return "204 and 204, stored and said once"


def many_finish_at_once(ground: Ground) -> str:
    """the last piece came and the server died before the check: HEADs at once on two processes"""
    content = ground.photo(400_000)
    url = began(ground.begin(content, body=content[:-1]))
    told = together(ground, lambda port, token: patched(port, token, url, content[-1:], len(content) - 1), 6)
    assert told.count(204) >= 1
    assert set(told) <= {204, 409}, told
    assert ground.is_stored(content)
    return "204, the others 409; stored once"


def tuspy(ground: Ground) -> str:
    """tuspy, with checksums, each piece to the other process"""
    content = ground.photo(500_000)
    headers = {"Authorization": f"Bearer {ground.token()}"}
    given = {"hash": sha256_hex(content), "visit": ground.phone.visit}
    with brittle(ground.ports) as line:
        client = TusClient(f"http://127.0.0.1:{line.port}/api/evidence/files/", headers=headers)
        sending = client.uploader(
            file_stream=io.BytesIO(content), chunk_size=120_000, metadata=given, upload_checksum=True
        )
        sending.upload()
        assert line.connections > 3
    assert ground.is_stored(content)
    return "stored"


def tus_js(ground: Ground) -> str:
    """tus-js-client as the phone sets it up (512 KiB pieces)"""
    content = ground.photo(1_500_000)
    with brittle(ground.ports) as line:
        ground.by_node(content, line.port)
    assert ground.is_stored(content)
    small = ground.photo(20_000)
    ground.by_node(small, ground.ports[0])
    assert ground.is_stored(small)
    return "stored (pieces; with creation)"


def cuts(number: int) -> Case:
    """The case of a line reset so many times."""

    def case(ground: Ground) -> str:
        shares: list[float] = []
        struck = 0
        with brittle(ground.ports) as line:
            while struck < number:
                content = ground.photo(ground.random.choice([300_000, 500_000, 800_000, 1_600_000]))
                ahead = min(ground.random.choice([1, 1, 1, 2, 3]), number - struck, len(content) // 250_000)
                line.begin([ground.random.randrange(0, len(content) + 1) for _ in range(ahead)])
                ground.by_node(content, line.port, line)
                assert ground.is_stored(content)
                shares.append(line.sent / len(content))
                struck += line.struck
        worst = max(shares)
        assert worst <= MOST_SENT, f"{worst:.3f} times the size was sent"
        return f"{len(shares)} files, {struck} cuts, all stored; bytes sent mean {mean(shares):.3f}, worst {worst:.3f} × size"

    case.__doc__ = f"{number} resets at random offsets, resumed on the other process (tus-js-client)"
    return case


def nothing_left(ground: Ground) -> str:
    """pieces left over in database and store once everything is stored or ended"""
    with ground.app.app_context(), transaction():
        db.session.execute(
            update(Upload)
            .where(Upload.finished_at.is_(None))
            .values(expires_at=clock.now() - timedelta(days=1))
        )
    content = ground.photo()
    for _ in range(1 + 100 // 20):
        assert ground.begin(content).status == 201
    db.session.rollback()
    with ground.app.app_context(), transaction():
        db.session.execute(
            update(Upload)
            .where(Upload.finished_at.is_(None))
            .values(expires_at=clock.now() - timedelta(days=1))
        )
    assert ground.begin(content).status == 201
    left = ground.leftovers()
    assert left == 0, left
    return "0"


CASES: tuple[Case, ...] = (
    options, other_version, in_pieces, other_offset, other_type, gone, named_method, with_upload, sizes, whose,
    wrong_content, checksums, cut_with_checksum, ended, expired, shorter_than_said, in_chunks, two_at_once,
    same_hash_at_once, many_finish_at_once, tuspy, tus_js,
)  # fmt: skip


def name_of(case: Case) -> str:
    """How the table calls it."""
    return (case.__doc__ or "").strip()


def began(told: Answer) -> str:
    """The address of an upload that was created."""
    assert told.status == 201, told
    return told["Location"]


def summed(name: str, content: bytes) -> dict[str, str]:
    """Upload-Checksum of these bytes."""
    return {"Upload_Checksum": f"{name} {base64.b64encode(hashlib.new(name, content).digest()).decode()}"}


def together(ground: Ground, bring: Callable[[int, str], int], number: int = 2) -> list[int]:
    """So many at once, spread over the processes; what each was told."""
    barrier, told, token = threading.Barrier(number), [0] * number, ground.token()

    def go(at: int) -> None:
        barrier.wait()
        told[at] = bring(ground.ports[at % len(ground.ports)], token)

    threads = [threading.Thread(target=go, args=(at,)) for at in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def patched(port: int, token: str, url: str, content: bytes, at: int = 0) -> int:
    """A PATCH by itself, from any thread."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    said: dict[str, Any] = {
        **TUS, "Authorization": f"Bearer {token}", "Upload-Offset": str(at),
        "Content-Type": "application/offset+octet-stream",
    }  # fmt: skip
    line.request("PATCH", url, content, said)
    status = line.getresponse().status
    line.close()
    return status


__all__ = ["CASES", "Case", "cuts", "metadata", "name_of", "nothing_left"]
