"""What is a file that somebody uploads as a table, and is it harmless to open? Told by its bytes, not by its name.

Every reader of uploaded tables asks here first: nothing is unpacked, parsed or kept before these checks.
"""

import codecs
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from onevisit.core.problems import Problem

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MIB = 2**20
_CHUNK = _MIB
_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
)
_ENTITIES = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# A cell that holds something: <c r="B7" s="3"><v>, <is>, <f>; a merely coloured one is <c r="B7" s="3"/>.
_FILLED = re.compile(rb'<c\b[^>]{0,200}?\sr="([A-Z]{1,3})(\d{1,7})"[^>/]{0,200}>\s*<')
_FORMULA = re.compile(
    rb'<c\b[^>]{0,200}?\sr="([A-Z]{1,3}\d{1,7})"[^>]{0,200}><f[^>]{0,200}(?:/>|>[^<]{0,8192}</f>)(?:<v\s*/>|<v></v>)?\s*</c>'
)


class Kind(StrEnum):
    """What a file is."""

    XLSX = "xlsx"
    XLS = "xls"
    DOCX = "docx"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True)
class Limits:
    """How much of a file a reader takes."""

    packed: int = 20 * _MIB
    unpacked: int = 200 * _MIB
    cells: int = 2_000_000


@dataclass(frozen=True)
class Upload:
    """A file as it came, and the step that would read it: its codes begin with it."""

    step: str
    name: str
    content: bytes

    def refuse(self, what: str, sentence: str) -> Problem:
        """The refusal, in words that say what to do."""
        return Problem(f"{self.step}.{what}", sentence)

    def unreadable(self) -> Problem:
        """The refusal of a broken file."""
        return self.refuse(
            "file_unreadable",
            f"文件“{self.name}”打不开，可能已损坏或没有下载完整。请用 Excel 或 WPS 打开后另存一份再上传。",
        )

    def unknown(self, why: str) -> Problem:
        """The refusal of a file that is no table."""
        return self.refuse(
            "file_kind_unknown",
            f"文件“{self.name}”{why}。请上传 Excel（xlsx、xls）或 CSV 文件；计划表也可以是 Word（docx）。",
        )

    def locked(self) -> Problem:
        """The refusal of a file with a password."""
        return self.refuse("file_encrypted", f"文件“{self.name}”设有密码。请取消密码后另存，再上传。")

    def too_large(self, why: str) -> Problem:
        """The refusal of a file that would not fit."""
        return self.refuse("file_too_large", f"文件“{self.name}”{why}。")


def kind_of(upload: Upload, limits: Limits) -> Kind:
    """What the file is; raises Problem for everything that is no table or not harmless."""
    content = upload.content
    if not content.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise upload.refuse("file_empty", f"文件“{upload.name}”是空的。请确认后重新导出并上传。")
    if len(content) > limits.packed:
        size = limits.packed // _MIB
        raise upload.too_large(f"超过 {size} MB，没有读取。请只保留需要的表格，去掉图片后再上传")
    if content.startswith(b"PK\x03\x04"):
        return _package(upload, limits)
    if content.startswith(OLE):
        return _compound(upload)
    if content.startswith(_FOREIGN):
        raise upload.unknown("不是表格文件（可能是 PDF、图片或压缩包改了扩展名）")
    if re.match(
        rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!DOCTYPE\s+html|html|table|meta|head)", content[:2000], re.IGNORECASE
    ):
        return Kind.HTML
    if re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<\?xml", content[:200]):
        raise upload.unknown("是 XML 文件，不能直接读取。请用 Excel 或 WPS 打开后另存为 xlsx")
    return Kind.TEXT


def _compound(upload: Upload) -> Kind:
    if "EncryptedPackage".encode("utf-16-le") in upload.content:
        raise upload.locked()
    if "WordDocument".encode("utf-16-le") in upload.content:
        raise upload.unknown("是旧版 Word（doc）。请用 Word 或 WPS 另存为 docx")
    if "PowerPoint Document".encode("utf-16-le") in upload.content:
        raise upload.unknown("是演示文稿，不是表格")
    if _has_filepass(upload.content):
        raise upload.locked()
    return Kind.XLS


def _has_filepass(content: bytes) -> bool:
    """An old workbook says among its first records that the others are encrypted."""
    at = content.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    for _ in range(6 if at >= 0 else 0):
        kind, size = content[at : at + 2], int.from_bytes(content[at + 2 : at + 4], "little")
        if kind == b"\x2f\x00":
            return True
        at += 4 + size
    return False


def _package(upload: Upload, limits: Limits) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(upload.content)) as package:
            names = _checked_names(upload, package, limits)
            kind = _kind_of_package(upload, names)
            for name in names:
                if name.endswith((".xml", ".rels")):
                    _refuse_entities(upload, package, name)
            if kind is Kind.XLSX:
                for name in filter(_SHEET.fullmatch, names):
                    _refuse_far_cells(upload, package, name, limits)
            return kind
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        zipfile.LargeZipFile,
        OSError,
        ValueError,
    ) as error:
        raise upload.unreadable() from error
    except RuntimeError as error:  # a member with a password of its own
        raise upload.locked() from error
    except Exception as error:
        if isinstance(error, Problem) or type(error).__name__ != "error":  # zlib.error has no public base
            raise
        raise upload.unreadable() from error


