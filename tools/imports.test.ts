import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const workspaces = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => ({ name, folder: join(root, folder, name) })),
)

/** The table of docs/architecture.md: `| client, display | contract |`. */
const table = new Map(
  [
    ...readFileSync(join(root, 'docs/architecture.md'), 'utf8').matchAll(
      /^\| ([a-z, ]+) \| ([a-z, ]+) \|$/gm,
    ),
  ].flatMap(([, from = '', to = '']) =>
    from.split(', ').map((name) => [name, to === 'nothing of ours' ? [] : to.split(', ')] as const),
  ),
)

test.each(workspaces)(
  '$name depends on what the table of docs/architecture.md allows',
  ({ name, folder }) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const ours = Object.keys(dependencies).filter((dependency) => dependency.startsWith('@homewatt/'))
    expect(table.get(name)).toEqual(
      expect.arrayContaining(ours.map((dependency) => dependency.slice('@homewatt/'.length))),
    )
  },
)

test.each(workspaces)('$name imports only what its package.json names', ({ folder }) => {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  const named = { ...dependencies, ...devDependencies }
  const strangers = sources(folder).flatMap((file) =>
    importsOf(file)
      .filter((specifier) => !allowed(specifier, file, folder, named))
      .map((specifier) => `${relative(root, file)} imports ${specifier}`),
  )
  expect(strangers).toEqual([])
})

function allowed(specifier: string, file: string, folder: string, named: Record<string, string>): boolean {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return true
  if (/^(\$app|\$env|\$lib|\$service-worker|#)/.test(specifier)) return true
  if (specifier.startsWith('.')) return resolve(dirname(file), specifier).startsWith(folder)
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  return name in named
}

function importsOf(file: string): string[] {
  const code = readFileSync(file, 'utf8')
  return [
    ...code.matchAll(
      /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm,
    ),
  ].map(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '')
}

/** What ships. Tests, like e2e and bench, may import anything. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'build', '.svelte-kit', 'static'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.(ts|js|mjs|svelte)$/.test(entry.name) && !/\.test(-[a-z]+)?\.ts$/.test(entry.name) ? [path] : []
  })
}
