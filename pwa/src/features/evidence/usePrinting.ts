/** On which paper is a letter printed: A4 or a roll of 58 or 80 mm. A roll's page is as long as the letter. */
import { onScopeDispose, ref, watch } from 'vue'
import { readSetting, writeSetting } from '../../local/settings'
import { useStore } from '../../local/usePhone'

export type Roll = 'a4' | '80' | '58'
export const ROLLS: [Roll, string][] = [['a4', 'A4'], ['80', '80 毫米'], ['58', '58 毫米']]
const CLASS = 'onevisit-roll'
const PX_PER_MM = 96 / 25.4

export function usePrinting() {
  const store = useStore()
  const roll = ref<Roll>('a4')
  void readSetting<Roll>(store, 'print_roll').then((kept) => { if (kept) roll.value = kept }).catch(() => undefined)
  watch(roll, (now) => void writeSetting(store, 'print_roll', now).catch(() => undefined))

  /** Lays the sheet out at the roll's width, measures it, prints, and takes all of it back. */
  function print(sheet: HTMLElement): void {
    let rules = '@page { size: A4; margin: 18mm 20mm; }'
    if (roll.value !== 'a4') {
      const width = Number(roll.value)
      const inner = width - 6
      sheet.classList.add(CLASS)
      sheet.style.width = `${inner}mm`
      const length = Math.ceil(sheet.scrollHeight / PX_PER_MM) + 12
      rules = `@page { size: ${width}mm ${length}mm; margin: 3mm; } @media print { .${CLASS} { width: ${inner}mm !important; } }`
    }
    // A sheet of rules that is no inline style: the app's own policy lets no inline style through.
    const style = new CSSStyleSheet()
    style.replaceSync(rules)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, style]
    const after = (): void => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== style)
      sheet.classList.remove(CLASS)
      sheet.style.width = ''
      window.removeEventListener('afterprint', after)
    }
    window.addEventListener('afterprint', after)
    onScopeDispose(after, true)
    window.print()
  }
  return { roll, print }
}
