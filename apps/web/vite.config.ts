import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'
import { nodeWithOrigin } from './adapter.ts'
import { liveScript } from './vite.live.ts'

export default defineConfig({
  plugins: [
    liveScript(),
    sveltekit({
      adapter: nodeWithOrigin(),
      // Hot replacement would wrap the live page in marks that the server's markup lacks; pages reload instead.
      compilerOptions: { runes: true, hmr: false },
      // One flight: the document brings its style along instead of pointing at it.
      inlineStyleThreshold: 40_000,
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['none'],
          'script-src': ['self'],
          'style-src': ['self'],
          'img-src': ['self', 'data:'],
          'connect-src': ['self'],
          'manifest-src': ['self'],
          'worker-src': ['self'],
          'form-action': ['self'],
          'base-uri': ['none'],
          'require-trusted-types-for': ['script'],
          // Svelte's own, for the templates that are in its script anyway; and ours, for the one service worker.
          'trusted-types': ['svelte-trusted-html', 'homewatt-worker'],
        },
      },
    }),
  ],
  // Workspace packages are TypeScript and Svelte source; only a bundler can serve them to Node.
  ssr: { noExternal: [/^@homewatt\//] },
  build: { target: 'es2022' },
  // While developing, pages are served by Vite and what is live on them asks the gateway through it.
  server: { proxy: { '/api': process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:3000' } },
})
