// Turns messages to this browser on and off. The page says all its words; this only shows the ones that are true.

const box = document.querySelector('[data-push]')
if (box) void start(box)

async function start(box) {
  const say = (state) => {
    for (const part of box.querySelectorAll('[data-when]'))
      part.hidden = !part.dataset.when.split(' ').includes(state)
  }
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return say('unsupported')
  const worker = await navigator.serviceWorker.register(trusted('/sw.js')).catch(() => null)
  if (!worker) return say('unsupported')

  async function show() {
    if (Notification.permission === 'denied') return say('denied')
    say((await worker.pushManager.getSubscription()) ? 'on' : 'off')
  }

  async function turnOn() {
    say('busy')
    if ((await Notification.requestPermission()) !== 'granted') return show()
    const { key } = await (await fetch('/api/push/key')).json()
    await navigator.serviceWorker.ready
    const subscription = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: key,
    })
    const { endpoint, keys } = subscription.toJSON()
    const isTaken = await send('PUT', { endpoint, keys })
    if (!isTaken) await subscription.unsubscribe()
    say(isTaken ? 'on' : 'failed')
  }

  async function turnOff() {
    say('busy')
    const subscription = await worker.pushManager.getSubscription()
    if (subscription) {
      await send('DELETE', { endpoint: subscription.endpoint })
      await subscription.unsubscribe()
    }
    say('off')
  }

  box.querySelector('[data-turn="on"]').addEventListener('click', () => turnOn().catch(() => say('failed')))
  box.querySelector('[data-turn="off"]').addEventListener('click', () => turnOff().catch(() => say('failed')))
  await show()
}

async function send(method, body) {
  const answer = await fetch('/api/push/subscription', {
    method,
    headers: { 'content-type': 'application/json', 'x-homewatt': '1' },
    body: JSON.stringify(body),
  })
  return answer.ok
}

function trusted(path) {
  if (!window.trustedTypes) return path
  return window.trustedTypes
    .createPolicy('homewatt-worker', { createScriptURL: () => path })
    .createScriptURL(path)
}
