import { error } from '@sveltejs/kit'

/** The form that a page was sent. Throws SvelteKit's 400 for anything that is none: that is the sender's fault, not ours. */
export function formOf(request: Request): Promise<FormData> {
  return request.formData().catch(() => error(400, 'This is not a form.'))
}
