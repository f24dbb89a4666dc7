/** What is typed must not stand in the browser's own files: it writes down form fields to restore a tab, in plain text, unless told not to. */

/** Told as soon as somebody begins to type; fields that ask for something else (a password manager) have said so themselves. */
export function keepTypingUnseen(page: Document): void {
  page.addEventListener('focusin', ({ target }) => {
    const field = target as HTMLElement
    if (field.matches('input, textarea, select') && !field.hasAttribute('autocomplete')) field.setAttribute('autocomplete', 'off')
  }, { capture: true })
}
