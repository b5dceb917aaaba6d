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
    const subscription = await worker.pushManager.getSubscription()
    if (!subscription) return say('off')
    // A browser does not hear of it when its push service takes no more for it: only who sends there knows.
    say((await isKnown(subscription)) ? 'on' : 'lost')
  }

  async function turnOn() {
    say('busy')
    if ((await Notification.requestPermission()) !== 'granted') return show()
    const { key } = await (await fetch('/api/push/key')).json()
    await navigator.serviceWorker.ready
    const old = await worker.pushManager.getSubscription()
    // What nothing is sent to any more would be given out once more.
    if (old && !(await isKnown(old))) await old.unsubscribe()
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

async function isKnown({ endpoint }) {
  const answer = await ask('POST', '/api/push/subscription/known', { endpoint })
  // While nobody can say, what the browser says stands.
  return !answer.ok || (await answer.json()).is_known
}

const send = async (method, body) => (await ask(method, '/api/push/subscription', body)).ok

function ask(method, path, body) {
  return fetch(path, {
    method,
    headers: { 'content-type': 'application/json', 'x-homewatt': '1' },
    body: JSON.stringify(body),
  })
}

function trusted(path) {
  if (!window.trustedTypes) return path
  return window.trustedTypes
    .createPolicy('homewatt-worker', { createScriptURL: () => path })
    .createScriptURL(path)
}
