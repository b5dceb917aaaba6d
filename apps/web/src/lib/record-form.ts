/** A field of a form about the home: what is typed into it, and how long or which it may be. */
export type RecordField = { readonly name: string; readonly isNeeded?: true } & (
  | { readonly kind: 'text'; readonly max: number }
  | { readonly kind: 'count' | 'decimal' }
  /** Values as the partner has them; `yes` and `no` stand for a boolean. */
  | { readonly kind: 'choice'; readonly options: readonly string[] }
)

export type Typed = Readonly<Record<string, string>>

/** Chosen for a value that the partner has and we have no words for: it stays. */
export const AS_IT_IS = 'as-it-is'

/** What stands in the fields for a record as it is; all blank for a new one. */
export function typedOf(fields: readonly RecordField[], record: object | null): Record<string, string> {
  const values = (record ?? {}) as Readonly<Record<string, unknown>>
  return Object.fromEntries(fields.map((field) => [field.name, textOf(field, values[field.name])]))
}

/** What was typed into a form, and what stood there before; the form carries both, whatever others change meanwhile. */
export type RecordEntry = { typed: Typed; was: Typed }

/** Prefix of the hidden field that says what stood in a field at first. */
export const WAS = 'was-'

/** What a form holds, blank where it holds nothing. */
export function entryIn(fields: readonly RecordField[], form: FormData): RecordEntry {
  const textIn = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const read = (prefix: string) => Object.fromEntries(fields.map(({ name }) => [name, textIn(prefix + name)]))
  return { typed: read(''), was: read(WAS) }
}

/**
 * The body of a write that makes a record what was typed. What was left as it stood is left out, so that nobody else's
 * change is undone by the way; what cannot be read goes as it was typed, for the gateway to refuse it at its field.
 */
export function changeIn(fields: readonly RecordField[], { typed, was }: RecordEntry) {
  const changed = fields.filter(
    ({ name, isNeeded }) => isNeeded || (typed[name] !== was[name] && typed[name] !== AS_IT_IS),
  )
  return Object.fromEntries(changed.map((field) => [field.name, valueOf(field, typed[field.name] ?? '')]))
}

function textOf(field: RecordField, value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = value === true ? 'yes' : value === false ? 'no' : String(value as string | number)
  return field.kind === 'choice' && !field.options.includes(text) ? AS_IT_IS : text
}

function valueOf(field: RecordField, text: string): string | number | boolean | null {
  if (field.isNeeded) return text
  if (text === '') return null
  if (field.kind === 'text') return text
  if (field.kind === 'choice') return text === 'yes' ? true : text === 'no' ? false : text
  const value = Number(text.replace(',', '.'))
  return Number.isNaN(value) ? text : value
}
