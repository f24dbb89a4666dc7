/** What lists can be brought, in the words of the pages that bring them. */
export interface ImportedList {
  title: string
  back: string
  backLabel: string
  hint: string
  kept: string
  see: string
}

const LISTS: Record<string, ImportedList> = {
  subjects: { title: '检查对象名录', back: '/office/subjects', backLabel: '检查对象', hint: 'Excel（xlsx、xls）或 CSV，可达一百万行。现在不写入任何内容。', kept: '名录库', see: '查看名录库' },
  inspectors: { title: '执法检查人员名录', back: '/office/inspectors', backLabel: '执法人员', hint: 'Excel（xlsx、xls）或 CSV。现在不写入任何内容。', kept: '名录库', see: '查看名录库' },
  risk: { title: '信用风险分类名单', back: '/office/subjects/scales', backLabel: '等级表', hint: 'Excel 或 CSV，列：名称或统一社会信用代码、等级、评定单位、评定日期。只改名录库里已有的对象。', kept: '信用风险', see: '查看检查对象' },
  grades: { title: '部门评级名单', back: '/office/subjects/scales', backLabel: '等级表', hint: 'Excel 或 CSV，列：名称或统一社会信用代码、等级、评定单位、评定日期、有效期至。只评本部门名录里已有的对象。', kept: '部门评级', see: '查看检查对象' },
  items: { title: '抽查事项清单', back: '/office/items', backLabel: '事项与检查表', hint: 'Excel 或 CSV；导出的清单可以改好再导入。工作簿里有“检查表”工作表的，检查表一并比较。', kept: '事项清单', see: '查看事项清单' },
}
const SEEN: Record<string, string> = { risk: '/office/subjects', grades: '/office/subjects' }

export const listNamed = (name: string): ImportedList => LISTS[name] ?? LISTS['subjects']!
export const seenAt = (name: string): string => SEEN[name] ?? listNamed(name).back
export const importsAt = (name: string, scale?: string | null): string => `/office/${name}/import${scale ? `?scale=${scale}` : ''}`
