import { createGatewayApi, createSettingsApi, liveHome } from '@homewatt/queries'
import { enliven } from './enliven.ts'
import type { SettingsPage } from './settings-page.ts'

const data = document.getElementById('settings-page')?.textContent
if (data) start(JSON.parse(data) as SettingsPage)

/** Lets each form of the page save without leaving it, and follow what is decided elsewhere. */
function start(page: SettingsPage) {
  const { type, id } = page
  const gateway = { fetch: fetch.bind(window) }
  const settings = createSettingsApi(gateway)
  const live = liveHome({
    api: createGatewayApi(gateway),
    onChange: ({ signedOut }) => {
      if (signedOut) location.reload()
      for (const form of forms) form.hear()
    },
  })
  const forms = [...document.querySelectorAll<HTMLFormElement>('form[data-settings]')].map((form) =>
    enliven(form, page, {
      save: (change, signal) => settings.saveDevice(type, id, change, { signal }),
      known() {
        const group = live.state().snapshot?.groups[type]
        const device = group?.devices.find((one) => one.id === id)
        if (!group || !device) return null
        return { values: { ...device }, askedAt: group.asked_at, isBlocked: group.problem !== null }
      },
      refetch: live.refetch,
      refresh: live.refresh,
    }),
  )
  live.start()
}
