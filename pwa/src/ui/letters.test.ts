import { describe, expect, it } from 'vitest'
import { cases } from '../rules/cases'
import type { MeasureBody, SampleBody } from '../rules/bodies'
import type { VisitPackage } from '../rules/package'
import type { RecordOf, Written } from '../rules/state'
import { measureLetter, sampleLetter, takenLetter, transcriptLetter, wordsOf, type Letter, type Occasion } from './letters'

interface Table {
  package: VisitPackage
  record: RecordOf
  day: string
  measures: { measure: Written<MeasureBody>; said: string[] }[]
  taken: string[]
  samples: { sample: Written<SampleBody>; said: string[] }[]
  transcript: string[]
  own_remedies: { words: string; measures: { measure: Written<MeasureBody>; said: string[] }[] }
}
const table = cases<Table>('letters')
const on: Occasion = { visit: table.package, part: table.package.parts[0]!, record: table.record, day: table.day }

const plain = (text: string): string => text.replaceAll(/\s/g, '')
/** What stands on a letter's paper besides its words: numbers, strokes for signatures, times of receipt, the foot. */
const BESIDES = /^(1号|GN2026-26-003|摘要.*|扫码.*|示例王某.*|.*2026年11月10日11时20分|／*|[／　]*|第?页?.*摘要.*|当事人签收|县公安局|执法人员（签名）|检查人员（签名）|√.*|上列为本.*|1caf.*)$/

function agrees(letter: Letter, said: string[]): void {
  const paper = said.join('')
  for (const word of [letter.title, letter.authority, ...wordsOf(letter)]) expect(paper).toContain(plain(word))
}
function covers(letter: Letter, said: string[]): void {
  const phone = [letter.title, letter.authority, letter.number ?? '', ...wordsOf(letter)].map(plain).join('')
  expect(said.filter((block) => !phone.includes(block.replace(/^√/, '')) && !BESIDES.test(block))).toEqual([])
}

describe('the papers handed over on the spot', () => {
  it.each(table.measures.map(({ measure, said }) => [measure.kind, measure, said] as const))('%s says on the phone what its PDF says', (_kind, measure, said) => {
    const letter = measureLetter(on, measure)
    agrees(letter, said)
    covers(letter, said)
  })

  it.each(table.own_remedies.measures.map(({ measure, said }) => [measure.kind, measure, said] as const))('%s tells of the remedies in the words of the region where it has its own', (_kind, measure, said) => {
    const visit = { ...table.package, profile: { ...table.package.profile, remedies: table.own_remedies.words } }
    const letter = measureLetter({ ...on, visit }, measure)
    expect(wordsOf(letter)).toContain(table.own_remedies.words)
    agrees(letter, said)
    covers(letter, said)
  })

  it('the list of evidence taken along, and each sampling form too', () => {
    agrees(takenLetter(on), table.taken)
    covers(takenLetter(on), table.taken)
    for (const { sample, said } of table.samples) {
      agrees(sampleLetter(on, sample), said)
      covers(sampleLetter(on, sample), said)
    }
  })

  it('the transcript asks and answers in the same words', () => {
    const paper = table.transcript.join('')
    for (const block of transcriptLetter(on, { from: null, to: null }).blocks) {
      if (block.kind === 'talk') expect(paper).toContain(plain(`问：${block.ask}答：${block.answer}`))
      if (block.kind === 'p' || block.kind === 'h') expect(paper).toContain(plain(block.text))
    }
  })

  it('leave no blank that somebody could fill in', () => {
    const bare: MeasureBody = { item: null, entry: null, kind: 'order_to_stop', form: 'written', text: '停', due_day: null, number: null, facts: null, breached: null, applied: null, ground: null }
    expect(wordsOf(measureLetter({ ...on, record: undefined }, bare)).join('')).toContain('违反了／的规定')
  })
})
