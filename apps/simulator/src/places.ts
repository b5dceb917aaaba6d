/** Where simulated homes stand: position for the sun, climate for the weather, zone and market for prices. */
export type Place = {
  town: string
  zipCode: string
  /** ISO 3166-1 alpha-2. */
  country: string
  timeZone: string
  priceZone: string
  latitude: number
  longitude: number
  /** Mean of the year, °C. */
  meanC: number
  /** Half the difference between the mean of July and the mean of January, K. */
  swingK: number
}

const place = (
  town: string,
  zipCode: string,
  country: string,
  timeZone: string,
  priceZone: string,
  [latitude, longitude]: [number, number],
  [meanC, swingK]: [number, number],
): Place => ({ town, zipCode, country, timeZone, priceZone, latitude, longitude, meanC, swingK })

export const places = {
  freiburg: place('Freiburg', '79098', 'DE', 'Europe/Berlin', 'DE_LU', [47.995, 7.85], [11.6, 9.3]),
  konstanz: place('Konstanz', '78462', 'DE', 'Europe/Berlin', 'DE_LU', [47.66, 9.175], [10.4, 9.4]),
  leipzig: place('Leipzig', '04109', 'DE', 'Europe/Berlin', 'DE_LU', [51.34, 12.37], [10.3, 9.5]),
  kassel: place('Kassel', '34117', 'DE', 'Europe/Berlin', 'DE_LU', [51.31, 9.48], [9.9, 9.0]),
  linz: place('Linz', '4020', 'AT', 'Europe/Vienna', 'AT', [48.306, 14.286], [10.2, 10.1]),
  graz: place('Graz', '8010', 'AT', 'Europe/Vienna', 'AT', [47.07, 15.44], [10.5, 10.4]),
  winterthur: place('Winterthur', '8400', 'CH', 'Europe/Zurich', 'CH', [47.5, 8.72], [9.8, 9.1]),
  gyor: place('Győr', '9021', 'HU', 'Europe/Budapest', 'HU', [47.687, 17.65], [11.2, 10.9]),
  leuven: place('Leuven', '3000', 'BE', 'Europe/Brussels', 'BE', [50.88, 4.7], [10.9, 7.6]),
  bolzano: place('Bolzano', '39100', 'IT', 'Europe/Rome', 'IT_NORD', [46.498, 11.355], [12.4, 10.8]),
  timisoara: place('Timișoara', '300001', 'RO', 'Europe/Bucharest', 'RO', [45.75, 21.23], [11.8, 11.2]),
} satisfies Record<string, Place>
