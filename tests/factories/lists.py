"""Lists as files: brought from disk in one go, or step by step as a desk walks them."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from onevisit.subjects.import_actions import import_file


def take_list(brings: str, name: str, content: bytes, **how: Any) -> dict[str, Any]:
    """What the command line does with a file."""
    with TemporaryDirectory() as place:
        path = Path(place) / name
        path.write_bytes(content)
        return import_file(brings, path, **how)


def bring_list(client: Any, brings: str, content: bytes, name: str = "名单.csv", **query: str) -> Any:
    """The upload; its headings are understood."""
    file = {"file": (io.BytesIO(content), name)}
    return client.post(f"/api/library-imports/{brings}", query_string=query, data=file)


def read_list(
    client: Any, brings: str, content: bytes, name: str = "名单.csv", **query: str
) -> dict[str, Any]:
    """The upload, read with the headings as they were understood."""
    made = bring_list(client, brings, content, name, **query)
    assert made.status_code == 201, made.json
    mapping = {one["at"]: one["meaning"] for one in made.json["columns"] if one["meaning"]}
    answer = client.put(f"/api/library-imports/{made.json['id']}/mapping", json={"mapping": mapping})
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def list_rows(client: Any, import_id: str, kind: str) -> list[dict[str, Any]]:
    """A part of the preview."""
    answer = client.get(f"/api/library-imports/{import_id}/rows?kind={kind}")
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def confirm_list(client: Any, import_id: str) -> Any:
    """Write what the preview shows."""
    return client.post(f"/api/library-imports/{import_id}/confirm", json={"purpose": "年度更新"})
