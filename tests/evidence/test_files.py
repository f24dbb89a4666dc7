"""Does a file reach the store only from its owner, whole and what it claims to be; and who may see it?"""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from onevisit.core import clock, storage
from onevisit.core.canonical import sha256_hex
from onevisit.core.db import db
from onevisit.core.jobs import work_all
from onevisit.evidence.actions import expire_uploads, thumb_key
from onevisit.evidence.models import EvidenceFile, Upload, UploadPiece
from onevisit.visits.checking import check_everything
from onevisit.visits.queries import missing_files
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER
from tests.factories.phone import RealPhone, make_phone
from tests.factories.visits import Scene, make_scene, picture

Clients = Callable[..., Any]
TUS = {"Tus-Resumable": "1.0.0"}
OCTETS = "application/offset+octet-stream"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene()


@pytest.fixture
def phone(scene: Scene, client_for: Clients) -> RealPhone:
    return make_phone(scene, client_for, LEAD)


def metadata(visit: str, hash_: str) -> str:
    return ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}"
        for name, value in (("hash", hash_), ("visit", visit))
    )


def announced(phone: RealPhone, content: bytes, **over: Any) -> str:
    phone.shoot(content, **over)
    assert phone.send()["code"] is None
    return sha256_hex(content)


def begin(
    phone: RealPhone, hash_: str, size: int, client: Any = None, content: bytes | None = None, **headers: str
) -> Any:
    return (client or phone.client).post(
        "/api/evidence/files/", data=content, content_type=OCTETS if content is not None else None,
        headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(phone.visit, hash_), **headers},
    )  # fmt: skip


def piece(phone: RealPhone, url: str, offset: int, content: bytes, **headers: str) -> Any:
    return phone.client.patch(
        url, data=content, content_type=OCTETS, headers={**TUS, "Upload-Offset": str(offset), **headers}
    )


def stored(phone: RealPhone, hash_: str) -> bool:
    db.session.expire_all()
    return db.session.get_one(EvidenceFile, (phone.visit, hash_)).stored_at is not None


def test_a_photo_comes_in_pieces_and_is_linked_when_it_is_whole(phone: RealPhone, scene: Scene) -> None:
    content = picture()
    hash_ = announced(phone, content)
    made = begin(phone, hash_, len(content))
    assert (made.status_code, made.headers["Upload-Offset"]) == (201, "0")
    assert "Upload-Expires" in made.headers
    url = made.headers["Location"]
    first = piece(phone, url, 0, content[:1000])
    assert (first.status_code, first.headers["Upload-Offset"], first.headers["Tus-Resumable"]) == (
        204,
        "1000",
        "1.0.0",
    )
    look = phone.client.head(url, headers=TUS)
    assert (look.headers["Upload-Offset"], look.headers["Upload-Length"]) == ("1000", str(len(content)))
    assert look.headers["Cache-Control"] == "no-store"
    assert not stored(phone, hash_)
    assert [one["hash"] for one in missing_files(phone.visit, LEAD)] == [hash_]
    digest = base64.b64encode(hashlib.sha256(content[1000:]).digest()).decode()
    last = piece(phone, url, 1000, content[1000:], **{"Upload-Checksum": f"sha256 {digest}"})
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(content)))
    assert stored(phone, hash_)
    assert storage.get(storage.key_of(hash_)) == content
    assert missing_files(phone.visit) == []
    assert db.session.scalars(select(func.count()).select_from(UploadPiece)).one() == 0
    assert begin(phone, hash_, len(content)).json["code"] == "evidence.already_stored"
    assert phone.client.head(url, headers=TUS).headers["Upload-Offset"] == str(len(content))
    assert check_everything()["ok"]


def test_one_request_is_enough_for_a_small_one(phone: RealPhone) -> None:
    content = picture(kind="PNG")
    hash_ = announced(phone, content)
    made = begin(phone, hash_, len(content), content=content)
    assert (made.status_code, made.headers["Upload-Offset"]) == (201, str(len(content)))
    assert stored(phone, hash_)
    assert db.session.get_one(EvidenceFile, (phone.visit, hash_)).mime == "image/png"


