import { fileURLToPath } from 'node:url'
import type { DeviceType } from '@homewatt/contract'
import { expect } from 'vitest'
import type { Phrases } from './fault-rows.test-support.ts'
import type { House, Person } from './house.test-support.ts'
import { sendAsWritten } from './whole-house.test-support.ts'

/** Where the built web app is; `npm test` builds it first. */
export const webBuild = fileURLToPath(new URL('../../web/build', import.meta.url))

export type Language = 'en' | 'de'

/** A page as the server renders it, read as a person reads it. */
export type ShownPage = {
  status: number
  /** All text, with ordinary spaces. */
  text: string
  /** What does not change with the values: headings, notices, the ages' levels, and buttons with what they allow. */
  signs: string[]
  html: string
}

/** The page of somebody who is signed in, without script. */
export async function pageOf(
  house: Pick<House, 'url'>,
  person: Pick<Person, 'cookie'>,
  path = '/',
  language: Language = 'en',
): Promise<ShownPage> {
  return readPage(await sendAsWritten(house.url, 'GET', path, headersOf(person, language)))
}

/** Sends a form of a page as a browser without script does. */
export async function postForm(
  house: House,
  person: Pick<Person, 'cookie'>,
  path: string,
  fields: Record<string, string>,
  language: Language = 'en',
): Promise<ShownPage> {
  const answer = await sendAsWritten(
    house.url,
    'POST',
    path,
    {
      ...headersOf(person, language),
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'http://localhost:3000',
    },
    new URLSearchParams(fields).toString(),
  )
  return readPage(answer)
}

/** `pageOf`, and lets time pass until the answer is there. */
export const pageInTime = (house: House, ...asked: DropFirst<Parameters<typeof pageOf>>) =>
  inTime(house, pageOf(house, ...asked))

/** `postForm`, likewise. */
export const postFormInTime = (house: House, ...form: DropFirst<Parameters<typeof postForm>>) =>
  inTime(house, postForm(house, ...form))

type DropFirst<All extends unknown[]> = All extends [unknown, ...infer Others] ? Others : never

async function inTime<T>({ time }: House, answer: Promise<T>): Promise<T> {
  let isThere = false
  void answer.finally(() => (isThere = true))
  while (!isThere) await time.advance(500)
  return answer
}

/** Lets time pass until the Partner API has been asked for devices of a type once more. */
export async function untilAsked({ time }: House, person: Person, type: DeviceType) {
  const askedAt = async () => (await person.home()).groups[type].asked_at
  const before = await askedAt()
  while ((await askedAt()) === before) await time.advance(5_000)
}

/** Asserts that a page says all of this, in both languages. */
export async function expectShown(
  house: House,
  person: Pick<Person, 'cookie'>,
  phrases: Phrases,
  path = '/',
) {
  if (phrases === null) throw new TypeError('This row shows nothing: compare the signs of the page instead.')
  for (const language of ['en', 'de'] as const) {
    const { text } = await pageOf(house, person, path, language)
    for (const phrase of phrases[language]) expect(text).toContain(phrase)
  }
}

const headersOf = ({ cookie }: Pick<Person, 'cookie'>, language: Language) => ({
  host: 'localhost:3000',
  cookie: `${cookie}; lang=${language}`,
  accept: 'text/html',
})

function readPage({ status, body }: { status: number; body: string }): ShownPage {
  const html = body.replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, '')
  const all = (pattern: RegExp) => [...html.matchAll(pattern)].map(([whole, inner]) => textOf(inner ?? whole))
  return {
    status,
    html: body,
    text: textOf(html),
    signs: [
      ...all(/<h[1-3][^>]*>([\s\S]*?)<\/h[1-3]>/g),
      ...all(/<div class="notice[\s\S]*?<\/div>/g),
      ...[...html.matchAll(/data-level="(\w+)"/g)].map(([, level]) => `level ${level}`),
      ...[...html.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)].map(
        ([, attributes, inner]) =>
          `${textOf(inner ?? '')}${/ disabled/.test(attributes ?? '') ? ' (off)' : ''}`,
      ),
    ],
  }
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
}

const textOf = (html: string) =>
  html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim()
