import { svelte } from '@sveltejs/vite-plugin-svelte'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build, type Plugin } from 'vite'

/** Below SvelteKit's own folder of hashed files, which is served as never changing. */
const folder = '_app/immutable/live'

const sources = {
  entry: 'src/live/entry.ts',
  words: { en: '../../packages/ui/src/words/en.ts', de: '../../packages/ui/src/words/de.ts' },
  screens: { device: 'src/live/Device.svelte', return: 'src/live/ActionReturn.svelte' },
  forms: 'src/forms/entry.ts',
}

/**
 * Builds the one script that live pages load, and the one of settings pages, before SvelteKit builds the pages, and
 * tells them their names. Pages go without SvelteKit's own client: a router and a loader would double the script, and
 * the links between a handful of server-rendered pages do not need them.
 */
export function liveScript(): Plugin {
  let built: Promise<Script> | undefined
  return {
    name: 'homewatt-live-script',
    async config(_config, { command }) {
      const script = command === 'build' ? await (built ??= buildScript()) : sourceScript()
      return { define: { __LIVE_SCRIPT__: JSON.stringify(script) } }
    },
  }
}

type Script = typeof sources

type Manifest = Record<string, { file: string; imports?: string[] }>

async function buildScript(): Promise<Script> {
  rmSync(`static/${folder}`, { recursive: true, force: true })
  const { entry, words, screens, forms } = sources
  const live = await buildFrom(entry)
  const settings = await buildFrom(forms)
  // The names of words and screens are written in the entry, so its own name changes with any of them.
  writeFileSync('static/_app/release.json', JSON.stringify({ script: live(entry) }))
  return {
    entry: live(entry),
    words: { en: live(words.en), de: live(words.de) },
    screens: { device: live(screens.device), return: live(screens.return) },
    forms: settings(forms),
  }
}

/** Builds a script of one piece; the result says where a source of it is. */
async function buildFrom(input: string): Promise<(source: string) => string> {
  const outDir = `static/${folder}`
  await build({
    configFile: false,
    base: `/${folder}/`,
    plugins: [svelte({ compilerOptions: { runes: true } })],
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      manifest: 'manifest.json',
      // The document names what a page needs, and brings all styles.
      modulePreload: false,
      cssCodeSplit: false,
      rolldownOptions: {
        input,
        output: {
          entryFileNames: '[hash].js',
          chunkFileNames: '[hash].js',
          assetFileNames: 'unused/[name][extname]',
          // One file for all that the overview needs: what is cut into pieces compresses worse, by 3 KB in all.
          codeSplitting: { groups: [{ name: 'live', tags: ['$initial'] }] },
        },
      },
    },
  })
  const manifest = JSON.parse(readFileSync(`${outDir}/manifest.json`, 'utf8')) as Manifest
  rmSync(`${outDir}/unused`, { recursive: true, force: true })
  rmSync(`${outDir}/manifest.json`)
  const url = (source: string) => {
    const file = manifest[source]?.file
    if (!file) throw new Error(`The live script's build has no ${source}.`)
    return `/${folder}/${file}`
  }
  if (manifest[input]?.imports?.length) throw new Error('The script is not in one piece.')
  return url
}

/** While developing, Vite serves the sources themselves. */
function sourceScript(): Script {
  return {
    entry: `/${sources.entry}`,
    words: { en: '', de: '' },
    screens: { device: '', return: '' },
    forms: `/${sources.forms}`,
  }
}
