import type { DisplayWords, Language } from '@homewatt/display'

export type { Language } from '@homewatt/display'

/** Every language there is, by its own name, as a person looking for it would read it. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

/** Everything the pages say beyond the words of values and states. Numbers come in formatted. */
export type PageWords = {
  skipToContent: string
  /** Title and heading of the overview. */
  yourHome: string
  lastKnown: string
  devices: string
  back: string
  settings: string
  /** Pages that are not about one device. */
  more: { title: string; away: string; messages: string; settings: string }
  language: string
  readings: string
  updatedAt: string
  nextUpdate(time: string): string

  attention: {
    title: string
    /** Where it leads, before it does. */
    opening(host: string): string
    continueButton: string
    resolveButton: string
    unavailable: string
    contact(name: string): string
  }

  live: {
    live: string
    /** `seconds` between two questions. */
    polling(seconds: number): string
    offline: string
    /** The page is of another release than the gateway. */
    outdated: string
    reload: string
  }

  refresh: {
    button: string
    busy: string
    done: string
    failed: string
    pull: string
    release: string
  }

  flow: {
    title: string
    asTable: string
    from: string
    to: string
    power: string
    more(n: number): string
    differentMinutes: string
    /** One sentence each, for the heading and for screen readers. */
    sentence: {
      solarOnly: string
      batteryOnly: string
      gridOnly: string
      solarAndBattery: string
      solarShare(percent: string): string
      batteryShare(percent: string): string
      idle: string
      unknown: string
      fromGrid(power: string): string
      uses(power: string): string
      toGrid(power: string): string
      toBattery(power: string): string
      toBatteryAndGrid(battery: string, grid: string): string
    }
  }

  charging: {
    title: string
    /** `time` is m:ss. */
    elapsed(time: string): string
    armed: string
    disarmed: string
    cancelled: string
    /** Sent, and not answered yet. */
    checking: string
    unconfirmed: string
    failed: string
    tooSoon: string
  }

  smartOptimization: string
  heatLevel: string

  empty: { title: string; text: string; connect: string }
  loading: { title: string; text: string }

  demo: { banner(home: string): string; choose: string }
  signOut: string
  /** A device that is not there. */
  notFound: string
}

/** All words of one language: what values are called, and what the pages say around them. */
export type Words = PageWords & { display: DisplayWords }
