import { describe, expect, it } from 'vitest'
import { badgeFace } from './badge'
import { dueWords } from './dueWords'

describe('a deadline', () => {
  it.each([
    [3, '2023-11-15', false, '还剩 3 个工作日（11月15日）', 'far'],
    [1, '2023-11-13', false, '还剩 1 个工作日（11月13日）', 'soon'],
    [0, '2023-11-10', false, '今天到期（11月10日）', 'soon'],
    [-2, '2023-11-08', false, '已超 2 个工作日（11月8日）', 'over'],
    [20, '2027-01-05', true, '还剩 20 个工作日（1月5日，暂定）', 'far'],
  ])('of %i working days is said with its date', (days, date, provisional, said, tone) => {
    const words = dueWords(days, date, provisional)
    expect([words.left + words.date, words.tone]).toEqual([said, tone])
  })
})

describe('the badge', () => {
  const facts = { waiting: 0, files: null, safe: true, hours: 0, shown: true }
  it.each([
    [{ ...facts, waiting: 12 }, '待传 12', 'plain'],
    [{ ...facts, waiting: 12, hours: 24 }, '待传 12', 'late'],
    [{ ...facts, waiting: 12, hours: 72 }, '待传 12', 'over'],
    [{ ...facts, waiting: 9, files: { sent: 3, all: 12 } }, '已传 3/12', 'plain'],
    [{ ...facts, safe: false }, '已收到', 'plain'],
    [facts, '已存妥', 'safe'],
  ])('says what waits and how long it has', (given, text, tone) => expect(badgeFace(given)).toMatchObject({ text, tone }))
})
