import { describe, expect, it } from 'vitest'
import { hashBytes } from '../../local/blobs'
import { jpegSize } from './jpegSize'
import { KEPT_AS_IS, originalOf, type Encode } from './original'

/** APP0, then a frame of 4000 × 3000, then `filling` bytes. */
const jpeg = (filling = 0): Uint8Array<ArrayBuffer> => new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 0x0b, 0xb8, 0x0f, 0xa0, 3, 0, 0, 0, 0, ...new Uint8Array(filling)])
const never: Encode = () => Promise.reject(new Error('must not be encoded'))
const small: Encode = async () => ({ bytes: jpeg().buffer, width: 4000, height: 3000 })

describe('the original of a photo', () => {
  it('is a JPEG byte for byte', async () => {
    const bytes = jpeg()
    const kept = await originalOf(new Blob([bytes]), never)
    expect(kept).toMatchObject({ width: 4000, height: 3000, size: bytes.length, reencoded_from: null, hash: await hashBytes(bytes.buffer) })
    expect(new Uint8Array(kept.bytes)).toEqual(bytes)
  })

  it('is encoded once when it is too large, and says from what', async () => {
    const bytes = new Uint8Array(KEPT_AS_IS + 1)
    bytes.set(jpeg())
    const kept = await originalOf(new Blob([bytes]), small)
    expect(kept.reencoded_from).toBe(await hashBytes(bytes.buffer))
    expect(kept.hash).toBe(await hashBytes(jpeg().buffer))
  })

  it('is encoded once when it is no JPEG', async () => {
    expect((await originalOf(new Blob([new Uint8Array([0x89, 0x50])]), small)).reencoded_from).not.toBeNull()
  })

  it('is refused in words when nobody can read it', async () => {
    await expect(originalOf(new Blob(['?']), never)).rejects.toMatchObject({ code: 'phone.not_a_photo' })
  })

  it.each([[new Uint8Array([0xff, 0xd8, 0xff]), null], [new Uint8Array([1, 2, 3]), null], [jpeg(), { width: 4000, height: 3000 }]])('has the size its header says', (bytes, size) => expect(jpegSize(bytes)).toEqual(size))
})
