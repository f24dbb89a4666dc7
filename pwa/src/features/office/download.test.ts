import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Api } from '../../api/client'
import { download } from './download'

afterEach(() => vi.unstubAllGlobals())

describe('a file for the clerk', () => {
  it('is asked for as a file, for a workbook asked for as JSON is taken for a captive portal', async () => {
    const clicked: string[] = []
    const link = { href: '', download: '', click: () => clicked.push(link.download) }
    vi.stubGlobal('document', { createElement: () => link })
    vi.stubGlobal('URL', { createObjectURL: () => 'blob:1', revokeObjectURL: () => undefined })
    const call = vi.fn(async () => await Promise.resolve(new Response('PK', { headers: { 'Content-Type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } })))
    await download({ call } as unknown as Api, '/api/library-imports/1/refused.xlsx', '未导入的行.xlsx')
    expect(call).toHaveBeenCalledWith('/api/library-imports/1/refused.xlsx', { headers: { Accept: '*/*' } })
    expect(clicked).toEqual(['未导入的行.xlsx'])
  })
})
