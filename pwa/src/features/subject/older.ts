/** What browsers of 2018 lack and the shared words use; nothing where it is there. */
type Any = Record<string, unknown>

function lend(to: object, name: string, what: unknown): void {
  if (!(name in to)) Object.defineProperty(to, name, { value: what, writable: true, configurable: true })
}

lend(Array.prototype, 'flat', function (this: unknown[], depth = 1): unknown[] {
  return this.reduce<unknown[]>((all, one) => all.concat(Array.isArray(one) && depth > 1 ? (one as unknown[]).flat(depth - 1) : one), [])
})
lend(Array.prototype, 'flatMap', function (this: unknown[], made: (one: unknown, at: number) => unknown): unknown[] {
  return this.reduce<unknown[]>((all, one, at) => all.concat(made(one, at)), [])
})
lend(Array.prototype, 'at', function (this: unknown[], at: number): unknown {
  return this[at < 0 ? this.length + at : at]
})
lend(String.prototype, 'replaceAll', function (this: string, from: string | RegExp, to: string): string {
  return typeof from === 'string' ? this.split(from).join(to) : this.replace(from, to)
})
lend(Object, 'fromEntries', (pairs: Iterable<[string, unknown]>): Any => {
  const made: Any = {}
  for (const [name, value] of pairs) made[name] = value
  return made
})
lend(Object, 'hasOwn', (of: object, name: string): boolean => Object.prototype.hasOwnProperty.call(of, name))
// Only to compare measured numbers with their limits, which are far below what a number holds exactly.
if (typeof BigInt === 'undefined') (window as unknown as Any)['BigInt'] = Number
