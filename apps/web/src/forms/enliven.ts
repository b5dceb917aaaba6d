import { createSaving, type Saving, type SavingPhase, type SavingState } from '@homewatt/queries'
import { changeOf } from '#lib/settings-form.ts'
import type { SavingWords, SettingsPage } from './settings-page.ts'

type Control = HTMLInputElement

/** Ends after which what was typed stays, to be looked at; choices go back to what holds. */
const refusals: readonly SavingPhase[] = ['notTaken', 'unconfirmed', 'check', 'failed', 'tooSoon']

/** Lets a form save without leaving the page. What it shows is decided by `createSaving`. */
export function enliven(
  form: HTMLFormElement,
  { type, words }: SettingsPage,
  gateway: Pick<Parameters<typeof createSaving>[0], 'save' | 'known' | 'refetch' | 'refresh'>,
): Saving {
  const group = form.dataset['settings'] ?? ''
  const said = form.querySelector<HTMLElement>('[data-said]')
  const button = form.querySelector('button')
  /** Fields that somebody has touched, and that nothing from elsewhere may change under their hands. */
  const touched = new Set<string>()
  let phase: SavingPhase = 'idle'

  const saving = createSaving({
    ...gateway,
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    onChange: show,
  })

  form.addEventListener('input', ({ target }) => {
    const { name, dataset } = target as Control
    touched.add(name || (dataset['for'] ?? ''))
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (saving.state().phase === 'saving') return
    touched.clear()
    void saving.submit({ ...changeOf(type, group, new FormData(form)) })
  })

  function show(state: SavingState) {
    if (state.phase === 'signedOut') return location.reload()
    const isEnd = state.phase !== phase
    phase = state.phase
    const isRefused = refusals.includes(phase)
    for (const control of controlsOf(form)) {
      const { name } = control
      if (!(name in state.shown)) continue
      const value = state.shown[name]
      const isTyped = !isChoice(control)
      if (isTyped && isRefused && isEnd && control.value !== textOf(value)) touched.add(name)
      if (!touched.has(name)) put(control, value)
      note(control, state, isTyped && isRefused && touched.has(name) ? spoken(value) : null, words)
    }
    button?.setAttribute('aria-disabled', String(phase === 'saving'))
    if (!isEnd || !said) return
    said.setAttribute('role', isRefused ? 'alert' : 'status')
    said.dataset['phase'] = phase
    said.hidden = phase === 'idle'
    const isNamed = controlsOf(form).some(({ name }) => name in state.complaints)
    if (phase === 'idle') said.textContent = ''
    else if (phase === 'check' && !isNamed) said.textContent = words.refused
    else said.textContent = words[phase as Exclude<SavingPhase, 'idle' | 'signedOut'>]
    if (phase === 'check') form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }

  return saving
}

const controlsOf = (form: HTMLFormElement) =>
  [...form.elements].filter(
    (element): element is Control => element instanceof HTMLInputElement && element.name !== '',
  )

const isChoice = ({ type }: Control) => type === 'radio' || type === 'checkbox'

const textOf = (value: unknown) => (value === null || value === undefined ? '' : String(value))

/** As a sentence says it, and not as a field holds it. */
const spoken = (value: unknown) =>
  typeof value === 'number' ? value.toLocaleString(document.documentElement.lang) : textOf(value) || '–'

function put(control: Control, value: unknown) {
  if (control.type === 'checkbox') control.checked = value === true
  else if (control.type === 'radio')
    control.checked = control.value === (typeof value === 'boolean' ? (value ? 'on' : 'off') : value)
  else if (control.value !== textOf(value)) {
    control.value = textOf(value)
    // For the slider that goes with it; it does not rise to the form, which would take it for somebody's hand.
    control.dispatchEvent(new Event('input'))
  }
}

/** What is said at a field: what is wrong, and what holds while something else stands in it. */
function note(control: Control, { complaints }: SavingState, holds: string | null, words: SavingWords) {
  const code = complaints[control.name]
  const complaint =
    code === undefined
      ? ''
      : (words.complaint[code as keyof SavingWords['complaint']] ?? words.complaint.invalid)
  const now = holds === null ? '' : `${words.now} ${holds}.`
  // Of a choice there is one more than is wrong: what is said stands at all of it.
  if (!isChoice(control)) control.setAttribute('aria-invalid', String(code !== undefined))
  const place = document.getElementById(`${control.name}-wrong`)
  if (!place) return
  place.textContent = [complaint, now].filter(Boolean).join(' ')
  place.hidden = place.textContent === ''
}
