import type { Language } from '@homewatt/ui/words'
import type { BuildingField, BuildingGroup } from './building-form.ts'
import type { ContractField } from './contract-form.ts'

type ListWords = {
  title: string
  lead: string
  none: string
  unreadable: string
  add: string
  change(name: string): string
  changeTitle: string
  back: string
}

/** What the pages of buildings and the energy contract say. Rendered on the server only, so no script carries it. */
export type HomeWords = {
  save: string
  changeShort: string
  retry: string
  saved: string
  removed: string
  check: string
  failed: string
  tooSoon: string
  unconfirmed: string
  /** For something new, which would be there twice. */
  unconfirmedNew: string
  unconfirmedRemoval: string
  building: ListWords & {
    groups: Record<BuildingGroup, string>
    labels: Record<BuildingField, string>
    wrong: Record<BuildingField, string>
    /** By value. */
    options: Readonly<Record<string, string>>
    unnamed: string
    devices(names: string): string
    noDevices: string
    size(squareMetres: string): string
    occupants(count: number): string
    solar: string
    remove: string
    removeText: string
    sure: string
  }
  contract: ListWords & {
    unnamed: string
    labels: Record<ContractField, string>
    hints: Partial<Record<ContractField, string>>
    wrong: Record<ContractField, string>
    options: Readonly<Record<string, string>>
    everywhere: string
    choose: string
    perKwh(price: string): string
    severalPrices(count: number): string
    meter(id: string): string
    all: string
    stays: string
  }
}

const en: HomeWords = {
  save: 'Save',
  changeShort: 'Change',
  retry: 'Try again',
  saved: 'Saved.',
  removed: 'Removed.',
  check: 'Nothing was saved: please look at the marked fields.',
  failed: 'This could not be saved just now. Nothing was changed, and what you typed is still here.',
  tooSoon: 'That was a lot in a short time. Please wait a minute and save again.',
  unconfirmed: 'Not confirmed: it may be saved or not. Please look in the list before you save again.',
  unconfirmedNew:
    'Not confirmed: it may be there already. Please look in the list before you save again, or it is there twice.',
  unconfirmedRemoval: 'Not confirmed: it may be gone or not. Please look in the list.',
  building: {
    title: 'Buildings',
    lead: 'Devices in the same building are optimised together, so that your own sun is used first.',
    none: 'No building yet. Add the one your devices stand in: a name is enough.',
    unreadable: 'Your buildings cannot be shown just now. Nothing is lost.',
    add: 'Add a building',
    change: (name) => `Change: ${name}`,
    changeTitle: 'Change the building',
    back: 'All buildings',
    groups: { what: 'The building', where: 'Address', who: 'Who lives there' },
    labels: {
      name: 'Name',
      property_type: 'Kind of house',
      property_size_m2: 'Living space (m²)',
      photovoltaic: 'Solar panels',
      street_and_number: 'Street and number',
      street_add_info: 'Addition',
      zip_code: 'Postcode',
      town: 'Town',
      country: 'Country',
      num_occupants: 'People',
      occupant_type: 'Kind of household',
    },
    wrong: {
      name: 'Please give it a name of up to 100 characters.',
      property_type: 'Please choose one of the list.',
      property_size_m2: 'Please enter whole square metres, for example 140.',
      photovoltaic: 'Please choose one of the list.',
      street_and_number: 'Please use up to 100 characters.',
      street_add_info: 'Please use up to 100 characters.',
      zip_code: 'Please use up to 20 characters.',
      town: 'Please use up to 100 characters.',
      country: 'Please use up to 60 characters.',
      num_occupants: 'Please enter a whole number, for example 3.',
      occupant_type: 'Please choose one of the list.',
    },
    options: {
      '': 'Not said',
      'as-it-is': 'As your provider has it',
      yes: 'Yes',
      no: 'No',
      Detached: 'Detached house',
      'Semi-detached': 'Semi-detached house',
      Bungalow: 'Bungalow',
      Terraced: 'Terraced house',
      'End-terrace': 'End-of-terrace house',
      Flat: 'Flat',
      Students: 'Students',
      'Working adults': 'Working adults',
      'At home adults': 'Adults at home during the day',
      'Young family': 'Family with small children',
      'Older family': 'Family with older children',
      Retirees: 'Retired people',
    },
    unnamed: 'Building without a name',
    devices: (names) => `Devices: ${names}`,
    noDevices: 'No devices assigned',
    size: (squareMetres) => `${squareMetres} m²`,
    occupants: (count) => (count === 1 ? '1 person' : `${count} people`),
    solar: 'solar panels',
    remove: 'Remove the building',
    removeText:
      'Its devices stay in your home, but are no longer optimised together as those of one building.',
    sure: 'I want to remove this building',
  },
  contract: {
    title: 'Energy contract',
    lead: 'How you pay for electricity decides when it is worth charging and heating.',
    none: 'No contract yet. Add yours, so that prices can be reckoned with: the kind is enough.',
    unreadable: 'Your contract cannot be shown just now. Nothing is lost.',
    add: 'Add a contract',
    change: (name) => `Change: ${name}`,
    changeTitle: 'Change the contract',
    back: 'Energy contract',
    unnamed: 'Contract',
    labels: {
      energy_contract_type: 'Kind of contract',
      supplier: 'Supplier',
      meter_id: 'Meter number',
      building_id: 'Holds for',
      price: 'Price per kWh',
      currency_energy_price: 'Currency',
      energy_price_includes_external_components: 'With grid fees and taxes',
    },
    hints: {
      price: 'For a price that does not change by the hour, for example 0.31',
      currency_energy_price: 'Three letters, for example EUR',
    },
    wrong: {
      energy_contract_type: 'Please choose one of the list.',
      supplier: 'Please use up to 100 characters.',
      meter_id: 'Please use up to 19 characters.',
      building_id: 'Please choose one of the list.',
      price: 'Please enter a number, for example 0.31.',
      currency_energy_price: 'A price needs its currency in three letters, for example EUR.',
      energy_price_includes_external_components: 'Please choose one of the list.',
    },
    options: {
      '': 'Not said',
      'as-it-is': 'As your provider has it',
      yes: 'Yes',
      no: 'No, the price alone',
      spot_hourly: 'By the hour, as at the exchange',
      monthly: 'One price per month',
      yearly: 'One price per year',
    },
    everywhere: 'All buildings',
    choose: 'Please choose',
    perKwh: (price) => `${price} per kWh`,
    severalPrices: (count) => `${count} prices over time`,
    meter: (id) => `Meter ${id}`,
    all: 'for all buildings',
    stays: 'A contract cannot be removed here. When yours ends, change it into the new one.',
  },
}

