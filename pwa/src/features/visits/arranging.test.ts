import { describe, expect, it } from 'vitest'
import { distanceWords, grouped, placeOf, sorted } from './arranging'
import { creditCodeIn } from './licence'
import type { Card } from './sections'
import { waysTo } from './ways'

const card = (id: string, over: { address?: string; days?: number; at?: [number, number] | null; task?: string } = {}): Card => ({
  id, mine: 'open', begun: false, due: over.days === undefined ? null : { days: over.days, date: '2026-11-20', provisional: false },
  my: { visit: { id, region: { name: '贵南县' }, task: { name: over.task ?? '旅馆' }, scheduled: null, subject: { name: id, address: over.address ?? '', position: over.at ? { lat_e7: over.at[0], lon_e7: over.at[1] } : null } } },
}) as unknown as Card
const ids = (cards: readonly Card[]): string => cards.map(({ id }) => id).join('')

describe('my visits in order', () => {
  const cards = [card('a', { days: 5, at: [355_900_000, 1_007_500_000] }), card('b', { days: -2, at: null }), card('c', { days: 1, at: [355_810_000, 1_007_500_000] })]
  const here = { lat_e7: 355_800_000, lon_e7: 1_007_500_000 }

  it('by the day, as they are planned', () => expect(ids(sorted(cards, 'day', null))).toBe('bca'.split('').sort().join('')))
  it('by working days left, overdue first', () => expect(ids(sorted(cards, 'due', null))).toBe('bca'))
  it('by distance, those without a position last', () => expect(ids(sorted(cards, 'near', here))).toBe('cab'))
  it('by distance without a position of the phone: as planned', () => expect(ids(sorted(cards, 'near', null))).toBe('abc'))
  it('says what it does not know', () => {
    expect(distanceWords(cards, here, false)).toBe('1 家在名录库里没有位置，排在后面。')
    expect(distanceWords(cards, null, false)).toMatch(/^没有取得本机位置/)
    expect(distanceWords([cards[0]!], here, false)).toBeNull()
  })

  it.each([
    ['贵南县茫曲镇团结路 18 号', '茫曲镇'], ['茫曲镇团结路', '茫曲镇'], ['西宁市城中区人民街道解放路', '人民街道'], ['青海省海南州贵南县沙沟乡', '沙沟乡'], ['解放路 5 号', '贵南县'], ['', '贵南县'],
  ])('%s lies in %s', (address, place) => expect(placeOf(card('x', { address }))).toBe(place))

  it('in groups, each as its first card stands', () => {
    const two = [card('a', { task: '旅馆' }), card('b', { task: '加油站' }), card('c', { task: '旅馆' })]
    expect(grouped(two, 'task').map(({ name, cards: own }) => `${name}:${ids(own)}`)).toEqual(['旅馆:ac', '加油站:b'])
    expect(grouped(two, 'none')).toMatchObject([{ name: null }])
  })
})

describe('a licence', () => {
  it.each([
    ['http://www.gsxt.gov.cn/index.html?uniscid=91632525MA0000Y11K', '91632525MA0000Y11K'],
    ['统一社会信用代码:91632525ma0000y11k;名称:示例', '91632525MA0000Y11K'],
    ['https://licence.example/%3F=x', null], ['9163252525', null], ['X91632525MA0000Y11KZ', null],
  ])('%s names %s', (text, code) => expect(creditCodeIn(text)).toBe(code))
})

describe('the way there', () => {
  const subject = { name: '示例酒店', address: '茫曲镇团结路 18 号', position: { lat_e7: 355_800_000, lon_e7: 1_007_500_000 } }
  it('goes through the chooser of Android', () => expect(waysTo(subject, 'Android').map(({ href }) => href)).toEqual([`geo:35.58,100.75?q=35.58,100.75(${encodeURIComponent('示例酒店')})`]))
  it('by the address where no position is known', () => expect(waysTo({ ...subject, position: null }, 'Android')[0]!.href).toBe(`geo:0,0?q=${encodeURIComponent(subject.address)}`))
  it('names both maps of an iPhone', () => expect(waysTo(subject, 'iPhone').map(({ href }) => href.split('?')[0])).toEqual(['maps://', 'iosamap://path']))
  it('is none without either', () => expect(waysTo({ ...subject, position: null, address: ' ' }, 'iPhone')).toEqual([]))
})
