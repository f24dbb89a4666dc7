/** What is typed must not stand in the browser's own files: it writes down form fields to restore a tab, in plain text, unless told not to. */

const FORM = 'unseen'

/** Told as soon as somebody begins to type; fields that ask for something else (a password manager) have said so themselves. */
export function keepTypingUnseen(page: Document): void {
  // An input is asked itself; a text area or a choice is asked through its form, so those without one get an empty one.
  const form = Object.assign(page.createElement('form'), { id: FORM, autocomplete: 'off', hidden: true })
  page.body.append(form)
  page.addEventListener('focusin', ({ target }) => {
    const field = target as HTMLElement
    if (field instanceof HTMLInputElement) {
      if (!field.hasAttribute('autocomplete')) field.autocomplete = 'off'
    } else if ((field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) && field.form === null) field.setAttribute('form', FORM)
  }, { capture: true })
}
