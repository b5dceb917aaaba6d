/**
 * All chance in the simulator comes from here: numbers that depend on nothing but their arguments, so that any
 * moment of any home can be computed without having computed the moments before, and two runs agree.
 */

/** A 32-bit key for anything that can be named. */
export function keyOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5
  for (const part of parts) {
    const text = String(part)
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    hash = Math.imul(hash ^ 0x1f, 0x01000193)
  }
  return mix(hash)
}

/** Evenly spread in [0, 1). */
export function chance(key: number, index: number): number {
  return mix(key ^ Math.imul(index | 0, 0x9e3779b1)) / 0x1_0000_0000
}

/** Evenly spread in [low, high). */
export function between(low: number, high: number, key: number, index: number): number {
  return low + (high - low) * chance(key, index)
}

/** Roughly normal, mean 0, standard deviation 1, never beyond ±3.5. */
export function spread(key: number, index: number): number {
  const sum =
    chance(key, index) +
    chance(key ^ 0x51ed27, index) +
    chance(key ^ 0x2c1b3c, index) +
    chance(key ^ 0x71a9d3, index)
  return (sum - 2) * 1.732
}

/** Smooth noise along `x`, from -1 to 1, changing over about one unit of `x`. */
export function noise(key: number, x: number): number {
  const i = Math.floor(x)
  const f = x - i
  const a = chance(key, i)
  return (a + (chance(key, i + 1) - a) * f * f * (3 - 2 * f)) * 2 - 1
}

export function pick<T>(from: readonly T[], key: number, index: number): T {
  const picked = from[Math.floor(chance(key, index) * from.length)]
  if (picked === undefined) throw new RangeError('Nothing to pick from.')
  return picked
}

/** A UUID (form of version 4) that belongs to a name. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const hex = [0, 1, 2, 3]
    .map((n) =>
      keyOf(n, ...parts)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
  const variant = '89ab'[parseInt(hex[16] ?? '0', 16) & 3]
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-')
}

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad)
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97)
  return (h ^ (h >>> 15)) >>> 0
}
