"""What does a browser leave on the disk? IndexedDB, caches and storages as a page sees them, and LevelDB files as a finder does."""

import struct
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

# Every string and every byte array of every database, cache and storage of this origin, as Latin-1 text.
DUMP = """async () => {
  const said = []
  const bytes = (buffer) => { const all = new Uint8Array(buffer); let text = ''
    for (let at = 0; at < all.length; at += 8192) text += String.fromCharCode(...all.subarray(at, at + 8192)); return text }
  const utf8 = (text) => bytes(new TextEncoder().encode(text))
  const tell = async (value) => {
    if (value === null || value === undefined) return
    if (typeof value === 'string') said.push(utf8(value))
    else if (typeof value === 'number') said.push(String(value))
    else if (value instanceof ArrayBuffer) said.push(bytes(value))
    else if (ArrayBuffer.isView(value)) said.push(bytes(value.buffer))
    else if (value instanceof Blob) said.push(bytes(await value.arrayBuffer()))
    else if (value instanceof CryptoKey) said.push(value.extractable && value.type !== 'public' ? 'EXTRACTABLE KEY' : '')
    else if (typeof value === 'object') for (const [name, member] of Object.entries(value)) { said.push(utf8(name)); await tell(member) }
  }
  const rowsOf = (store) => new Promise((resolve, reject) => { const ask = store.getAll(); ask.onsuccess = () => resolve(ask.result); ask.onerror = reject })
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve, reject) => { const ask = indexedDB.open(name); ask.onsuccess = () => resolve(ask.result); ask.onerror = reject })
    said.push(utf8(name))
    for (const store of db.objectStoreNames) {
      const rows = await rowsOf(db.transaction(store).objectStore(store))
      said.push(store + ' ' + rows.length)
      await tell(rows)
    }
    db.close()
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) { said.push(request.url); said.push(bytes(await (await cache.match(request)).arrayBuffer())) }
  }
  for (const kept of [localStorage, sessionStorage]) for (const [name, value] of Object.entries(kept)) said.push(utf8(name), utf8(value))
  const files = async (folder) => { for await (const [name, one] of folder.entries()) { said.push(utf8(name))
    if (one.kind === 'directory') await files(one); else said.push(bytes(await (await one.getFile()).arrayBuffer())) } }
  await files(await navigator.storage.getDirectory())
  return said
}"""


def dumped(page: Page) -> bytes:
    """All that scripts of this origin could read."""
    return "\0".join(page.evaluate(DUMP)).encode("latin-1", "replace")


def on_disk(profile: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of the profile, with the blocks of LevelDB tables unpacked."""
    for path in sorted(profile.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            yield str(path.relative_to(profile)), content
            if path.suffix == ".ldb":
                for block in table_blocks(content):
                    yield f"{path.relative_to(profile)} (unpacked)", block


def table_blocks(content: bytes) -> Iterator[bytes]:
    """The blocks of a LevelDB table: the footer names the index, the index names the blocks."""
    at, end = len(content) - 48, len(content)
    _, at = _varint(content, at)  # the meta index: offset and size
    _, at = _varint(content, at)
    offset, at = _varint(content, at)
    size, at = _varint(content, at)
    assert at < end
    for handle in _values(_block(content, offset, size)):
        start, place = _varint(handle, 0)
        yield _block(content, start, _varint(handle, place)[0])


def _block(content: bytes, offset: int, size: int) -> bytes:
    raw, kind = content[offset : offset + size], content[offset + size]
    return unsnapped(raw) if kind == 1 else raw


def _values(block: bytes) -> Iterator[bytes]:
    (restarts,) = struct.unpack("<I", block[-4:])
    at, end = 0, len(block) - 4 - 4 * restarts
    while at < end:
        _, at = _varint(block, at)
        unshared, at = _varint(block, at)
        length, at = _varint(block, at)
        yield block[at + unshared : at + unshared + length]
        at += unshared + length


def _varint(content: bytes, at: int) -> tuple[int, int]:
    found = shift = 0
    while True:
        byte = content[at]
        found |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return found, at


def unsnapped(raw: bytes) -> bytes:
    """Snappy, as LevelDB packs its blocks."""
    size, at = _varint(raw, 0)
    out = bytearray()
    while at < len(raw):
        tag = raw[at]
        at += 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                more = length - 59
                length = int.from_bytes(raw[at : at + more], "little")
                at += more
            out += raw[at : at + length + 1]
            at += length + 1
            continue
        if tag & 3 == 1:
            length, back = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | raw[at]
            at += 1
        else:
            wide = 2 if tag & 3 == 2 else 4
            length, back = (tag >> 2) + 1, int.from_bytes(raw[at : at + wide], "little")
            at += wide
        for _ in range(length):
            out.append(out[-back])
    assert len(out) == size
    return bytes(out)
