/** How does every transcript begin? The same questions as on paper (visits/paper_letters.py). */

export const openingOf = (department: string): string => `我们是${department}执法人员，这是我们的执法证件，请核对。`
export const RIGHTS = '你有权陈述、申辩，也有权申请与你有直接利害关系的人员回避。是否清楚？'
export const RECUSAL = '是否申请检查人员回避？'
export const READ_AND_RIGHT = '以上内容已由本人逐页阅看（或听读），与所述一致。'
