// For pages of settings, which are sent and come back whole: a form is sent once and says that it is under way, and what
// was saved in one tab shows in the others, except where somebody is typing.

const saved = new BroadcastChannel('homewatt-saved')
const busy = document.querySelector('[data-busy]')
const STALE_MS = 60_000
let isTouched = false
let hiddenMs = Infinity

if (document.querySelector('[data-done]')) saved.postMessage(location.pathname)
saved.addEventListener('message', ({ data }) => data === location.pathname && open())

addEventListener('input', () => (isTouched = true))
addEventListener('submit', (event) => {
  if (busy.textContent) return event.preventDefault()
  isTouched = true
  busy.textContent = busy.dataset.busy
})
// A page that comes back by the browser's own "back" is as it was when it was left.
addEventListener('pageshow', () => (busy.textContent = ''))
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') hiddenMs = performance.now()
  else if (performance.now() - hiddenMs > STALE_MS) open()
})

/** Anew, and not as the answer to what was sent last. What was refused stays, for somebody is not done with it. */
function open() {
  if (isTouched || document.querySelector('main [role="alert"]')) return
  const page = new URL(location.href)
  page.searchParams.delete('done')
  if (page.search.startsWith('?/')) page.search = ''
  location.replace(page)
}
