// Runs on the Node that is outside (20.19 or newer): plain JavaScript, no dependency.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './prepare.mjs'

// `node tools/sbom.mjs`: what ships, as a bill of materials (CycloneDX 1.5) on standard output. npm's own leaves out
// what two packages share. The same lockfile makes the same bytes, so that two releases can be compared.
const { name, version, packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

const components = Object.entries(packages)
  .filter(([path, { link, dev }]) => path.includes('node_modules/') && !link && !dev)
  .map(([path, { name, version, integrity, license }]) => {
    // An alias is installed under another name than its own.
    const own = name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const purl = `pkg:npm/${own.replace('@', '%40')}@${version}`
    const [algorithm, digest] = integrity.split('-')
    return {
      type: 'library',
      'bom-ref': purl,
      name: own,
      version,
      purl,
      hashes: [
        { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') },
      ],
      ...(license ? { licenses: [{ expression: license }] } : {}),
    }
  })
// One package may be installed in several places.
const once = [...new Map(components.map((component) => [component.purl, component])).values()]

console.log(
  JSON.stringify(
    {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: { component: { type: 'application', 'bom-ref': name, name, version } },
      components: once.sort((a, b) => (a.purl < b.purl ? -1 : 1)),
    },
    null,
    2,
  ),
)
