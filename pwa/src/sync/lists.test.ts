import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import type { Api } from '../api/client'
import { keepPage, type Page } from '../local/incoming'
import { listsOwed } from '../local/lists'
import { makeStore } from '../local/testStore'
import { packageOf, type Checklist } from '../local/visits'
import type { VisitPackage } from '../rules/package'
import { fetchAddable, wholePage } from './lists'

const list = (hash: string): Checklist => ({ id: `c-${hash}`, version: 1, hash, entries: [{ id: 'e1', no: '1', text: '示例' }] }) as unknown as Checklist
const named = (hash: string) => ({ id: `c-${hash}`, version: 1, hash })
const page = (over: Partial<Page> = {}): Page => ({
  epoch: '1', cursor: '1', checklists: [], operations: [], removed: [],
  visits: [{ id: 'v', subject: { kind: 'enterprise' }, parts: [{ department: { id: 'p', name: '' }, items: [{ id: 'i', checklist: named('aa') }] }] } as unknown as VisitPackage],
  ...over,
})

/** Answers with what it knows; counts what it was asked. */
function counterpart(known: string[], reached = true) {
  const asked: string[][] = []
  const call = async (path: string): Promise<Response> => {
    if (!reached) throw new TypeError('Failed to fetch')
    if (path.endsWith('/addable')) return new Response(JSON.stringify({ addable: { p: [{ id: 'j', kinds: [], checklist: named('bb') }, { id: 'k', kinds: ['site'], checklist: named('cc') }] } }))
    const hashes = new URL(path, 'http://x').searchParams.get('hashes')!.split(',')
    asked.push(hashes)
    return new Response(JSON.stringify({ checklists: hashes.filter((hash) => known.includes(hash)).map(list) }))
  }
  return { api: { call } as unknown as Api, asked }
}

describe('a package', () => {
  it('fetches the checklist that did not travel with it before it is kept', async () => {
    const store = await makeStore()
    const { api, asked } = counterpart(['aa'])
    await keepPage(store, await wholePage(api, store, page()))
    expect(asked).toEqual([['aa']])
    expect((await packageOf(store, 'v'))!.parts[0]!.items[0]!.checklist.entries).toHaveLength(1)
  })

  it('asks for nothing that came along or is known', async () => {
    const store = await makeStore()
    const { api, asked } = counterpart([])
    await keepPage(store, await wholePage(api, store, page({ checklists: [list('aa')] })))
    await wholePage(api, store, page({ cursor: '2' }))
    expect(asked).toEqual([])
  })

  it('is not there at all while its checklist cannot be had', async () => {
    const store = await makeStore()
    await expect(wholePage(counterpart([], false).api, store, page())).rejects.toThrow()
    expect(await packageOf(store, 'v')).toBeNull()
  })

  it('gets what may be added afterwards, also when the page was killed in between', async () => {
    const store = await makeStore()
    await keepPage(store, await wholePage(counterpart(['aa']).api, store, page()))
    expect((await packageOf(store, 'v'))!.parts[0]!.addable).toEqual([])
    await expect(fetchAddable(counterpart([], false).api, store)).rejects.toThrow()
    expect(await listsOwed(store)).toBe(true)
    const { api, asked } = counterpart(['bb', 'cc'])
    await fetchAddable(api, store)
    const addable = (await packageOf(store, 'v'))!.parts[0]!.addable!
    expect(addable.map(({ id, checklist }) => [id, checklist.entries.length])).toEqual([['j', 1]])
    await fetchAddable(api, store)
    expect(asked).toEqual([['bb', 'cc']])
    expect(await listsOwed(store)).toBe(false)
  })
})
