/** What does the badge at the top right say? The words for what waits, in one place, so that every screen says the same. */
import type { InjectionKey, Ref } from 'vue'
import type { IconName } from './icons'

export interface BadgeFacts {
  /** Operations and files that only this phone has. */
  waiting: number
  /** Files of the running round: already sent, and all of them; null when no file is on its way. */
  files: { sent: number; all: number } | null
  /** Everything has arrived and is in a finished backup. */
  safe: boolean
  /** Hours the oldest unsent thing has waited. */
  hours: number
  /** False while locked: then nobody counts. */
  shown: boolean
}

export interface BadgeFace {
  icon: IconName
  text: string
  spoken: string
  tone: 'plain' | 'safe' | 'late' | 'over'
}

export const BADGE: InjectionKey<Readonly<Ref<BadgeFacts>>> = Symbol('badge')

/** Unsent for 24 h is amber, for 72 h red (sync.md 7). */
export const LATE_HOURS = 24
export const OVER_HOURS = 72

export function badgeFace(facts: BadgeFacts): BadgeFace {
  const tone = facts.waiting === 0 ? 'plain' : facts.hours >= OVER_HOURS ? 'over' : facts.hours >= LATE_HOURS ? 'late' : 'plain'
  if (facts.files) {
    const { sent, all } = facts.files
    return { icon: 'up', text: `已传 ${sent}/${all}`, spoken: `正在传，已传 ${sent} 件，共 ${all} 件`, tone }
  }
  if (facts.waiting > 0) return { icon: 'phone', text: `待传 ${facts.waiting}`, spoken: `${facts.waiting} 项在本机待传`, tone }
  if (facts.safe) return { icon: 'safe', text: '已存妥', spoken: '全部已存妥', tone: 'safe' }
  return { icon: 'got', text: '已收到', spoken: '全部已收到', tone: 'plain' }
}
