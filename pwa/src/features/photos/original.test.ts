import { describe, expect, it } from 'vitest'
import { hashBytes } from '../../local/blobs'
import { jpegSize } from './jpegSize'
import { KEPT_AS_IS, originalOf, type Encode } from './original'
import { pictureFacts } from './pictureFacts'

const word = (n: number): number[] => [n >> 8, n & 0xff]
/** APP0, a frame of that size, a scan of `filling` bytes, an end. */
const jpeg = ({ width = 4000, height = 3000, filling = 0, end = [0xff, 0xd9], exif = [] as number[] } = {}): Uint8Array<ArrayBuffer> => {
  const head = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, ...exif, 0xff, 0xc0, 0, 17, 8, ...word(height), ...word(width), 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xda, 0, 2]
  const bytes = new Uint8Array(head.length + filling + end.length)
  bytes.set(head)
  bytes.set(end, head.length + filling)
  return bytes
}
const four = (n: number): number[] => [(n >>> 24) & 0xff, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff]
const text = (said: string): number[] => [...said].map((sign) => sign.charCodeAt(0))
const png = (width: number, height: number): Uint8Array<ArrayBuffer> => new Uint8Array([0x89, ...text('PNG'), 13, 10, 26, 10, ...four(13), ...text('IHDR'), ...four(width), ...four(height), 8, 6, 0, 0, 0])
const heic = (width: number, height: number): Uint8Array<ArrayBuffer> => new Uint8Array([0, 0, 0, 24, ...text('ftypheic'), 0, 0, 0, 0, ...text('mif1'), 0, 0, 0, 20, ...text('ispe'), 0, 0, 0, 0, ...four(512), ...four(512), 0, 0, 0, 20, ...text('ispe'), 0, 0, 0, 0, ...four(width), ...four(height), 0])
const never: Encode = () => Promise.reject(new Error('must not be encoded'))
const small: Encode = async () => ({ bytes: jpeg().buffer, width: 4000, height: 3000 })

describe('the original of a photo', () => {
  it('is a JPEG byte for byte', async () => {
    const bytes = jpeg()
    const kept = await originalOf(new Blob([bytes]), never)
    expect(kept).toMatchObject({ width: 4000, height: 3000, size: bytes.length, reencoded_from: null, hash: await hashBytes(bytes.buffer) })
    expect(new Uint8Array(kept.bytes)).toEqual(bytes)
  })

  it('is a JPEG of 48 megapixels byte for byte, without ever being decoded', async () => {
    const kept = await originalOf(new Blob([jpeg({ width: 8000, height: 6000, filling: 7_000_000 })]), never)
    expect([kept.width, kept.height, kept.reencoded_from]).toEqual([8000, 6000, null])
  })

  it('is encoded once when it is too large, decoded no wider than needed, and says from what', async () => {
    const bytes = jpeg({ width: 8000, height: 6000, filling: KEPT_AS_IS })
    const asked: (number | null)[] = []
    const kept = await originalOf(new Blob([bytes]), async (source, longest, quality, wide) => (asked.push(wide), await small(source, longest, quality, wide)))
    expect(kept.reencoded_from).toBe(await hashBytes(bytes.buffer))
    expect(kept.hash).toBe(await hashBytes(jpeg().buffer))
    expect(asked).toEqual([4096])
  })

  it('knows that a picture stored on its side is upright the other way', async () => {
    const exif = [0xff, 0xe1, ...word(34), ...text('Exif'), 0, 0, 0x4d, 0x4d, 0, 42, ...four(8), ...word(1), ...word(0x0112), ...word(3), ...four(1), ...word(6), 0, 0, ...four(0)]
    const asked: (number | null)[] = []
    await originalOf(new Blob([jpeg({ width: 8000, height: 6000, filling: KEPT_AS_IS, exif })]), async (...given) => (asked.push(given[3]), await small(...given)))
    expect(asked).toEqual([3072])
  })

  it.each([['a PNG', png(1200, 900)], ['a HEIC where the browser reads it', heic(4032, 3024)]])('is encoded once when it is %s', async (_name, bytes) => {
    expect((await originalOf(new Blob([bytes]), small)).reencoded_from).toBe(await hashBytes(bytes.buffer))
  })

  it.each([
    ['nothing at all', new Blob([]), 'phone.empty_file'],
    ['text that calls itself a JPEG', new Blob(['这不是照片'], { type: 'image/jpeg' }), 'phone.not_a_photo'],
    ['only the first bytes of a JPEG', new Blob([new Uint8Array([0xff, 0xd8, 0xff])]), 'phone.not_a_photo'],
    ['a JPEG whose end is missing', new Blob([jpeg({ filling: 500, end: [] })]), 'phone.photo_cut'],
    ['a HEIC that this browser cannot read', new Blob([heic(4032, 3024)]), 'phone.heic'],
    ['a picture that only pretends to be one', new Blob([png(1200, 900)]), 'phone.not_a_photo'],
    ['a bomb: few bytes, 900 megapixels', new Blob([png(30_000, 30_000)]), 'phone.too_many_pixels'],
    ['a JPEG of 108 megapixels', new Blob([jpeg({ width: 12_000, height: 9000 })]), 'phone.too_many_pixels'],
    ['a HEIC of 200 megapixels, before it is decoded', new Blob([heic(16_320, 12_240)]), 'phone.too_many_pixels'],
  ])('is refused in words: %s', async (_name, source, code) => {
    await expect(originalOf(source, never)).rejects.toMatchObject({ code })
  })

  it('is refused by its size before a byte is read', async () => {
    const huge = Object.assign(new Blob([jpeg()]), { arrayBuffer: () => Promise.reject(new Error('must not be read')) })
    Object.defineProperty(huge, 'size', { value: 200 * 1024 * 1024 })
    await expect(originalOf(huge, never)).rejects.toMatchObject({ code: 'phone.photo_too_large', detail: expect.stringContaining('200 MB') as string })
  })

  it('does not take what a camera appends for the end, nor its absence for whole', () => {
    expect(pictureFacts(jpeg({ end: [0xff, 0xd9, 1, 2, 3] })).cut).toBe(false)
    expect(pictureFacts(jpeg({ filling: 9, end: [0xff] })).cut).toBe(true)
  })

  it.each([[new Uint8Array([0xff, 0xd8, 0xff]), null], [new Uint8Array([1, 2, 3]), null], [jpeg(), { width: 4000, height: 3000 }]])('has the size its header says', (bytes, size) => expect(jpegSize(bytes)).toEqual(size))
})
