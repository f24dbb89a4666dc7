/** 本人手机签署: the subject opens the link, reads what will be kept, objects or not, signs, and keeps the record. No account, no app. */
import './older'
import { padOf } from './pad'
import { paper } from './paper'
import { begin, Refusal, sign, token, type Opened } from './server'
import { drawn, el, type Leaf, type Tree } from './tree'

const page = document.getElementById('page')!
/** What he has said so far; a wrong turn loses nothing. */
const said = { objects: false, objection: '', name: '', role: '', stamp: '' }

function show(...trees: (Tree | false | null)[]): void {
  page.textContent = ''
  for (const tree of trees) if (tree) page.appendChild(drawn(tree))
  window.scrollTo(0, 0)
}
const button = (id: string, label: string, names = 'next'): Leaf => el('button', { type: 'button', id, class: names }, label)
function on(id: string, event: string, act: () => void): void {
  const element = document.getElementById(id)
  if (element) element.addEventListener(event, act)
}
const valueOf = (id: string): string => (document.getElementById(id) as HTMLInputElement | null)?.value ?? ''
const normal = (text: string): string => text.normalize('NFC').trim()

function start(): void {
  if (!token()) return show(el('h1', '', '请扫二维码打开'), el('p', '', '这个网址不完整。请用手机扫执法人员手机上的二维码，从那里打开这一页。'))
  show(
    el('h1', '', '核对并签署检查记录'),
    el('p', '', '执法人员请您在自己的手机上看记录、签字。不用登录，不用装应用。'),
    el('ul', 'plain', el('li', '', '打开后 30 分钟内有效。'), el('li', '', '只能在打开它的这个浏览器里签，换一个要重新扫码。'), el('li', '', '您看到的就是要保存的，一字不差。有不同意见可以写进去。')),
    el('div', 'foot', button('begin', '开始核对')),
  )
  on('begin', 'click', () => void open())
}

async function open(): Promise<void> {
  wait('begin', '正在打开…')
  try {
    const opened = await begin()
    if (opened.state === 'signed') return done(opened)
    said.name = said.name || (opened.signer ? opened.signer.name : '')
    said.role = said.role || (opened.signer ? opened.signer.role : '')
    read(opened)
  } catch (error) {
    refuse(error, () => void open())
  }
}

function wait(id: string, words: string): void {
  const element = document.getElementById(id) as HTMLButtonElement | null
  if (element) [element.disabled, element.textContent] = [true, words]
}

function refuse(error: unknown, again: () => void): void {
  const told = error instanceof Refusal ? error : new Refusal('这一页出了错。请关掉它，重新扫码打开。', false)
  show(el('h1', '', told.again ? '没有打开' : '这里不能签'), el('p', { class: 'note bad', role: 'alert' }, told.detail), told.again && el('div', 'foot', button('again', '再试一次')))
  on('again', 'click', again)
}

