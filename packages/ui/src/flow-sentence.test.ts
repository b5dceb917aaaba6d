import { flowPicture, formatter } from '@homewatt/display'
import type { InverterReading } from '@homewatt/contract'
import { expect, test } from 'vitest'
import { flowSentence } from './flow-sentence.ts'
import { inverter } from './testing/readings.ts'
import { words } from './words/en.ts'

const night = { current_solar_production_w: 0, solar_surplus_w: null }

test.each<[string, Partial<InverterReading>, string, string]>([
  ['sun for all', {}, 'Your home runs on solar.', '0.8 kW charges the battery, 2.5 kW goes to the grid.'],
  [
    'sun, nothing left over',
    {
      current_solar_production_w: 950,
      household_consumption_w: 950,
      battery_charge_discharge_power_w: 0,
      current_power_to_grid_w: 0,
    },
    'Your home runs on solar.',
    'It uses 950 W right now.',
  ],
  [
    'some sun',
    {
      current_solar_production_w: 600,
      household_consumption_w: 1000,
      battery_charge_discharge_power_w: 0,
      current_power_to_grid_w: -400,
    },
    'Solar covers 60% of your home.',
    '0.4 kW comes from the grid.',
  ],
  [
    'battery at night',
    {
      ...night,
      household_consumption_w: 500,
      battery_charge_discharge_power_w: 500,
      current_power_to_grid_w: 0,
    },
    'Your home runs on its battery.',
    'It uses 500 W right now.',
  ],
  [
    'grid at night',
    {
      ...night,
      household_consumption_w: 500,
      battery_charge_discharge_power_w: 0,
      current_power_to_grid_w: -500,
    },
    'Your home runs on grid power.',
    'It uses 500 W right now.',
  ],
  ['home not reported', { household_consumption_w: null }, 'Some values are not reported right now.', ''],
])('%s', (_case, reading, headline, detail) => {
  const said = flowSentence(flowPicture(inverter(reading)), words, formatter('en-GB', 'Europe/Berlin'))
  expect({ ...said, detail: said.detail.replace(/\s/g, ' ') }).toEqual({ headline, detail })
})
