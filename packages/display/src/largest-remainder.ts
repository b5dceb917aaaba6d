/**
 * Rounds parts so that what is shown adds up to the total that is shown: everyone is rounded down, and the
 * parts that lost most get the missing units. Parts must add up to `total`; where they do not, no part moves
 * by more than one unit and the difference stays visible.
 *
 * @param decimals of the result, 0 to 6
 */
export function largestRemainder(parts: number[], total: number, decimals: number): number[] {
  const scale = 10 ** decimals
  const scaled = parts.map((part) => (Number.isFinite(part) ? cleaned(part * scale) : 0))
  const units = scaled.map(Math.floor)
  const missing = Math.round(cleaned(total * scale)) - units.reduce((sum, unit) => sum + unit, 0)
  const byLoss = scaled.map((value, i) => ({ i, loss: value - Math.floor(value) }))
  byLoss.sort((a, b) => b.loss - a.loss)
  for (const { i, loss } of byLoss.slice(0, Math.max(0, missing))) {
    // A part that lost nothing is exact; giving it a unit would invent one.
    if (loss > 0) units[i] = (units[i] ?? 0) + 1
  }
  return units.map((unit) => unit / scale + 0)
}

/** Without the dust of binary fractions, so that 0.3 × 10 is 3. */
const cleaned = (value: number) => Math.round(value * 1e6) / 1e6
