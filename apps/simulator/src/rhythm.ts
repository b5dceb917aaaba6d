import { chance } from './hash.ts'

/** How often a device reports: its own period, never quite on the dot. */
export type Rhythm = { key: number; periodMs: number }

/** A rhythm between 5 and 15 minutes, as manufacturers' clouds have. */
export function rhythmOf(key: number, shortestMin: number, longestMin: number): Rhythm {
  return {
    key,
    periodMs: Math.round((shortestMin + (longestMin - shortestMin) * chance(key, 1)) * 60) * 1000,
  }
}

/** The first report after `afterMs`. */
export function nextReportMs(rhythm: Rhythm, afterMs: number): number {
  const { key, periodMs } = rhythm
  const phaseMs = Math.floor((chance(key, 2) * periodMs) / 1000) * 1000
  let turn = Math.floor((afterMs - phaseMs) / periodMs) - 1
  for (;;) {
    const early = chance(key ^ 0x7ac7, turn) - 0.5
    const atMs = phaseMs + turn * periodMs + Math.round(early * 0.3 * (periodMs / 1000)) * 1000
    if (atMs > afterMs) return atMs
    turn++
  }
}
