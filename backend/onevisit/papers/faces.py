"""Which type do papers wear, and where does it lie? Packed in the package, unpacked once per machine."""

import hashlib
import lzma
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

PACKED = Path(__file__).parent / "fonts"


@dataclass(frozen=True)
class Face:
    """A font file of the package; the hash is of the unpacked file."""

    file: str
    weight: int
    sha256: str


# The bold is cut to GB 2312 (titles, heads, failed findings); what it lacks is set in the regular.
FACES = (
    Face("NotoSerifSC-Regular.ttf", 400, "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742"),
    Face(
        "NotoSerifSC-Bold-GB2312.ttf", 700, "3699bdd2977c797dc65d4f2c7c567d4c1cc8fc2dee534448269df7e9943278a6"
    ),
)


def unpacked(face: Face, folder: Path) -> Path:
    """The font as a file in `folder`, made by whoever comes first; a damaged one is replaced.

    WOFF2 would save the unpacking but costs seconds at every rendering (stack.md).
    """
    path = folder / f"{face.sha256[:12]}-{face.file}"
    if path.exists() and _hash(path.read_bytes()) == face.sha256:
        return path
    content = lzma.decompress((PACKED / f"{face.file}.xz").read_bytes())
    if _hash(content) != face.sha256:
        raise RuntimeError(f"the package's font {face.file} is damaged")
    folder.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=folder, prefix=f".{face.file}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # Another process may do the same: each renames a whole file into place, the last one wins.
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return path


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
