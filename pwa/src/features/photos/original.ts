/** Which bytes are the original of a photo? A JPEG up to 8 MB as it came; anything else once encoded anew, naming what it came from (sync.md 5). */
import { hashBytes } from '../../local/blobs'
import { PhoneProblem } from '../../local/problem'
import { pictureFacts, type PictureFacts } from './pictureFacts'

export const KEPT_AS_IS = 8 * 1024 * 1024
/** Beyond this no camera's photo goes; reading it at all would cost a weak phone its memory. */
export const MOST_BYTES = 64 * 1024 * 1024
/** As on the server: 48 megapixels and a little. */
export const MOST_PIXELS = 50_000_000
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

/** Decodes and encodes a picture; given from outside because only a browser can. `wide`: to which width to decode, so that no more is held than is needed. */
export type Encode = (source: Blob, longest: number, quality: number, wide: number | null) => Promise<{ bytes: ArrayBuffer; width: number; height: number }>

const refuse = (code: string, detail: string, cause?: unknown): PhoneProblem => new PhoneProblem(code, detail, cause === undefined ? {} : { cause: String(cause) })
const megabytes = (size: number): string => `${Math.ceil(size / 1_048_576)} MB`

export async function originalOf(source: Blob, encode: Encode = encodeHere): Promise<Original> {
  if (source.size === 0) throw refuse('phone.empty_file', '这个文件是空的，没有存。请重拍一张。')
  if (source.size > MOST_BYTES) throw refuse('phone.photo_too_large', `这个文件有 ${megabytes(source.size)}，照片最大 ${megabytes(MOST_BYTES)}，没有存。请在本页直接拍。`)
  const bytes = await source.arrayBuffer()
  const facts = pictureFacts(new Uint8Array(bytes))
  refuseBadPicture(facts)
  const hash = await hashBytes(bytes)
  if (facts.kind === 'jpeg' && facts.size && bytes.byteLength <= KEPT_AS_IS) return { bytes, hash, size: bytes.byteLength, ...facts.size, mime: 'image/jpeg', reencoded_from: null }
  const made = await encode(source, LONGEST, QUALITY, decodeWidth(facts)).catch((error: unknown) => {
    if (facts.kind === 'heic') throw refuse('phone.heic', '这是 HEIC 格式的照片，这部手机的浏览器读不了，没有存。请把相机格式改成“兼容性最佳（JPEG）”，或在本页直接拍。', error)
    throw refuse('phone.not_a_photo', '这张照片读不出来，没有存。请在本页直接拍。', error)
  })
  return { ...made, hash: await hashBytes(made.bytes), size: made.bytes.byteLength, mime: 'image/jpeg', reencoded_from: hash }
}

function refuseBadPicture({ kind, size, cut }: PictureFacts): void {
  if (kind === 'other' || (kind !== 'heic' && size === null)) throw refuse('phone.not_a_photo', '这个文件不是照片，没有存。请在本页直接拍，或从相册选照片。')
  if (cut) throw refuse('phone.photo_cut', '这张照片不完整，后半截没有了，没有存。请重拍一张。')
  if (size && size.width * size.height > MOST_PIXELS) throw refuse('phone.too_many_pixels', `这张照片有 ${Math.round((size.width * size.height) / 1_000_000)} 百万像素，手机处理不了，没有存。请把相机调到 4800 万像素以下再拍。`)
}

/** The upright width that makes the longest side 4096; the height follows from it. */
function decodeWidth({ size, turned }: PictureFacts): number | null {
  if (!size) return null
  const [width, height] = turned ? [size.height, size.width] : [size.width, size.height]
  const scale = LONGEST / Math.max(width, height)
  return scale < 1 ? Math.max(1, Math.round(width * scale)) : null
}

const encodeHere: Encode = async (source, longest, quality, wide) => {
  const picture = await createImageBitmap(source, wide === null ? {} : { resizeWidth: wide, resizeQuality: 'high' })
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
