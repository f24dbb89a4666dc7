"""Is an untouched paper told from a changed one, and ours from a stranger's?"""

import io
import re
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from flask import Flask
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from onevisit.core.problems import Problem
from onevisit.papers.seal import CHANGED, STRANGE, UNREADABLE, UNSEALED, PadesSealer, Sealer, current_sealer
from onevisit.papers.seal_keys import own_key, seal_key
from tests.papers.conftest import Print
from tests.papers.facts import DIGEST, make_order


@pytest.fixture(scope="module")
def order(print_paper: Print) -> bytes:
    """A paper not sealed yet."""
    return print_paper("order", make_order())


@pytest.fixture
def sealer(tmp_path: Path) -> Sealer:
    """The sealer of a fresh installation."""
    return PadesSealer(seal_key(tmp_path / "var" / "seal"))


def test_a_sealed_paper_is_untouched(sealer: Sealer, order: bytes) -> None:
    verdict = sealer.verify(sealer.seal(order))
    assert (verdict.sealed, verdict.untouched) == (True, True)
    assert verdict.signed_by == "OneVisit 文书完整性封存"
    assert verdict.digest == DIGEST
    assert verdict.signed_at is not None
    assert not verdict.timestamped


def test_any_changed_byte_is_noticed(sealer: Sealer, order: bytes) -> None:
    sealed = sealer.seal(order)
    # The seal's own bytes are the signature itself: they cover, they are not covered; its empty room must be empty.
    room = re.search(rb"<[0-9A-F]{3000,}>", sealed)
    assert room
    seal_ends = room.start() + len(room[0].rstrip(b"0>")) + 4
    for place in [*range(200, len(sealed), len(sealed) // 40), seal_ends, room.end() - 2]:
        if room.start() <= place < seal_ends:
            continue
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert not sealer.verify(bytes(changed)).untouched, f"byte {place}"


def test_something_appended_is_noticed(sealer: Sealer, order: bytes) -> None:
    sealed = sealer.seal(order)
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    for changed in (out.getvalue(), sealed + b"\n% more"):
        verdict = sealer.verify(changed)
        assert not verdict.untouched
        assert verdict.reason == CHANGED


def test_a_strangers_seal_is_not_ours(sealer: Sealer, order: bytes, tmp_path: Path) -> None:
    stranger = PadesSealer(seal_key(tmp_path / "other" / "seal"))
    verdict = sealer.verify(stranger.seal(order))
    assert not verdict.untouched
    assert verdict.reason == STRANGE


def test_what_is_no_sealed_paper_is_said(sealer: Sealer, order: bytes) -> None:
    assert sealer.verify(order).reason == UNSEALED
    assert sealer.verify(b"").reason == UNREADABLE
    assert sealer.verify(b"%PDF-1.7 nothing").reason == UNREADABLE
    assert sealer.verify(sealer.seal(order)[:-300]).reason == CHANGED


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "seal"
    with ThreadPoolExecutor(8) as pool:
        made = {found.key.read_bytes() for found in pool.map(lambda _: own_key(folder), range(8))}
    assert len(made) == 1
    assert [path.name for path in folder.parent.iterdir()] == ["seal"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_configured_key_seals_and_old_seals_stay_ours(sealer: Sealer, order: bytes, tmp_path: Path) -> None:
    before = sealer.seal(order)
    office = own_key(tmp_path / "office")
    chain = tmp_path / "chain.pem"
    chain.write_bytes(office.certificate.read_bytes() + (tmp_path / "office" / "ca.pem").read_bytes())
    configured = PadesSealer(seal_key(tmp_path / "var" / "seal", office.key, chain))
    after = configured.seal(order)
    assert configured.verify(before).untouched
    assert configured.verify(after).untouched
    assert not sealer.verify(after).untouched


def test_an_unreadable_key_says_what_to_do(tmp_path: Path, order: bytes) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no key")
    with pytest.raises(Problem, match="seal_key_unreadable"):
        PadesSealer(seal_key(tmp_path / "seal", broken, broken)).seal(order)


def test_the_application_has_a_sealer(app: Flask, order: bytes) -> None:
    sealed = current_sealer().seal(order)
    assert current_sealer().verify(sealed).untouched
    assert (app.config["ONEVISIT"].var / "seal" / "seal.key").exists()


@pytest.fixture
def timestamp_url() -> Iterator[str]:
    """An RFC 3161 service of our own, speaking HTTP."""
    authority = _authority()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = authority.request_tsa_response(question).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def _authority() -> DummyTimeStamper:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示例时间戳服务")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2060, 1, 1, tzinfo=UTC))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    der = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(der),
    )


def test_a_timestamp_is_asked_kept_and_believed(timestamp_url: str, tmp_path: Path, order: bytes) -> None:
    sealer = PadesSealer(seal_key(tmp_path / "seal"), timestamp_url)
    sealed = sealer.seal(order)
    later = PadesSealer(seal_key(tmp_path / "seal"))
    assert sealer.verify(sealed).timestamped
    assert later.verify(sealed).untouched
    assert later.verify(sealed).timestamped


def test_without_the_timestamp_service_sealing_waits(tmp_path: Path, order: bytes) -> None:
    with pytest.raises(Problem, match="timestamp_unreachable") as refused:
        PadesSealer(seal_key(tmp_path / "seal"), "http://127.0.0.1:9/").seal(order)
    assert refused.value.retry == "later"
