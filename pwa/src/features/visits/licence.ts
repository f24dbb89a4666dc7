/** Whose licence is this? The credit code inside a QR of a business licence, and the picture of one read without a camera. */

/** 统一社会信用代码 (GB 32100): 18 signs without I, O, S, V, Z, wherever in the address or text of the code it stands. */
const CODE = /(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])/

export const creditCodeIn = (text: string): string | null => CODE.exec(text.toUpperCase().replaceAll('%3D', '='))?.[0] ?? null

/** Larger pictures are made smaller first: a code on a licence is never that fine. */
const MOST = 1600

/** What the QR in a picture says; null where none can be read. */
export async function readPicture(file: Blob): Promise<string | null> {
  const [{ decodeQR }, picture] = await Promise.all([import('qr/decode.js'), createImageBitmap(file).catch(() => null)])
  if (!picture) return null
  const scale = Math.min(1, MOST / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  const context = canvas.getContext('2d')!
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height))
  } catch {
    return null
  }
}
