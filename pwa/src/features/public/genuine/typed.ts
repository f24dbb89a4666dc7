/** What did somebody type off a paper: its code, the address in its QR code, or neither yet? */
const CODE_DIGITS = 32
const WHOLE_DIGITS = 64

export type Typed = { asked: string } | { asked: null; why: string }

/** As forgiving as the server: full-width signs, capitals, dashes and any spacing. */
export function readTyped(typed: string): Typed {
  const text = typed.normalize('NFKC').trim()
  const token = /\/public\/genuine\/([\w-]+)/.exec(text)?.[1]
  if (token) return { asked: token }
  const plain = text.replaceAll(/[\s\-_.·—]+/g, '').toLowerCase()
  if (!plain) return { asked: null, why: '请输入文书页脚上的短码。' }
  const odd = /[^0-9a-f]/.exec(plain)?.[0]
  if (odd) return { asked: null, why: `短码里只有数字 0–9 和字母 a–f，没有“${odd}”。请对照文书再看一遍。` }
  if (plain.length === CODE_DIGITS || plain.length === WHOLE_DIGITS) return { asked: plain }
  const missing = CODE_DIGITS - plain.length
  return { asked: null, why: missing > 0 ? `短码有 8 组，每组 4 位；还差 ${missing} 位。` : `短码有 8 组，每组 4 位；多了 ${-missing} 位。` }
}
