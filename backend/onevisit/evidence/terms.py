"""Which words does evidence use?"""

from enum import StrEnum


class FileKind(StrEnum):
    """What a file is in the record."""

    PHOTO = "photo"
    AUDIO = "audio"
    CLIP = "clip"
    SIGNATURE = "signature"
    STAMP = "stamp"


FILE_LABELS = {
    FileKind.PHOTO: "照片",
    FileKind.AUDIO: "录音",
    FileKind.CLIP: "录像",
    FileKind.SIGNATURE: "签字",
    FileKind.STAMP: "盖章照片",
}
PICTURES = frozenset({FileKind.PHOTO, FileKind.SIGNATURE, FileKind.STAMP})
