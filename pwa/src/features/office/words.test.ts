import { describe, expect, it } from 'vitest'
import { dayWords, decimalOf, elsewhereWords, frequencyBrief, grouped, lawDay, officeName, placeWords, ratioWords } from './words'

describe('words of the desk', () => {
  it.each([['2026-11-09', '11月9日'], ['2027-01-01', '2027年1月1日'], [null, '']])('says the day %s', (day, said) => expect(dayWords(day, 2026)).toBe(said))
  it.each([
    [{ percent: 50, bound: 'exact' }, null, '50%'], [{ percent: 5, bound: 'at_least' }, null, '不低于 5%'],
    [{ percent: 5, bound: 'range', percent_max: 10 }, null, '5%–10%'], [null, 10, '10 户'], [null, null, '未写'],
  ])('says a ratio', (ratio, number, said) => expect(ratioWords(ratio, number)).toBe(said))
  it.each([['25', '0.25'], ['100', '1'], ['2.5', '0.025'], ['0.5%', '0.005'], ['0', '0'], ['50.00', '0.5'], ['101', null], ['x', null], ['', null]])('takes %s percent as a decimal', (typed, decimal) => expect(decimalOf(typed)).toBe(decimal))
  it('writes frequencies as the notices do', () => expect(frequencyBrief({ times: 1, per: 'quarter' })).toBe('1次/季'))
  it('says the region once', () => expect([officeName('贵南县公安局', '贵南县'), officeName('海南州气象局', '贵南县'), officeName('甲', undefined)]).toEqual(['县公安局', '海南州气象局', '甲']))
  it('cuts what every address shares', () => expect([placeWords('青海省海南州贵南县茫曲镇1号', '贵南县'), placeWords('甲地', '贵南县'), placeWords('贵南县', '贵南县')]).toEqual(['茫曲镇1号', '甲地', '贵南县']))
  it('knows the law day of a moment', () => expect(lawDay('2026-11-09T16:30:00Z')).toBe('2026-11-10'))
  it.each([['handed_down', false, '上级抽取，可在上级的抽取里验算'], ['taken_over', false, '平台外抽取，本平台不可验算'], ['subjects', true, '']])('says where a draw was made (%s)', (kind, checkable, said) => expect(elsewhereWords({ kind, checkable })).toBe(said))
  it('groups a hash by eight', () => expect(grouped('0123456789abcdef')).toEqual(['01234567', '89abcdef']))
})