def _kind_of_package(upload: Upload, names: Sequence[str]) -> Kind:
    if "word/document.xml" in names:
        return Kind.DOCX
    if "xl/workbook.xml" in names or any(map(_SHEET.fullmatch, names)):
        return Kind.XLSX
    if "xl/workbook.bin" in names:
        raise upload.unknown("是二进制工作簿（xlsb）。请另存为 xlsx")
    if "content.xml" in names:
        raise upload.unknown("是 OpenDocument 文件。请另存为 xlsx")
    raise upload.unknown("是压缩包，但里面不是 Excel 或 Word 文档")


def _checked_names(upload: Upload, package: zipfile.ZipFile, limits: Limits) -> list[str]:
    """The members, if unpacking them is harmless: a small file may unfold into gigabytes."""
    members = package.infolist()
    unpacked = sum(m.file_size for m in members)
    packed = max(1, sum(m.compress_size for m in members))
    if (
        len(members) > 5000
        or unpacked > limits.unpacked
        or (unpacked > 20 * _MIB and unpacked > 300 * packed)
    ):
        raise upload.too_large("解压后过大，没有读取。请把表格复制到一个新文件，或分成几个文件后再上传")
    if any(m.flag_bits & 1 for m in members):
        raise upload.locked()
    return [m.filename for m in members]


def _refuse_entities(upload: Upload, package: zipfile.ZipFile, name: str) -> None:
    """Office programs never write a DOCTYPE; one that is there is an attack (XXE, entity bombs)."""
    for piece in _pieces(package, name, 64):
        if any(word in piece for word in _ENTITIES):
            raise upload.refuse(
                "file_unreadable",
                f"文件“{upload.name}”里有不允许的外部引用，没有读取。请用 Excel 或 WPS 打开后另存一份再上传。",
            )


def _refuse_far_cells(upload: Upload, package: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Two cells in opposite corners would make a reader allocate the whole sheet between them."""
    last, width, filled = 0, 0, 0
    for piece in _pieces(package, name, 512):
        found = _FILLED.findall(piece)
        if not found:
            continue
        last = max(last, *(int(row) for _, row in found))
        width = max(width, max(map(_column, {letters for letters, _ in found})))
        filled += len(found)
    area = last * width
    if filled and area > limits.cells and area > 20 * filled:
        raise upload.refuse(
            "table_too_large",
            f"文件“{upload.name}”的表格范围过大（远处有多余的单元格），没有读取。请把表格复制到一个新工作簿后再上传。",
        )
    if area > limits.cells:
        raise upload.refuse(
            "table_too_large",
            f"文件“{upload.name}”的表格过大，没有读取。请分成几个文件，或只保留需要的表格。",
        )


def _pieces(package: zipfile.ZipFile, name: str, overlap: int) -> Iterator[bytes]:
    """A member by the megabyte; what spans two pieces is seen in the second (and counted twice at most)."""
    rest = b""
    with package.open(name) as member:
        while piece := member.read(_CHUNK):
            yield rest + piece
            rest = piece[-overlap:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def formulas_without_value(content: bytes) -> dict[str, list[str]]:
    """Member -> cells whose formula nobody has calculated: written by a program, never opened in Excel."""
    found: dict[str, list[str]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in filter(_SHEET.fullmatch, package.namelist()):
            cells: dict[str, None] = {}
            for piece in _pieces(package, name, 9000):
                cells.update((one.decode("ascii"), None) for one in _FORMULA.findall(piece))
            if cells:
                found[name] = list(cells)
    return found


def has_external_links(content: bytes) -> bool:
    """Whether cells take their values from other files; what is stored is read, nothing is fetched."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return any(name.startswith("xl/externalLinks/") for name in package.namelist())


@dataclass(frozen=True)
class Decoded:
    """A text file as text, with what was odd about its encoding."""

    text: str
    encoding: str
    mixed_lines: tuple[int, ...] = ()


def decoded(upload: Upload, strange: float = 0.005) -> Decoded:
    """UTF-8 if it is valid UTF-8, UTF-16 with a mark, else GB18030; lines of another encoding are named.

    `strange` is the share of control characters that a text may hold and still be one.
    """
    content = upload.content
    wide = _wide(content)
    for encoding in [wide] if wide else ["utf-8-sig", "mixed", "gb18030"]:
        try:
            read = _mixed(content) if encoding == "mixed" else Decoded(content.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
        if read is not None and _is_text(read.text, strange):
            return read
    raise upload.refuse(
        "file_unreadable",
        f"文件“{upload.name}”不是能识别的文本或表格。请另存为 xlsx，或 UTF-8 的 CSV 再上传。",
    )


def _wide(content: bytes) -> str | None:
    """UTF-16: with its mark, or seen by the zero bytes beside every ASCII letter."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = content[:4000]
    for encoding, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        marks = [head[n + at] for n in range(0, len(head) - 1, 2) if head[n + 1 - at] in b",\t\r\n"]
        if len(marks) > 3 and not any(marks):
            return encoding
    return None


def _mixed(content: bytes) -> Decoded | None:
    """Two files pasted together: some lines are UTF-8, the others GB18030."""
    lines = content.removeprefix(codecs.BOM_UTF8).split(b"\n")
    if len(lines) < 2:
        return None
    texts: list[str] = []
    other: list[int] = []
    wide = 0
    for number, line in enumerate(lines, start=1):
        if not line.isascii():
            wide += 1
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append(line.decode("gb18030"))
            other.append(number)
    # A GB18030 file has hardly a line that happens to be valid UTF-8.
    return (
        Decoded("\n".join(texts), "mixed", tuple(other)) if wide - len(other) > max(1, wide * 0.3) else None
    )


def _is_text(text: str, share: float) -> bool:
    strange = sum(1 for ch in text if (ch < " " and ch not in "\r\n\t\f") or "\ue000" <= ch <= "\uf8ff")
    return strange <= len(text) * share
