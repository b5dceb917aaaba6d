/**
 * What a kilowatt-hour is worth to a household on an hourly contract: the market price and, on top, grid fees and
 * taxes; fed in, a fixed tariff. Round figures of a German household since 2024.
 */
export const tariff = {
  /** EUR/kWh on top of the market price. */
  feesEurPerKwh: 0.165,
  /** EUR/kWh for what is fed in. */
  feedInEurPerKwh: 0.08,
}

/** What a kilowatt-hour from the grid costs at a market price in EUR/MWh, EUR/kWh. */
export const importEurPerKwh = (eurPerMwh: number) => eurPerMwh / 1000 + tariff.feesEurPerKwh
