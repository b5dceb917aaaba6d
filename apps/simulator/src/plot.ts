import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { minuteOfLocal, localTime } from './calendar.ts'
import { createHistory, type Life } from './history.ts'
import { at, type Column } from './homes/ledger.ts'
import { createWorld } from './world.ts'

/** A home that cannot be drawn, in one sentence. */
export class PlotUnusable extends Error {
  override name = 'PlotUnusable'
}

/** Draws a week of January and one of July of a home as SVG, for eyes that know houses. Gives the files. */
export async function plotWeeks(options: { seed: number; home: string; folder: string }): Promise<string[]> {
  const { seed, home: name, folder } = options
  await mkdir(folder, { recursive: true })
  const files: string[] = []
  for (const [season, monday] of [
    ['winter', '2026-01-12'],
    ['summer', '2026-07-06'],
  ] as const) {
    const startMs = Date.parse('2026-11-01T00:00:00Z')
    const world = createWorld({
      seed,
      homes: Number(/^home-(\d+)$/.exec(name)?.[1] ?? 8),
      startMs,
      recorded: [],
    })
    const home = world.homeNamed(name, startMs)
    const [device] = home?.devices ?? []
    if (!home || !device) throw new PlotUnusable(`There is no home ${name} with devices; try full.`)
    const life = createHistory(world).of(home, device)
    const { timeZone, priceZone } = home.spec.place
    const { day } = localTime(timeZone, Date.parse(`${monday}T12:00:00Z`) / 60_000)
    const first = minuteOfLocal(timeZone, day, 0) / 15
    const price = (quarter: number) => world.market.eurPerMwh(priceZone, quarter)
    const file = join(folder, `${name}-${season}.svg`)
    await writeFile(file, drawing(`${name}, ${home.spec.place.town}, week of ${monday}`, life, first, price))
    files.push(file)
  }
  return files
}

type Line = {
  name: string
  colour: string
  value: (row: ArrayLike<number>, quarter: number) => number
  area?: boolean
}
type Panel = { title: string; unit: string; lines: Line[] }

const kw = (name: string, colour: string, column: Column, area = false): Line => ({
  name,
  colour,
  area,
  value: (row) => ((row[at[column]] ?? 0) * 4) / 1000,
})
const own = (name: string, colour: string, column: Column): Line => ({
  name,
  colour,
  value: (row) => row[at[column]] ?? 0,
})

const QUARTERS = 7 * 96
const WIDTH = 1400
const PANEL = 190
const LEFT = 60
const GAP = 44

function drawing(title: string, life: Life, first: number, price: (quarter: number) => number): string {
  const panels: Panel[] = [
    {
      title: 'Power',
      unit: 'kW',
      lines: [
        kw('solar', '#e0a800', 'solarWh', true),
        kw('people', '#666', 'peopleWh'),
        kw('heat pump', '#c0392b', 'heatPumpWh'),
        kw('car', '#2471a3', 'carWh'),
      ],
    },
    {
      title: 'Battery (+ discharges) and grid (+ exports)',
      unit: 'kW',
      lines: [
        kw('battery', '#1e8449', 'batteryWh'),
        {
          name: 'grid',
          colour: '#7d3c98',
          value: (row) => (((row[at.exportWh] ?? 0) - (row[at.importWh] ?? 0)) * 4) / 1000,
        },
      ],
    },
    {
      title: 'Levels',
      unit: '%',
      lines: [own('battery', '#1e8449', 'batteryPercent'), own('car', '#2471a3', 'carPercent')],
    },
    {
      title: 'Temperatures',
      unit: '°C',
      lines: [
        own('rooms', '#c0392b', 'airC'),
        own('tank', '#d35400', 'tankC'),
        own('outdoors', '#5dade2', 'outdoorC'),
      ],
    },
    {
      title: 'Unoptimised twin',
      unit: 'kW',
      lines: [kw('heat pump', '#e6b0aa', 'twinHeatPumpWh', true), kw('car', '#7fb3d5', 'twinCarWh', true)],
    },
    {
      title: 'Day-ahead price',
      unit: 'EUR/MWh',
      lines: [{ name: 'price', colour: '#333', value: (_, quarter) => price(quarter) }],
    },
  ]
  const height = 50 + panels.length * (PANEL + GAP)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${LEFT}" y="26" font-size="18">${title}</text>`,
    ...panels.map((panel, i) => panelOf(panel, 50 + i * (PANEL + GAP), life, first)),
    '</svg>',
    '',
  ].join('\n')
}

function panelOf({ title, unit, lines }: Panel, top: number, life: Life, first: number): string {
  const drawn = lines.map((line) => ({
    ...line,
    values: Array.from({ length: QUARTERS }, (_, i) => {
      const row = life.row(first + i)
      return row ? line.value(row, first + i) : 0
    }),
  }))
  const all = drawn.flatMap(({ values }) => values)
  const low = Math.min(0, ...all)
  const high = Math.max(low + 1, ...all)
  const x = (i: number) => LEFT + (i / QUARTERS) * (WIDTH - LEFT - 10)
  const y = (value: number) => top + PANEL - ((value - low) / (high - low)) * PANEL
  const parts = [`<text x="${LEFT}" y="${top - 6}">${title}, ${unit}</text>`]
  for (let day = 0; day <= 7; day++)
    parts.push(
      `<line x1="${x(day * 96)}" x2="${x(day * 96)}" y1="${top}" y2="${top + PANEL}" stroke="#ddd"/>`,
    )
  for (const value of [low, 0, (low + high) / 2, high])
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH - 10}" y1="${y(value)}" y2="${y(value)}" stroke="${value === 0 ? '#999' : '#eee'}"/>`,
      `<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${value.toFixed(Math.abs(high) < 20 ? 1 : 0)}</text>`,
    )
  for (const [n, { name, colour, values, area }] of drawn.entries()) {
    const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
    parts.push(
      area
        ? `<polygon points="${LEFT},${y(0)} ${points} ${x(QUARTERS)},${y(0)}" fill="${colour}" fill-opacity="0.35"/>`
        : `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.3"/>`,
      `<text x="${WIDTH - 330 + n * 85}" y="${top - 6}" fill="${colour}">${name}</text>`,
    )
  }
  return parts.join('\n')
}
