/** How long until the next try? Doubling with a spread, so that a county's phones do not all come at once. */

const FIRST = 2_000
const LONGEST = 5 * 60_000

export function backoff(failures: number, random: () => number = Math.random): number {
  const whole = Math.min(LONGEST, FIRST * 2 ** Math.max(0, failures - 1))
  return Math.round(whole * (0.5 + random() / 2))
}
