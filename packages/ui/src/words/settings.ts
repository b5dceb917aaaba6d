import type { SettingsComplaint } from '@homewatt/display'
import type { Language } from './words.ts'

/** What the settings page of a device says. Apart from the other words: only that page needs them. */
export type SettingsWords = {
  title: string
  back: string
  save: string
  saved: string
  unconfirmed: string
  /** Likewise, and what holds cannot be shown either. */
  unconfirmedTyped: string
  failed: string
  tooSoon: string
  check: string
  /** Refused, and no field of the form was named. */
  refused: string
  optimization: { title: string; on: string; off: string; onText: string; offText: string }
  level: { title: string; Low: string; Mid: string; Max: string; text: Record<'Low' | 'Mid' | 'Max', string> }
  comfort: {
    title: string
    minimum: string
    maximum: string
    hotWater: string
    hotWaterFloor: string
    hotWaterSwitch: string
  }
  deadline: {
    title: string
    text: string
    switch: string
    time: string
    level: string
    limit(percent: string): string
  }
  battery: {
    title: string
    text: string
    floor: string
    floorAdvice: string
    ceiling: string
    ceilingAdvice: string
    /** Names of the two ends of the slider. */
    sliderFloor: string
    sliderCeiling: string
  }
  plant: { title: string; rating: string; hasBattery: string; capacity: string }
  complaint: Record<SettingsComplaint, string> & { invalid: string }
  /** Said by script while a form is open. */
  open: { saving: string; checking: string; notTaken: string; now: string }
}

const en: SettingsWords = {
  title: 'Settings',
  back: 'Back to the device',
  save: 'Save',
  saved: 'Saved.',
  unconfirmed: 'Not confirmed. What you see is what the device says now; please look again in a minute.',
  unconfirmedTyped: 'Not confirmed. What you typed is still here; please look again in a minute.',
  failed: 'This could not be saved just now. Nothing was changed.',
  tooSoon: 'That was a lot in a short time. Please wait a minute and save again.',
  check: 'Nothing was saved: please look at the marked fields.',
  refused: 'Nothing was saved: this was not accepted.',
  optimization: {
    title: 'Smart optimization',
    on: 'On',
    off: 'Off',
    onText: 'Good hours are chosen for this device.',
    offText: 'The device follows its own schedule, for example while you are away.',
  },
  level: {
    title: 'How far optimization may go',
    Low: 'Low',
    Mid: 'Mid',
    Max: 'Max',
    text: {
      Low: 'Comfort first: temperatures hardly move.',
      Mid: 'A balance: a little warmer in cheap hours, a little cooler in expensive ones.',
      Max: 'Savings first: the widest swings within your comfort limits.',
    },
  },
  comfort: {
    title: 'Comfort limits',
    minimum: 'Room, at least (°C)',
    maximum: 'Room, at most (°C)',
    hotWater: 'Hot water (°C)',
    hotWaterFloor: 'Hot water, never below (°C)',
    hotWaterSwitch: 'The heat pump makes hot water',
  },
  deadline: {
    title: 'Be ready by',
    text: 'The level is reached by this time every day, also when power is expensive.',
    switch: 'Charge to a level by a time',
    time: 'Time',
    level: 'Level (%)',
    limit: (percent) => `The limit set at the manufacturer is ${percent}.`,
  },
  battery: {
    title: 'Battery reserve',
    text: 'The battery is used between these two levels.',
    floor: 'Never below (%)',
    floorAdvice: '20 to 30 % is advised.',
    ceiling: 'Never above (%)',
    ceilingAdvice: '90 to 95 % is advised.',
    sliderFloor: 'Lower end',
    sliderCeiling: 'Upper end',
  },
  plant: {
    title: 'Your system',
    rating: 'Panels, peak power (kW)',
    hasBattery: 'There is a home battery',
    capacity: 'Battery capacity (kWh)',
  },
  complaint: {
    not_offered: 'This device does not have this setting.',
    needed: 'Please fill this in.',
    above_limit: 'This is above the limit set at the manufacturer.',
    above_upper: 'The lower value is above the upper one.',
    band: 'The two thresholds are too close together.',
    locked: 'This is not available in your home.',
    invalid: 'This value cannot be used.',
  },
  open: {
    saving: 'Saving…',
    checking: 'Not confirmed yet. Looking what the device has…',
    notTaken: 'This was not taken. The device has what it had before.',
    now: 'In force now:',
  },
}

