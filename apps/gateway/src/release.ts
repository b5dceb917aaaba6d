import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Release } from '@homewatt/contract'

/**
 * Which release of the pages a build of the web app holds.
 *
 * @param build directory of the build; `null` for none
 * @returns `null` without a build, or with one that does not say
 */
export function releaseOf(build: string | null): Release | null {
  const file = build === null ? null : join(build, 'client/_app/release.json')
  return file !== null && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Release) : null
}
