/** How does the user want this phone to look and feel? Chosen on this phone, known before any PIN, so in plain text; nothing of the work is in it. */
export const THEMES = { system: '跟随系统', light: '浅色', dark: '深色' } as const
export const SIZES = { 100: '标准', 125: '大', 150: '特大', 200: '最大' } as const
export interface Look { theme: keyof typeof THEMES; contrast: boolean; size: keyof typeof SIZES; buzz: boolean }

const PLACE = 'onevisit-look'
const USUAL: Look = { theme: 'system', contrast: false, size: 100, buzz: true }

export function lookHere(): Look {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Partial<Look>
    return { ...USUAL, ...(kept.theme && kept.theme in THEMES ? { theme: kept.theme } : {}), ...(kept.size && kept.size in SIZES ? { size: kept.size } : {}), contrast: kept.contrast === true, buzz: kept.buzz !== false }
  } catch {
    return { ...USUAL }
  }
}

export function showLook({ theme, contrast, size }: Look): void {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = theme
  if (contrast) root.dataset['contrast'] = 'more'
  else delete root.dataset['contrast']
  root.style.fontSize = size === 100 ? '' : `${size}%`
}

export function keepLook(look: Look): void {
  localStorage.setItem(PLACE, JSON.stringify(look))
  showLook(look)
}