const de: SettingsWords = {
  title: 'Einstellungen',
  back: 'Zurück zum Gerät',
  save: 'Speichern',
  saved: 'Gespeichert.',
  unconfirmed:
    'Nicht bestätigt. Zu sehen ist, was das Gerät jetzt meldet; bitte in einer Minute noch einmal nachsehen.',
  unconfirmedTyped:
    'Nicht bestätigt. Was du eingegeben hast, steht noch hier; bitte in einer Minute noch einmal nachsehen.',
  failed: 'Das ließ sich gerade nicht speichern. Es wurde nichts geändert.',
  tooSoon: 'Das war viel in kurzer Zeit. Bitte eine Minute warten und noch einmal speichern.',
  check: 'Es wurde nichts gespeichert: bitte die markierten Felder ansehen.',
  refused: 'Es wurde nichts gespeichert: Das wurde nicht angenommen.',
  optimization: {
    title: 'Intelligente Optimierung',
    on: 'Ein',
    off: 'Aus',
    onText: 'Für dieses Gerät werden günstige Stunden gewählt.',
    offText: 'Das Gerät folgt seinem eigenen Plan, zum Beispiel während einer Reise.',
  },
  level: {
    title: 'Wie weit die Optimierung gehen darf',
    Low: 'Niedrig',
    Mid: 'Mittel',
    Max: 'Maximal',
    text: {
      Low: 'Komfort zuerst: Die Temperaturen ändern sich kaum.',
      Mid: 'Ausgewogen: in günstigen Stunden etwas wärmer, in teuren etwas kühler.',
      Max: 'Sparen zuerst: die größten Schwankungen innerhalb der Komfortgrenzen.',
    },
  },
  comfort: {
    title: 'Komfortgrenzen',
    minimum: 'Raum, mindestens (°C)',
    maximum: 'Raum, höchstens (°C)',
    hotWater: 'Warmwasser (°C)',
    hotWaterFloor: 'Warmwasser, nie unter (°C)',
    hotWaterSwitch: 'Die Wärmepumpe macht Warmwasser',
  },
  deadline: {
    title: 'Fertig bis',
    text: 'Der Ladestand ist jeden Tag bis zu dieser Uhrzeit erreicht, auch wenn Strom teuer ist.',
    switch: 'Bis zu einer Uhrzeit laden',
    time: 'Uhrzeit',
    level: 'Ladestand (%)',
    limit: (percent) => `Die Obergrenze beim Hersteller ist ${percent}.`,
  },
  battery: {
    title: 'Reserve der Batterie',
    text: 'Die Batterie wird zwischen diesen beiden Ladeständen genutzt.',
    floor: 'Nie unter (%)',
    floorAdvice: 'Empfohlen sind 20 bis 30 %.',
    ceiling: 'Nie über (%)',
    ceilingAdvice: 'Empfohlen sind 90 bis 95 %.',
    sliderFloor: 'Unteres Ende',
    sliderCeiling: 'Oberes Ende',
  },
  plant: {
    title: 'Deine Anlage',
    rating: 'Module, Spitzenleistung (kW)',
    hasBattery: 'Es gibt eine Hausbatterie',
    capacity: 'Kapazität der Batterie (kWh)',
  },
  complaint: {
    not_offered: 'Dieses Gerät hat diese Einstellung nicht.',
    needed: 'Bitte ausfüllen.',
    above_limit: 'Das liegt über der Obergrenze beim Hersteller.',
    above_upper: 'Der untere Wert liegt über dem oberen.',
    band: 'Die beiden Schwellen liegen zu nah beieinander.',
    locked: 'Das gibt es in diesem Haushalt nicht.',
    invalid: 'Dieser Wert geht nicht.',
  },
  open: {
    saving: 'Wird gespeichert …',
    checking: 'Noch nicht bestätigt. Es wird nachgesehen, was das Gerät hat …',
    notTaken: 'Das wurde nicht übernommen. Das Gerät hat, was es vorher hatte.',
    now: 'Es gilt jetzt:',
  },
}

export const settingsWords: Readonly<Record<Language, SettingsWords>> = { en, de }