const de: HomeWords = {
  save: 'Speichern',
  changeShort: 'Ändern',
  retry: 'Noch einmal versuchen',
  saved: 'Gespeichert.',
  removed: 'Entfernt.',
  check: 'Es wurde nichts gespeichert: Bitte sieh dir die markierten Felder an.',
  failed:
    'Das ließ sich gerade nicht speichern. Es wurde nichts geändert, und was du eingegeben hast, steht noch hier.',
  tooSoon: 'Das war viel in kurzer Zeit. Bitte warte eine Minute und speichere noch einmal.',
  unconfirmed:
    'Nicht bestätigt: Es kann gespeichert sein oder nicht. Bitte sieh in der Liste nach, bevor du noch einmal speicherst.',
  unconfirmedNew:
    'Nicht bestätigt: Es kann schon da sein. Bitte sieh in der Liste nach, bevor du noch einmal speicherst, sonst ist es doppelt da.',
  unconfirmedRemoval: 'Nicht bestätigt: Es kann weg sein oder nicht. Bitte sieh in der Liste nach.',
  building: {
    title: 'Gebäude',
    lead: 'Geräte im selben Gebäude werden gemeinsam optimiert, damit deine eigene Sonne zuerst genutzt wird.',
    none: 'Noch kein Gebäude. Lege das an, in dem deine Geräte stehen: Ein Name genügt.',
    unreadable: 'Deine Gebäude lassen sich gerade nicht anzeigen. Es ist nichts verloren.',
    add: 'Gebäude anlegen',
    change: (name) => `Ändern: ${name}`,
    changeTitle: 'Gebäude ändern',
    back: 'Alle Gebäude',
    groups: { what: 'Das Gebäude', where: 'Adresse', who: 'Wer dort wohnt' },
    labels: {
      name: 'Name',
      property_type: 'Art des Hauses',
      property_size_m2: 'Wohnfläche (m²)',
      photovoltaic: 'Solaranlage',
      street_and_number: 'Straße und Hausnummer',
      street_add_info: 'Zusatz',
      zip_code: 'Postleitzahl',
      town: 'Ort',
      country: 'Land',
      num_occupants: 'Personen',
      occupant_type: 'Art des Haushalts',
    },
    wrong: {
      name: 'Bitte gib einen Namen mit höchstens 100 Zeichen an.',
      property_type: 'Bitte wähle etwas aus der Liste.',
      property_size_m2: 'Bitte gib ganze Quadratmeter an, zum Beispiel 140.',
      photovoltaic: 'Bitte wähle etwas aus der Liste.',
      street_and_number: 'Bitte höchstens 100 Zeichen.',
      street_add_info: 'Bitte höchstens 100 Zeichen.',
      zip_code: 'Bitte höchstens 20 Zeichen.',
      town: 'Bitte höchstens 100 Zeichen.',
      country: 'Bitte höchstens 60 Zeichen.',
      num_occupants: 'Bitte gib eine ganze Zahl an, zum Beispiel 3.',
      occupant_type: 'Bitte wähle etwas aus der Liste.',
    },
    options: {
      '': 'Nicht angegeben',
      'as-it-is': 'Wie beim Anbieter hinterlegt',
      yes: 'Ja',
      no: 'Nein',
      Detached: 'Freistehendes Haus',
      'Semi-detached': 'Doppelhaushälfte',
      Bungalow: 'Bungalow',
      Terraced: 'Reihenhaus',
      'End-terrace': 'Reihenendhaus',
      Flat: 'Wohnung',
      Students: 'Studierende',
      'Working adults': 'Berufstätige Erwachsene',
      'At home adults': 'Erwachsene, die tagsüber zu Hause sind',
      'Young family': 'Familie mit kleinen Kindern',
      'Older family': 'Familie mit größeren Kindern',
      Retirees: 'Menschen im Ruhestand',
    },
    unnamed: 'Gebäude ohne Namen',
    devices: (names) => `Geräte: ${names}`,
    noDevices: 'Keine Geräte zugeordnet',
    size: (squareMetres) => `${squareMetres} m²`,
    occupants: (count) => (count === 1 ? '1 Person' : `${count} Personen`),
    solar: 'Solaranlage',
    remove: 'Gebäude entfernen',
    removeText:
      'Seine Geräte bleiben in deinem Zuhause, werden aber nicht mehr als die eines Gebäudes gemeinsam optimiert.',
    sure: 'Ich möchte dieses Gebäude entfernen',
  },
  contract: {
    title: 'Stromvertrag',
    lead: 'Wie du Strom bezahlst, entscheidet darüber, wann sich Laden und Heizen lohnt.',
    none: 'Noch kein Vertrag. Trage deinen ein, damit mit Preisen gerechnet werden kann: Die Art genügt.',
    unreadable: 'Dein Vertrag lässt sich gerade nicht anzeigen. Es ist nichts verloren.',
    add: 'Vertrag eintragen',
    change: (name) => `Ändern: ${name}`,
    changeTitle: 'Vertrag ändern',
    back: 'Stromvertrag',
    unnamed: 'Vertrag',
    labels: {
      energy_contract_type: 'Art des Vertrags',
      supplier: 'Anbieter',
      meter_id: 'Zählernummer',
      building_id: 'Gilt für',
      price: 'Preis pro kWh',
      currency_energy_price: 'Währung',
      energy_price_includes_external_components: 'Mit Netzentgelten und Steuern',
    },
    hints: {
      price: 'Für einen Preis, der sich nicht stündlich ändert, zum Beispiel 0,31',
      currency_energy_price: 'Drei Buchstaben, zum Beispiel EUR',
    },
    wrong: {
      energy_contract_type: 'Bitte wähle etwas aus der Liste.',
      supplier: 'Bitte höchstens 100 Zeichen.',
      meter_id: 'Bitte höchstens 19 Zeichen.',
      building_id: 'Bitte wähle etwas aus der Liste.',
      price: 'Bitte gib eine Zahl an, zum Beispiel 0,31.',
      currency_energy_price: 'Ein Preis braucht seine Währung in drei Buchstaben, zum Beispiel EUR.',
      energy_price_includes_external_components: 'Bitte wähle etwas aus der Liste.',
    },
    options: {
      '': 'Nicht angegeben',
      'as-it-is': 'Wie beim Anbieter hinterlegt',
      yes: 'Ja',
      no: 'Nein, nur der Preis selbst',
      spot_hourly: 'Stündlich, wie an der Börse',
      monthly: 'Ein Preis je Monat',
      yearly: 'Ein Preis je Jahr',
    },
    everywhere: 'Alle Gebäude',
    choose: 'Bitte wählen',
    perKwh: (price) => `${price} pro kWh`,
    severalPrices: (count) => `${count} Preise im Lauf der Zeit`,
    meter: (id) => `Zähler ${id}`,
    all: 'für alle Gebäude',
    stays: 'Entfernen lässt sich ein Vertrag hier nicht. Endet deiner, ändere ihn in den neuen.',
  },
}

export const homeWords: Readonly<Record<Language, HomeWords>> = { en, de }
