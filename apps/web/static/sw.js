// Shows the messages that the gateway sends, also when no page is open. Keeps nothing: no page, no answer, no asset.

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('push', (event) => {
  const { title, body, tag, url, lang } = event.data.json()
  event.waitUntil(
    self.registration.showNotification(title, { body, tag, lang, icon: '/favicon.svg', data: { url } }),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(new URL(event.notification.data.url, self.location.origin)))
})

/** The page of the message, in a window of ours that is open if there is one. Never another site's. */
async function open(url) {
  if (url.origin !== self.location.origin) return
  const windows = await self.clients.matchAll({ type: 'window' })
  const [first] = windows
  if (first && 'navigate' in first) {
    await first.focus()
    await first.navigate(url.href)
  } else await self.clients.openWindow(url.href)
}
