// What the rules refuse, with the same code and sentence as the server's Problem.

export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`)
  }
}