function read(opened: Opened): void {
  const until = opened.expires_at ? new Date(opened.expires_at) : null
  const clock = until ? `${('0' + until.getHours()).slice(-2)}:${('0' + until.getMinutes()).slice(-2)}` : ''
  show(
    el('p', 'hint', '请看完再签。', clock && `${clock} 前有效。`),
    paper(opened.manifest!, opened.digest),
    el('h2', '', '您的意见'),
    el('div', { class: 'pair', role: 'group', 'aria-label': '意见' }, el('button', { type: 'button', id: 'agree', 'aria-pressed': String(!said.objects) }, '无异议'), el('button', { type: 'button', id: 'object', 'aria-pressed': String(said.objects) }, '有异议')),
    said.objects && el('label', '', '您不同意的地方，会写进记录', el('textarea', { id: 'objection', rows: '3', maxlength: '2000' }, said.objection)),
    el('h2', '', '谁来签'),
    el('label', '', '姓名', el('input', { id: 'name', maxlength: '50', autocomplete: 'name', value: said.name })),
    el('div', { class: 'roles', role: 'group', 'aria-label': '身份' }, opened.roles.map((role) => el('button', { type: 'button', 'data-role': role.code, 'aria-pressed': String(role.code === said.role) }, role.label))),
    opened.stamp_reason && el('label', '', '本地要求签字并盖章。印章不在手边的，写明原因', el('input', { id: 'stamp', maxlength: '200', value: said.stamp, placeholder: '例如：本人手机签署，印章在总店' })),
    el('p', { id: 'told', class: 'bad', role: 'alert' }),
    el('div', 'foot', button('sign', said.objects ? '附上异议，去签字' : '无异议，去签字')),
  )
  const keep = (): void => {
    said.name = valueOf('name')
    if (opened.stamp_reason) said.stamp = valueOf('stamp')
    if (said.objects) said.objection = valueOf('objection')
  }
  const turn = (objects: boolean): void => {
    keep()
    const place = window.pageYOffset
    said.objects = objects
    read(opened)
    window.scrollTo(0, place)
    const field = document.getElementById('objection')
    if (field) field.focus()
  }
  on('agree', 'click', () => turn(false))
  on('object', 'click', () => turn(true))
  for (const one of Array.from(page.querySelectorAll('[data-role]'))) {
    one.addEventListener('click', () => {
      said.role = one.getAttribute('data-role') || ''
      for (const other of Array.from(page.querySelectorAll('[data-role]'))) other.setAttribute('aria-pressed', String(other === one))
    })
  }
  on('sign', 'click', () => {
    keep()
    const why = missing(opened)
    if (why) return void (document.getElementById('told')!.textContent = why)
    write(opened)
  })
}

function missing(opened: Opened): string | null {
  if (!normal(said.name)) return '请写签字人的姓名。'
  if (!said.role) return '请选签字人的身份。'
  if (said.objects && !normal(said.objection)) return '请写下异议，或改选“无异议”。'
  return opened.stamp_reason && !normal(said.stamp) ? '请写明印章为什么不在手边。' : null
}

function write(opened: Opened): void {
  show(
    el('div', 'sheet',
      el('p', 'who', `请${normal(said.name)}签字`, el('small', '', opened.short_code)),
      el('div', { class: 'pad', id: 'pad' }),
      el('p', { id: 'told', class: 'bad', role: 'alert' }),
      el('div', 'three', button('back', '回去看', 'quiet'), button('redo', '重写', 'quiet'), button('done', '签好了'))),
  )
  const finished = document.getElementById('done') as HTMLButtonElement
  const pad = padOf((some) => (finished.disabled = !some))
  finished.disabled = true
  pad.element.setAttribute('aria-label', '签字处')
  document.getElementById('pad')!.appendChild(pad.element)
  on('back', 'click', () => read(opened))
  on('redo', 'click', pad.clear)
  on('done', 'click', () => {
    const taken = pad.take()
    if (taken) void send(opened, taken)
  })
}

async function send(opened: Opened, taken: { strokes: number[][][]; png: string }): Promise<void> {
  const finished = document.getElementById('done') as HTMLButtonElement
  finished.disabled = true
  finished.textContent = '正在存…'
  try {
    done(await sign({
      digest: opened.digest, signer: { name: normal(said.name), role: said.role },
      objection: said.objects ? normal(said.objection) : null, no_stamp_reason: opened.stamp_reason ? normal(said.stamp) : null, ...taken,
    }))
  } catch (error) {
    const told = error instanceof Refusal ? error : new Refusal('没有存上，请再点一次“签好了”。', true)
    // The strokes stay on the pad: nothing was recorded.
    if (!told.again) return refuse(told, () => undefined)
    document.getElementById('told')!.textContent = told.detail
    finished.disabled = false
    finished.textContent = '签好了'
  }
}

function done(signed: Opened): void {
  show(
    el('h1', '', '签好了，记录已保存'),
    el('p', '', '您可以把手机收好了。核对码和执法人员手机上的一样，以后凭它核对记录有没有被改过。'),
    el('div', 'code', signed.short_code.split(' ').map((four) => el('b', '', four))),
    signed.record_url && el('p', '', el('a', { class: 'next', href: signed.record_url }, '打开记录（PDF），留存')),
    el('p', 'hint', '记录要一两分钟生成，各部门执法人员签完后会换成签全的一份。这一页可以再打开，随时再看。'),
  )
}

start()
