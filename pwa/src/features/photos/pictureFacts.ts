/** What is this file, and how large is its picture? Read from its own head, so that nothing too large is ever decoded. */
import { jpegSize } from './jpegSize'

export type PictureKind = 'jpeg' | 'png' | 'webp' | 'heic' | 'other'
export interface PictureFacts {
  kind: PictureKind
  /** As stored, before turning it upright; null where the head does not say. */
  size: { width: number; height: number } | null
  /** Whether it is stored lying on its side. */
  turned: boolean
  /** A JPEG whose end is missing: the transfer broke off. */
  cut: boolean
}

const ascii = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))
const HEIF = new Set(['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1', 'avif', 'avis'])

export function pictureFacts(bytes: Uint8Array): PictureFacts {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return { kind: 'jpeg', size: jpegSize(bytes), turned: liesOnItsSide(bytes), cut: isCut(bytes) }
  if (ascii(bytes, 1, 4) === 'PNG') return { kind: 'png', size: wide(bytes, 16), turned: false, cut: false }
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return { kind: 'webp', size: webpSize(bytes), turned: false, cut: false }
  if (ascii(bytes, 4, 8) === 'ftyp' && HEIF.has(ascii(bytes, 8, 12))) return { kind: 'heic', size: largestImage(bytes), turned: false, cut: false }
  return { kind: 'other', size: null, turned: false, cut: false }
}

/** Two numbers of four bytes, big end first. */
function wide(bytes: Uint8Array, at: number): { width: number; height: number } | null {
  if (bytes.length < at + 8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { width: view.getUint32(at), height: view.getUint32(at + 4) }
}

function webpSize(bytes: Uint8Array): { width: number; height: number } | null {
  const three = (at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
  const form = ascii(bytes, 12, 16)
  if (form === 'VP8X') return { width: three(24) + 1, height: three(27) + 1 }
  if (form === 'VP8 ') return { width: three(26) & 0x3fff, height: (three(28) & 0x3fff) }
  if (form !== 'VP8L') return null
  const bits = (three(21) | ((bytes[24] ?? 0) << 24)) >>> 0
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

/** HEIF says the size of each image in it; a tile is small, the picture is the largest. */
function largestImage(bytes: Uint8Array): { width: number; height: number } | null {
  let found: { width: number; height: number } | null = null
  const end = Math.min(bytes.length, 65_536)
  for (let at = 4; at + 16 < end; at += 1) {
    if (bytes[at] !== 0x69 || ascii(bytes, at, at + 4) !== 'ispe') continue
    const size = wide(bytes, at + 8)
    if (size && (!found || size.width * size.height > found.width * found.height)) found = size
  }
  return found
}

/** The orientation of EXIF: 5 to 8 lie on their side. */
function liesOnItsSide(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff;) {
    const [marker, length] = [bytes[at + 1]!, view.getUint16(at + 2)]
    if (marker === 0xda) return false
    if (marker === 0xe1 && ascii(bytes, at + 4, at + 8) === 'Exif') return orientation(view, at + 10) >= 5
    at += 2 + length
  }
  return false
}

function orientation(view: DataView, tiff: number): number {
  if (tiff + 8 > view.byteLength) return 1
  const little = view.getUint16(tiff) === 0x4949
  const table = tiff + view.getUint32(tiff + 4, little)
  if (table + 2 > view.byteLength) return 1
  for (let n = 0; n < view.getUint16(table, little); n += 1) {
    const at = table + 2 + 12 * n
    if (at + 10 > view.byteLength) return 1
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little)
  }
  return 1
}

/** A whole JPEG has an end after its picture began; what cameras append comes after that end. */
function isCut(bytes: Uint8Array): boolean {
  let begun = -1
  for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff; at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!)) {
    if (bytes[at + 1] !== 0xda) continue
    begun = at
    break
  }
  if (begun < 0) return true
  for (let at = bytes.length - 2; at > begun; at -= 1) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return false
  return true
}
