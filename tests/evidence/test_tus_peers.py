"""Do real tus clients get along with us, through a broken line and a server that starts anew?"""

import http.client
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask_jwt_extended import create_access_token
from tusclient.client import TusClient
from werkzeug.serving import make_server

from onevisit.core import storage
from onevisit.core.canonical import sha256_hex
from onevisit.core.db import db
from onevisit.evidence.models import EvidenceFile
from tests.evidence.test_files import OCTETS, TUS, begin
from tests.factories.desk import LEAD
from tests.factories.phone import RealPhone, make_phone
from tests.factories.visits import make_scene, picture

Clients = Callable[..., Any]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """A live server on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def phone(app: Flask, client_for: Clients) -> RealPhone:
    return make_phone(make_scene(), client_for, LEAD)


def photographed(phone: RealPhone) -> bytes:
    content = picture(size=(1200, 900), kind="PNG")
    phone.shoot(content)
    phone.send()
    return content


def bearer(phone: RealPhone) -> dict[str, str]:
    assert phone.account
    return {"Authorization": f"Bearer {create_access_token(phone.account.id)}"}


def test_tuspy_uploads_stops_and_goes_on_with_another_server(app: Flask, phone: RealPhone) -> None:
    content, headers = photographed(phone), bearer(phone)
    given = {"hash": sha256_hex(content), "visit": phone.visit}
    half = len(content) // 2
    with serving(app) as address:
        client = TusClient(f"{address}/api/evidence/files/", headers=headers)
        uploader = client.uploader(
            file_stream=io.BytesIO(content), chunk_size=half, metadata=given, upload_checksum=True
        )
        uploader.upload_chunk()
        url = uploader.url
    with serving(app) as address:
        client = TusClient(f"{address}/api/evidence/files/", headers=headers)
        moved = f"{address}/{url.split('/', 3)[3]}"
        again = client.uploader(file_stream=io.BytesIO(content), chunk_size=half, url=moved, metadata=given)
        assert again.offset == half
        again.upload()
    db.session.rollback()
    assert db.session.get_one(EvidenceFile, (phone.visit, given["hash"])).stored_at is not None
    assert storage.get(storage.key_of(given["hash"])) == content


def test_what_came_before_the_line_broke_is_kept(app: Flask, phone: RealPhone) -> None:
    content = photographed(phone)
    url = begin(phone, sha256_hex(content), len(content)).headers["Location"]
    with serving(app) as address:
        line = http.client.HTTPConnection(address.removeprefix("http://"))
        line.putrequest("PATCH", url)
        headers = {
            **TUS, **bearer(phone), "Upload-Offset": "0", "Content-Type": OCTETS, "Content-Length": str(len(content))
        }  # fmt: skip
        for name, value in headers.items():
            line.putheader(name, value)
        line.endheaders()
        line.send(content[:700])
        line.close()
        offset = ""
        for _ in range(100):
            db.session.rollback()
            offset = phone.client.head(url, headers=TUS).headers["Upload-Offset"]
            if offset == "700":
                break
            threading.Event().wait(0.05)
    assert offset == "700"
    last = phone.client.patch(
        url, data=content[700:], content_type=OCTETS, headers={**TUS, "Upload-Offset": "700"}
    )
    assert last.status_code == 204
    assert storage.get(storage.key_of(sha256_hex(content))) == content