def test_only_who_took_it_brings_it_and_operations_come_first(
    phone: RealPhone, scene: Scene, client_for: Clients
) -> None:
    content = picture()
    assert begin(phone, sha256_hex(content), len(content)).json["code"] == "evidence.not_announced"
    hash_ = announced(phone, content)
    colleague = client_for(scene.people[LEAD][1])
    assert begin(phone, hash_, len(content), colleague).status_code == 403
    url = begin(phone, hash_, len(content)).headers["Location"]
    for method in ("head", "delete"):
        assert getattr(colleague, method)(url, headers=TUS).status_code == 404
    assert begin(phone, hash_, len(content) + 1).json["code"] == "evidence.wrong_size"
    assert client_for(None).post("/api/evidence/files/", headers=TUS).status_code == 401


def test_other_bytes_than_the_record_names_are_discarded(phone: RealPhone) -> None:
    content = picture()
    hash_ = announced(phone, content)
    answer = begin(phone, hash_, len(content), content=content[:-1] + b"x")
    assert (answer.status_code, answer.json["code"], answer.json["retry"]) == (
        460,
        "evidence.hash_differs",
        "now",
    )
    assert db.session.scalars(select(func.count()).select_from(Upload)).one() == 0
    assert begin(phone, hash_, len(content), content=content).status_code == 201


@pytest.mark.parametrize(
    "content", [b"GIF89a" + b"0" * 200, b"<svg/>" * 20, picture()[:300], b"%PDF-1.7" * 20]
)
def test_a_photo_that_is_no_photo_is_kept_out_and_said(phone: RealPhone, content: bytes) -> None:
    hash_ = announced(phone, content)
    answer = begin(phone, hash_, len(content), content=content)
    assert (answer.status_code, answer.json["code"]) == (422, "evidence.not_an_image")
    assert not storage.exists(storage.key_of(hash_))
    assert [one["problem"] for one in missing_files(phone.visit)] == ["evidence.not_an_image"]
    phone.write("photo.withdraw", {"target": phone.log[-1]["id"], "reason": "不是照片"})
    phone.send()
    assert missing_files(phone.visit) == []


def test_a_picture_with_too_many_pixels_is_kept_out(phone: RealPhone) -> None:
    content = picture("white", (9000, 6000), "PNG")
    hash_ = announced(phone, content)
    assert begin(phone, hash_, len(content), content=content).json["code"] == "evidence.not_an_image"


def test_the_protocol_is_kept(phone: RealPhone) -> None:
    content = picture()
    hash_ = announced(phone, content)
    options = phone.client.options("/api/evidence/files/")
    assert (options.status_code, options.headers["Tus-Version"]) == (204, "1.0.0")
    assert set(options.headers["Tus-Extension"].split(",")) == {
        "creation", "creation-with-upload", "checksum", "termination", "expiration"
    }  # fmt: skip
    url = begin(phone, hash_, len(content)).headers["Location"]
    assert phone.client.head(url, headers={"Tus-Resumable": "0.2"}).status_code == 412
    assert piece(phone, url, 5, content[5:]).json["code"] == "evidence.wrong_offset"
    assert piece(phone, url, 0, content + b"more").json["code"] == "evidence.too_much"
    wrong = {"Upload-Checksum": f"sha256 {base64.b64encode(b'0' * 32).decode()}"}
    assert piece(phone, url, 0, content, **wrong).status_code == 460
    assert piece(phone, url, 0, content, **{"Upload-Checksum": "md5 AAAA"}).status_code == 400
    assert phone.client.head(url, headers=TUS).headers["Upload-Offset"] == "0"
    plain = phone.client.patch(
        url, data=content, content_type="text/plain", headers={**TUS, "Upload-Offset": "0"}
    )
    assert plain.status_code == 415
    assert (
        phone.client.patch(url, data=content, content_type=OCTETS, headers=TUS).json["code"]
        == "evidence.no_offset"
    )
    assert begin(phone, "xyz", 5).json["code"] == "evidence.bad_creation"
    assert begin(phone, hash_, 0).json["code"] == "evidence.wrong_size"
    assert begin(phone, hash_, 5, **{"Upload-Metadata": "hash ???"}).json["code"] == "evidence.bad_metadata"


