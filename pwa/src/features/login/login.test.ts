import { describe, expect, it } from 'vitest'
import { deviceLabel } from './deviceLabel'
import { isDesk, wayOn } from './wayOn'

describe('the way on after coming in', () => {
  it.each([['/visits/1?x=2', '/visits/1?x=2'], ['//evil.example', '/'], ['https://evil.example', '/'], ['/\\evil.example', '/'], ['/login?to=/', '/'], [undefined, '/'], [['/a'], '/']])('%s leads to %s', (asked, way) => expect(wayOn(asked)).toBe(way))
  it('knows the desk', () => expect(['/office', '/office/plans', '/officers'].map(isDesk)).toEqual([true, true, false]))
})

describe('the label of a device', () => {
  it.each([
    ['Mozilla/5.0 (Linux; Android 13; M2012K11AC Build/TKQ1) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36', '安卓手机 · M2012K11AC · Chrome'],
    ['Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36', '安卓手机 · Chrome'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1', 'iPhone · Safari'],
  ])('names kind, model and browser', (agent, label) => expect(deviceLabel(agent)).toBe(label))
})
