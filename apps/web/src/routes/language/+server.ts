import { redirect } from '@sveltejs/kit'
import { isLanguage } from '#lib/server/language-of.ts'
import { formOf } from '#lib/server/form-of.ts'
import type { RequestHandler } from './$types'

const YEAR_S = 365 * 24 * 3600

export const POST: RequestHandler = async ({ request, cookies, url }) => {
  const form = await formOf(request)
  const lang = form.get('lang')
  if (typeof lang === 'string' && isLanguage(lang)) {
    cookies.set('lang', lang, {
      path: '/',
      maxAge: YEAR_S,
      sameSite: 'lax',
      httpOnly: true,
      secure: url.protocol === 'https:',
    })
  }
  redirect(303, ownPath(form.get('back')))
}

/** Only a path of our own, or the form would send people anywhere. */
function ownPath(back: FormDataEntryValue | null): string {
  return typeof back === 'string' && /^\/(?![/\\])[\w\-/()]*(\?[\w\-=&]*)?$/.test(back) ? back : '/'
}