def test_an_upload_can_be_ended_and_expires(phone: RealPhone) -> None:
    content = picture()
    hash_ = announced(phone, content)
    url = begin(phone, hash_, len(content)).headers["Location"]
    piece(phone, url, 0, content[:500])
    key = db.session.scalars(select(UploadPiece.key)).one()
    assert storage.exists(key)
    assert phone.client.delete(url, headers=TUS).status_code == 204
    assert not storage.exists(key)
    assert phone.client.head(url, headers=TUS).status_code == 404
    url = begin(phone, hash_, len(content)).headers["Location"]
    with clock.at(clock.now() + timedelta(days=8)):
        assert phone.client.head(url, headers=TUS).status_code == 410
        assert expire_uploads() == 1
    assert phone.client.head(url, headers=TUS).status_code == 404


def test_a_server_that_died_before_the_check_makes_up_for_it_when_asked(
    phone: RealPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = picture()
    hash_ = announced(phone, content)
    url = begin(phone, hash_, len(content)).headers["Location"]
    with monkeypatch.context() as dying:
        dying.setattr(
            "onevisit.evidence.actions._finish", lambda upload: (_ for _ in ()).throw(OSError("killed"))
        )
        assert piece(phone, url, 0, content).status_code == 500
    assert not stored(phone, hash_)
    assert phone.client.head(url, headers=TUS).headers["Upload-Offset"] == str(len(content))
    assert stored(phone, hash_)


def test_who_may_see_a_stored_photo(phone: RealPhone, scene: Scene, client_for: Clients, app: Flask) -> None:
    content = picture()
    hash_ = announced(phone, content)
    path = f"/api/evidence/files/{hash_}?visit={phone.visit}"
    assert phone.client.get(path).json["code"] == "evidence.not_here_yet"
    begin(phone, hash_, len(content), content=content)
    seen = client_for(scene.people[PARTNER][0]).get(path)
    assert (seen.data, seen.mimetype, seen.headers["Cache-Control"]) == (content, "image/jpeg", "no-store")
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    small = phone.client.get(f"{path}&size=thumb")
    assert small.mimetype == "image/jpeg"
    assert len(small.data) < len(content)
    assert client_for(make_account(["joint_office"], "632525-scjg")).get(path).status_code == 200
    assert client_for(make_account(["desk"], "632525-slj")).get(path).status_code == 403
    assert client_for(make_account(["desk"], "410400-ga")).get(path).status_code == 404
    other = make_scene()
    assert phone.client.get(f"/api/evidence/files/{hash_}?visit={other.visit.id}").status_code == 403
    assert client_for(None).get(path).status_code == 401


def test_the_small_picture_is_made_by_the_worker_not_by_the_upload(app: Flask, phone: RealPhone) -> None:
    content = picture(size=(1600, 1200))
    hash_ = announced(phone, content)
    begin(phone, hash_, len(content), content=content)
    assert not storage.exists(thumb_key(hash_))
    db.session.rollback()
    work_all(app)
    assert storage.exists(thumb_key(hash_))


def test_a_lost_or_changed_file_is_noticed(phone: RealPhone) -> None:
    content = picture()
    hash_ = announced(phone, content)
    begin(phone, hash_, len(content), content=content)
    storage.put(storage.key_of(hash_), b"changed")
    assert check_everything()["files_missing_or_changed"] == [f"{phone.visit}/{hash_}"]
    storage.delete(storage.key_of(hash_))
    assert check_everything()["ok"] is False
