import type { Building, EnergyContract, Reading } from '@homewatt/contract'
import { expect, test } from 'vitest'
import { openHouse, type Person } from './house.test-support.ts'
import { pageInTime, webBuild } from './page.test-support.ts'

/** Words that are the same in both languages, besides names. */
const shared = ['Solar', 'Boost', 'Min', 'ECO', 'Wallbox', 'Online', 'Name', 'Bungalow', 'kW', 'kWh', 'km']
/** The names of the languages stand there in the language they name. */
const languageNames = ['English', 'Deutsch']

test('no page that links lead to says in German what it says in English', async () => {
  const house = await openHouse({ webBuild })
  try {
    for (const home of ['full', 'empty', 'reconnect']) {
      const person = await house.signIn(home)
      const names = await namesIn(person)
      const alike = new Set<string>()
      const paths = new Set(['/', '/connect/return', '/actions/return', '/unsubscribe?token=x', '/nowhere'])
      for (const path of paths) {
        const [english, german] = [
          (await pageInTime(house, person, path, 'en')).html,
          (await pageInTime(house, person, path, 'de')).html,
        ]
        const inGerman = new Set(saidIn(german))
        for (const said of saidIn(english))
          if (inGerman.has(said) && !names.some((name) => said.includes(name))) alike.add(said)
        for (const [, href = ''] of english.matchAll(/<a [^>]*href="(\/[^"#]*)"/g))
          if (href !== '/demo') paths.add(href)
      }
      expect(
        [...alike].filter((said) => ![...shared, ...languageNames].includes(said)),
        home,
      ).toEqual([])
      expect(paths.size).toBeGreaterThan(10)
    }
  } finally {
    await house.close()
  }
})

/** What people and manufacturers have named. */
async function namesIn(person: Person): Promise<string[]> {
  const { groups } = await person.home()
  const devices = Object.values(groups).flatMap((group): readonly Reading[] => group.devices)
  const { buildings } = (await (await person.get('/api/buildings')).json()) as { buildings: Building[] }
  const { contracts } = (await (await person.get('/api/energy-contracts')).json()) as {
    contracts: EnergyContract[]
  }
  return [
    'Homewatt',
    ...devices.map(({ model }) => model ?? ''),
    ...buildings.flatMap(({ name, town }) => [name ?? '', town ?? '']),
    ...contracts.map(({ supplier }) => supplier ?? ''),
  ].filter((name) => name !== '')
}

/** Everything with a word in it that eyes or ears are given. */
function saidIn(html: string): string[] {
  const body = html.replace(/<(head|script|style)\b[\s\S]*?<\/\1>/g, '').replace(/<!--[\s\S]*?-->/g, '')
  const texts = [
    ...body.matchAll(/>([^<]+)</g),
    ...body.matchAll(/(?:aria-label|title|placeholder)="([^"]+)"/g),
  ]
  return texts
    .map(([, text = '']) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => /[a-z]{2}/i.test(text))
}
