// Looks from time to time whether a page that waits for something has come further, or says something else of the
// waiting, and opens it anew then. Nobody is disturbed in between: reading, zooming and the focus stay where they are.

const waiting = document.querySelector('[data-step][data-again-s]')
if (waiting) setTimeout(look, waiting.dataset.againS * 1000)

async function look() {
  const page = await fetch(location.href, { credentials: 'same-origin' })
    .then((answer) => (answer.ok ? answer.text() : ''))
    .catch(() => '')
  const [, step, wait] = / data-step="(\w+)" data-wait="(\w+)"/.exec(page) ?? []
  if (step && (step !== waiting.dataset.step || wait !== waiting.dataset.wait)) location.reload()
  else setTimeout(look, waiting.dataset.againS * 1000)
}
