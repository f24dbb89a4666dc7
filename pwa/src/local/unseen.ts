/** What is typed must not stand in the browser's own files: it writes down form fields to restore a tab, in plain text, unless told not to. */

const FORM = 'unseen'
const FIELDS = 'input, textarea, select'

/** Every field is told as it appears, for what was typed before stands in it again; those that ask for something else (a password manager) have said so. */
export function keepTypingUnseen(page: Document): void {
  // An input is asked itself; a text area or a choice is asked through its form, so those without one get an empty one.
  const form = Object.assign(page.createElement('form'), { id: FORM, autocomplete: 'off', hidden: true })
  page.body.append(form)
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue
        if (node.matches(FIELDS)) tell(node)
        else node.querySelectorAll(FIELDS).forEach(tell)
      }
    }
  }).observe(page.body, { childList: true, subtree: true })
}

function tell(field: Element): void {
  if (field instanceof HTMLInputElement) {
    if (!field.hasAttribute('autocomplete')) field.autocomplete = 'off'
  } else if (!(field as HTMLTextAreaElement).form) field.setAttribute('form', FORM)
}
