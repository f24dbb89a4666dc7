/** What is written into a measure: phrases to start from, grounds, how its due day is said. */
import type { MeasureBody, MeasureKind } from '../../rules/bodies'
import { dateWords, weekdayWords } from '../../ui/dayWords'

/** Starting points; what is written stays the inspector's own sentence. */
export const PHRASES: Record<MeasureKind, readonly string[]> = {
  rectification_order: ['按规定补办手续', '修复设备，保留记录', '补齐台账，专人负责', '撤下不合格的，停止使用', '改好后上传照片'],
  order_to_stop: ['立即停止上述行为', '停止使用有关设备', '停止有关经营活动，等待处理'],
  urge_to_rectify: ['尽快整改，留存记录', '按承诺的时间改好'],
  advice: ['请留意证件到期日，提前办理延续', '请完善制度并培训人员', '请按时公示应当公示的信息'],
  policy_explained: ['已当面宣讲与经营有关的法律法规和惠企政策'],
}

/** What the inspector is asked to write. */
export const ASKS: Record<MeasureKind, string> = { rectification_order: '怎样改', order_to_stop: '停止什么', urge_to_rectify: '怎样改', advice: '提醒什么', policy_explained: '讲了什么' }

/** Grounds on which a reminder stands in the place of a penalty (行政处罚法 art. 33). */
export const GROUNDS = ['首次违法，后果轻微，已及时改正', '违法行为轻微并及时改正，没有造成危害后果', '没有违法行为，提醒预防'] as const

export const dueSentence = (measure: Pick<MeasureBody, 'kind' | 'due_day'>, today: string): string => {
  if (!measure.due_day) return ''
  return measure.due_day === today ? '当场改正' : `${dateWords(measure.due_day)}（${weekdayWords(measure.due_day)}）前改正`
}
