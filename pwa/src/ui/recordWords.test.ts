import { describe, expect, it } from 'vitest'
import { cases } from '../rules/cases'
import type { Manifest } from '../rules/manifest'
import { answerWords, cn, maskPhone, measureWords, partLines, photosOf, spanCn } from './recordWords'

const { made } = cases<{ made: { name: string; expect: { manifest: Manifest } }[] }>('manifest_visit')
const manifest = made.find((one) => one.name === 'both parts')!.expect.manifest

describe('the words of the document', () => {
  it('number parts and photos through the whole record', () => {
    expect(partLines(manifest).map(({ title }) => title)).toEqual(['一、县公安局（发起部门）', '二、县卫健局'])
    expect(photosOf(manifest).map(({ number, entry }) => [number, entry])).toEqual([[1, 'a2'], [2, 'b2']])
    expect([1, 10, 11, 20, 35].map(cn)).toEqual(['一', '十', '十一', '二十', '三十五'])
  })

  it('say what was found, once, with its photos', () => {
    const failed = partLines(manifest)[0]!.items[1]!.entries[1]!
    expect([failed.answer, failed.failed, failed.told]).toEqual(['☑不合格', true, '二层东走廊 1 路摄像头无画面。（照片 2）'])
  })

  it('say results and measures in the region’s own words', () => {
    const item = partLines(manifest)[0]!.items[1]!
    expect(item.result).toBe('发现问题已责令改正')
    expect(item.measures[0]).toMatch(/^责令改正（26-003-1），2026年11月17日前改正，电子送达：修复/)
  })

  it('say the same of everything gathered as the paper does', () => {
    const table = cases<{ name: string; manifest: Manifest; expect: { parts: { rest: string[]; items: Record<string, string[]>; transcript: string[]; measures: string[] }[]; marked: (string | null)[] } }[]>('record_words')
    for (const { manifest: made, expect: said } of table) {
      partLines(made).forEach((part, n) => {
        expect(part.rest).toEqual(said.parts[n]!.rest)
        expect(part.transcript.map(({ label, text }) => `${label}：${text}`)).toEqual(said.parts[n]!.transcript)
        for (const item of part.items) expect(item.papers).toEqual(said.parts[n]!.items[item.id])
        expect(made.parts[n]!.record.measures.map(measureWords)).toEqual(said.parts[n]!.measures)
      })
      expect(photosOf(made).map(({ marked }) => marked)).toEqual(said.marked)
    }
  })

  it('leave no blank without a stroke', () => {
    expect(answerWords({ answer: 'pass_fail', unit: null }, null)).toBe('—')
    expect(answerWords({ answer: 'number', unit: '人' }, '3')).toBe('3 人')
  })

  it('tell times by the clock that recorded them, and hide half of a number', () => {
    expect(spanCn(manifest.header.from, manifest.header.to)).toBe('2026年11月10日10时00分至11时16分')
    expect(maskPhone('13900000017')).toBe('139****0017')
  })
})
