import { en as display } from '@homewatt/display'
import type { Words } from './words.ts'

export const words: Words = {
  display,
  skipToContent: 'Skip to content',
  yourHome: 'Your home',
  lastKnown: 'Last known state',
  devices: 'Devices',
  back: 'Overview',
  settings: 'Settings',
  more: { title: 'More', away: 'Away', messages: 'Messages', settings: 'Settings' },
  language: 'Language',
  readings: 'Readings',
  updatedAt: 'Synced from the manufacturer',
  nextUpdate: (time) => `Next expected around ${time}`,

  attention: {
    title: 'Needs attention',
    opening: (host) => `On to ${host}…`,
    continueButton: 'Continue at the manufacturer',
    resolveButton: 'Resolve',
    unavailable: 'This cannot be started right now. Please try again in a few minutes.',
    contact: (name) => `Contact ${name}`,
  },

  live: {
    live: 'Live',
    polling: (seconds) => `Live connection lost – checking every ${seconds} s`,
    offline: 'No connection – showing the last known values',
    outdated: 'A new version is here.',
    reload: 'Reload',
  },

  refresh: {
    button: 'Refresh',
    busy: 'Refreshing…',
    done: 'Checked just now',
    failed: 'Refreshing did not work. The values shown are the last known ones.',
    pull: 'Pull to refresh',
    release: 'Release to refresh',
  },

  flow: {
    title: 'Power flow',
    asTable: 'Show as a table',
    from: 'From',
    to: 'To',
    power: 'Power',
    more: (n) => `+ ${n} more`,
    differentMinutes: 'Devices report at different minutes, so a part can briefly exceed the whole.',
    sentence: {
      solarOnly: 'Your home runs on solar.',
      batteryOnly: 'Your home runs on its battery.',
      gridOnly: 'Your home runs on grid power.',
      solarAndBattery: 'Your home runs on solar and its battery.',
      solarShare: (percent) => `Solar covers ${percent} of your home.`,
      batteryShare: (percent) => `The battery covers ${percent} of your home.`,
      idle: 'Your home uses no power right now.',
      unknown: 'Some values are not reported right now.',
      uses: (power) => `It uses ${power} right now.`,
      fromGrid: (power) => `${power} comes from the grid.`,
      toGrid: (power) => `${power} goes to the grid.`,
      toBattery: (power) => `${power} charges the battery.`,
      toBatteryAndGrid: (battery, grid) => `${battery} charges the battery, ${grid} goes to the grid.`,
    },
  },

  charging: {
    title: 'Charging',
    elapsed: (time) => `for ${time}`,
    armed: 'Armed. Charging starts at the next plug-in.',
    disarmed: 'Undone. The next plug-in charges as usual.',
    cancelled: 'The boost is being stopped.',
    checking: 'Checking…',
    unconfirmed: 'Sent, but not confirmed yet. Please check again in a minute.',
    failed: 'That did not work. Please try again in a moment.',
    tooSoon: 'Too soon. Please try again in a moment.',
  },

  smartOptimization: 'Smart optimization',
  heatLevel: 'Heat level',

  empty: {
    title: 'No devices yet',
    text: 'As soon as a heat pump, an electric vehicle, a solar inverter or a wallbox is connected, it appears here with live values.',
    connect: 'Connect a device',
  },
  loading: { title: 'Loading', text: 'The first values are on their way.' },

  demo: {
    banner: (home) => `Demo home: ${home}`,
    choose: 'Choose another',
  },
  signOut: 'Sign out',
  notFound: 'There is no such page, or it belongs to another home.',
}
