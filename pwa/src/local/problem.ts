/** What can go wrong on the phone itself? Same shape as a Problem of the server, so that a screen shows both alike. */

export class PhoneProblem extends Error {
  override readonly name = 'PhoneProblem'
  readonly retry = 'never'

  constructor(readonly code: string, readonly detail: string, readonly extra: Readonly<Record<string, unknown>> = {}) {
    super(`${code}: ${detail}`)
  }
}

/** Nothing was written: no tick may appear and the text must stay on the screen. */
export const notSaved = (cause: unknown): PhoneProblem =>
  new PhoneProblem('phone.not_saved', '这一步没有存上，请不要离开本页。先腾出手机空间，再试一次。', { cause: String(cause) })

/** A fault of the app, not of the hand: the log stays clean, the text stays where it was typed. */
export const notWellFormed = (cause: string, field: string | null): PhoneProblem =>
  new PhoneProblem('phone.not_well_formed', `应用出错，这一步没有写进记录，之前的都在。填的内容还在本页，请抄下来，改短或换个写法再试；还不行请报管理员（${cause}${field ? ` ${field}` : ''}）。`, { cause, field })

export const noRoom = (needed: number, free: number): PhoneProblem =>
  new PhoneProblem('phone.no_room', `手机空间不够，还剩 ${Math.max(0, Math.floor(free / 1048576))} MB。请先腾出空间再拍。`, { needed, free })
