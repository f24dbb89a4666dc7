/** Which bytes are the original of a photo? A JPEG up to 8 MB as it came; anything else once encoded anew, naming what it came from (sync.md 5). */
import { hashBytes } from '../../local/blobs'
import { PhoneProblem } from '../../local/problem'
import { jpegSize } from './jpegSize'

export const KEPT_AS_IS = 8 * 1024 * 1024
const LONGEST = 4096
const QUALITY = 0.9

export interface Original {
  bytes: ArrayBuffer
  hash: string
  size: number
  width: number
  height: number
  mime: 'image/jpeg'
  reencoded_from: string | null
}

/** Decodes and encodes a picture; given from outside because only a browser can. */
export type Encode = (source: Blob, longest: number, quality: number) => Promise<{ bytes: ArrayBuffer; width: number; height: number }>

export async function originalOf(source: Blob, encode: Encode = encodeHere): Promise<Original> {
  const bytes = await source.arrayBuffer()
  const [hash, size] = [await hashBytes(bytes), jpegSize(new Uint8Array(bytes))]
  if (size && bytes.byteLength <= KEPT_AS_IS) return { bytes, hash, size: bytes.byteLength, ...size, mime: 'image/jpeg', reencoded_from: null }
  const made = await encode(source, LONGEST, QUALITY).catch((error: unknown) => {
    throw new PhoneProblem('phone.not_a_photo', '这张照片读不出来，没有存。请在本页直接拍。', { cause: String(error) })
  })
  return { ...made, hash: await hashBytes(made.bytes), size: made.bytes.byteLength, mime: 'image/jpeg', reencoded_from: hash }
}

const encodeHere: Encode = async (source, longest, quality) => {
  const picture = await createImageBitmap(source)
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)]
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  canvas.getContext('2d')!.drawImage(picture, 0, 0, width, height)
  picture.close()
  return { bytes: await jpegOf(canvas, quality), width, height }
}

export async function jpegOf(canvas: HTMLCanvasElement, quality: number): Promise<ArrayBuffer> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
  if (!blob) throw new Error('the canvas gave no picture')
  return await blob.arrayBuffer()
}
