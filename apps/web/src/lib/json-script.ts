/** Data for a script, as an element of a page. Only "<" can end it early, and in JSON that stands in strings only. */
export function jsonScript(id: string, data: unknown): string {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  return `<script type="application/json" id="${id}">${json}</` + 'script>'
}
