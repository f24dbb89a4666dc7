/** The page 我的任务: my visits by tab, searched, with how old what the phone knows is. */
import { computed, onScopeDispose, reactive, ref, shallowRef, toRaw, watch } from 'vue'
import { whereAmI, whereIfAllowed } from '../../local/position'
import { readSetting, writeSetting } from '../../local/settings'
import { useStore } from '../../local/usePhone'
import { useVisits } from '../../local/useVisits'
import type { Position } from '../../rules/package'
import { lawDay } from '../../rules/workdays'
import { useSync } from '../../sync/useSync'
import { distanceWords, grouped, metresTo, sorted, type Grouping, type Sort } from './arranging'
import { cardOf, matches, TABS, type Card, type Tab } from './sections'

export const TAB_WORDS: Record<Tab, string> = { today: '今天', week: '本周', returned: '退回', overdue: '逾期', later: '以后', done: '已完成' }

const ARRANGED = 'my_tasks_arranged'

export function useMyTasks() {
  const store = useStore()
  const sync = useSync()
  const { visits, loaded } = useVisits()
  const now = ref(store.now())
  const tab = ref<Tab>('today')
  const query = ref('')
  const here = shallowRef<Position | null>(null)
  const clock = setInterval(() => (now.value = store.now()), 60_000)
  onScopeDispose(() => clearInterval(clock))
  const arranged = reactive<{ sort: Sort; grouping: Grouping }>({ sort: 'day', grouping: 'none' })
  const asking = ref(false)
  void whereIfAllowed().then((fix) => (here.value ??= fix.position)).catch(() => undefined)
  void readSetting<typeof arranged>(store, ARRANGED).then((kept) => Object.assign(arranged, kept)).catch(() => undefined)
  watch(arranged, () => void writeSetting(store, ARRANGED, toRaw(arranged)).catch(() => undefined))
  // The phone is asked where it is when somebody wants to know what is near, and not before.
  watch(() => arranged.sort, async (sort) => {
    if (sort !== 'near' || here.value) return
    asking.value = true
    here.value = (await whereAmI(8_000, 300_000)).position
    asking.value = false
  })

  const today = computed(() => lawDay(now.value))
  const cards = computed(() => visits.value.map((my) => cardOf(my, store.account.inspector, today.value)))
  const ordered = computed(() => sorted(cards.value, arranged.sort, here.value))
  const byTab = computed(() => Object.fromEntries(TABS.map((name) => [name, ordered.value.filter((card) => belongs(card, name))])) as Record<Tab, Card[]>)
  const found = computed(() => (query.value.trim() ? ordered.value.filter(({ my }) => matches(my.visit.subject, query.value)) : null))
  const returned = computed(() => cards.value.flatMap((card) => card.returned))
  const counts = computed(() => Object.fromEntries(TABS.map((name) => [name, name === 'returned' ? returned.value.length : byTab.value[name].length])) as Record<Tab, number>)
  const status = computed(() => sync.value?.status.value ?? null)

  const kilometres = (card: Card): string | null => {
    const metres = metresTo(card, here.value)
    if (metres === null) return null
    return metres < 950 ? `${Math.max(50, Math.round(metres / 50) * 50)} 米` : `${(metres / 1000).toFixed(metres < 9_950 ? 1 : 0)} 公里`
  }

  const groupsOf = (shown: readonly Card[]) => grouped(shown, arranged.grouping)
  const unplaced = computed(() => (arranged.sort === 'near' ? distanceWords(cards.value, here.value, asking.value) : null))

  return { arranged, groupsOf, unplaced, loaded, now, today, tab, query, cards, byTab, found, returned, counts, status, kilometres, refresh: async () => await sync.value?.now() }
}

const belongs = (card: Card, tab: Tab): boolean => (tab === 'returned' ? card.returned.length > 0 : tab === 'week' ? card.tab === 'week' || card.tab === 'today' : card.tab === tab)
