/** Does the page read what people type off a paper? */
import { describe, expect, it } from 'vitest'
import { readTyped } from './typed'

const CODE = '3bb7ec072cfec06bd4512f076b3a5593'

describe('what is typed off a paper', () => {
  it.each(['3bb7 ec07 2cfe c06b d451 2f07 6b3a 5593', '３ＢＢ７-EC07-2CFE-C06B-D451-2F07-6B3A-5593', ` ${CODE} `])('takes %s for the code', (typed) => {
    expect(readTyped(typed)).toEqual({ asked: CODE })
  })
  it('takes the address in the QR code', () => {
    expect(readTyped('https://example.cn/public/genuine/Ab-9_x?y=1')).toEqual({ asked: 'Ab-9_x' })
  })
  it.each([['', '请输入'], ['3bb7 ec07', '还差 24 位'], [`${CODE}0`, '多了 1 位'], ['3bb7 ecO7', '没有“o”']])('says what is wrong with "%s"', (typed, why) => {
    expect(readTyped(typed)).toMatchObject({ asked: null, why: expect.stringContaining(why) as unknown })
  })
})
