/** The record as the subject reads it: the same words in the same order as on the inspector's phone, from the same manifest. */
import { shortCode, type Manifest } from '../../rules/manifest'
import { kindOf, maskPhone, momentCn, partLines, photosOf, spanCn, type ItemLine, type PartLine } from '../../ui/recordWords'
import { el, type Leaf, type Tree } from './tree'

export function paper(manifest: Manifest, digest: string): Leaf {
  const { header } = manifest
  const parts = partLines(manifest)
  return el('article', 'paper',
    el('header', '', el('p', '', header.issuer), el('h2', '', header.form_name || '部门联合抽查情况记录表', manifest.supplement && '（补充）'), el('p', '', manifest.visit.visit_no)),
    el('table', '', el('tbody', '', head(manifest))),
    supplement(manifest),
    parts.map(partOf),
    photos(manifest, parts),
    el('div', 'seal', el('div', '', '核对码', el('div', 'digest', shortCode(digest).split(' ').map((four) => el('span', '', four))))),
  )
}

function head({ header }: Manifest): Leaf[] {
  const { task, subject } = header
  const one = (name: string | null, number: string | null): string => [name, number ? maskPhone(number) : null].filter(Boolean).join('　')
  const contact = subject.contact !== subject.legal_representative || subject.contact_phone !== subject.phone ? one(subject.contact, subject.contact_phone) : ''
  const person = one(subject.legal_representative, subject.phone)
  const row = (name: string, ...words: Parameters<typeof el>[2][]): Leaf => el('tr', '', el('th', '', name), el('td', '', ...words))
  const plan = `${task.plan_name}${task.seq === null ? '' : `　序号 ${task.seq}`}　${task.no}`
  return [
    row('抽查任务', task.name, el('br', ''), el('span', 'fact', plan)),
    row('检查对象', subject.name),
    subject.responsible && row('责任主体', `${subject.responsible.name}${subject.responsible.credit_code ? `　${subject.responsible.credit_code}` : ''}`),
    subject.credit_code && row('信用代码', subject.credit_code),
    row('对象类别', kindOf({ header } as Manifest)),
    row('住所、经营场所', subject.address),
    person && row('法定代表人（负责人）', person),
    contact && row('现场联系人', contact),
    row('时间', spanCn(header.from, header.to)),
    row('方式', header.methods.map(({ label }) => `☑${label}`).join('　')),
    row('本年度联合检查', `第 ${header.year_count} 次${header.cap === null ? '' : `（上限 ${header.cap} 次）`}`),
  ].filter((one_): one_ is Leaf => typeof one_ === 'object' && one_ !== null)
}

function supplement({ supplement: added }: Manifest): Leaf[] {
  if (!added) return []
  const codes = added.of.map((one) => shortCode(one).slice(0, 9)).join('、')
  return [
    el('h3', '', '补充了什么'),
    el('p', 'fact', `签过的记录保留，这一份另附在后面，与之前的核对码 ${codes} 相连。`),
    el('ol', '', added.changes.map((change) => el('li', '', change.reason))),
  ]
}

const wide = (...words: Parameters<typeof el>[2][]): Leaf => el('tr', '', el('td', { colspan: '2' }, ...words))

function partOf(part: PartLine): Leaf {
  return el('section', '', el('h3', '', part.title), el('table', '',
    part.items.map(itemOf),
    el('tbody', '',
      [...part.measures.map((one) => `措施：${one}`), ...part.rest].map((line) => wide(line)),
      part.transcript.map((line) => wide(`${line.label}：${line.text}`)),
      wide(`检查人员：${part.inspectors}`))))
}

function itemOf(item: ItemLine): Leaf {
  const lines = (words: readonly string[], before = ''): Tree[] => words.reduce<Tree[]>((all, line) => all.concat(el('br', ''), before + line), [])
  return el('tbody', '',
    wide(el('b', '', item.name),
      item.version !== null && [el('br', ''), el('span', 'fact', `检查表第 ${item.version} 版${item.basis ? `，${item.basis}` : ''}`)],
      item.added && [el('br', ''), el('span', 'fact', `现场增加：${item.added}`)]),
    item.entries.map((entry) => el('tr', entry.failed ? 'fail' : '',
      el('td', '', `${entry.no}　${entry.text}`, entry.told && [el('br', ''), entry.told],
        (entry.method || entry.basis) && [el('br', ''), el('span', 'fact', [entry.method, entry.basis].filter(Boolean).join('，'))]),
      el('td', 'ans', entry.answer))),
    wide('结果：', el('b', '', item.result), item.reason && [el('br', ''), `说明：${item.reason}`], lines(item.measures, '措施：'), lines(item.papers)))
}

function photos(manifest: Manifest, parts: readonly PartLine[]): Leaf[] {
  const all = photosOf(manifest)
  if (all.length === 0) return []
  const names = new Map(manifest.parts.flatMap((part) => part.inspectors.map(({ id, name }) => [id, name] as const)))
  const numbers = new Map(parts.flatMap((part) => part.items.flatMap((item) => item.entries.map((entry) => [`${item.id}/${entry.id}`, entry.no] as const))))
  return [
    el('h3', '', `照片（共 ${all.length} 张）`),
    el('ol', 'photos', all.map((photo) => el('li', '', el('p', '',
      `照片 ${photo.number}　${[photo.caption, photo.marked].filter(Boolean).join('。')}`, photo.entry && `（对应第 ${numbers.get(`${photo.item}/${photo.entry}`)} 条）`, el('br', ''),
      el('span', 'fact', `${momentCn(photo.taken_at)}　${names.get(photo.by) || ''}拍摄　${photo.hash.slice(0, 8)}…${photo.hash.slice(-8)}`))))),
  ]
}
