import adapterNode from '@sveltejs/adapter-node'
import type { Adapter } from '@sveltejs/kit'
import { readFileSync, writeFileSync } from 'node:fs'

/**
 * adapter-node, with the origin taken from `ORIGIN` when the server starts. The adapter knows an origin only as
 * a constant of the build and otherwise assumes https, which makes every form post over plain http look
 * cross-site; one build has to serve any `PUBLIC_URL`.
 */
export function nodeWithOrigin(): Adapter {
  const out = 'build'
  const node = adapterNode({ out, precompress: true })
  return {
    ...node,
    async adapt(builder) {
      await node.adapt(builder)
      const file = `${out}/adapter-node.js`
      const source = readFileSync(file, 'utf8')
      const patched = source.replace(
        'export const origin = undefined;',
        'export const origin = process.env.ORIGIN;',
      )
      if (patched === source)
        throw new Error(`${file} no longer declares its origin the way adapter.ts expects.`)
      writeFileSync(file, patched)
    },
  }
}
