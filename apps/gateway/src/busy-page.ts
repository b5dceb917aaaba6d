import type { ServerResponse } from 'node:http'

/**
 * Answers a person whose page cannot be made just now. The page is the same for everybody, carries nothing that would
 * have to be fetched, and opens the same address again by itself.
 *
 * @param awayMs how long it waits before it does
 */
export function writeBusyPage(response: ServerResponse, awayMs: number) {
  const awayS = Math.ceil(awayMs / 1000)
  response
    .writeHead(503, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-store',
      'retry-after': String(awayS),
    })
    .end(pageOf(awayS))
}

const words = {
  en: {
    title: 'Just a moment',
    text: 'Very many people are here right now. This page tries again by itself in a few seconds.',
    meanwhile: 'Your devices carry on meanwhile, and nothing is lost.',
  },
  de: {
    title: 'Einen Moment',
    text: 'Gerade sind sehr viele hier. Diese Seite versucht es in wenigen Sekunden von selbst noch einmal.',
    meanwhile: 'Deine Geräte laufen inzwischen weiter, und nichts geht verloren.',
  },
} as const

const pageOf = (awayS: number) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta http-equiv="refresh" content="${awayS}" />
    <title>${words.en.title}</title>
  </head>
  <body>
    <main>
      <h1>${words.en.title}</h1>
      <p>${words.en.text} ${words.en.meanwhile}</p>
      <h2 lang="de">${words.de.title}</h2>
      <p lang="de">${words.de.text} ${words.de.meanwhile}</p>
    </main>
  </body>
</html>
`
