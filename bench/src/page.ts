import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Browser, CDPSession } from 'playwright-core'
import { launchBrowser, phone } from '../../e2e/src/browser.ts'
import { freePort, startStack } from '../../e2e/src/stack.ts'

const rounds = 5
const network = {
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
  offline: false,
}
const cpuSlowdown = 4
/** How long after the load event the page is still watched: scripts, stream, first changes. */
const settleMs = 4_000

type Load = {
  requests: number
  bytes: number
  documentBytes: number
  scriptBytes: number
  firstNumberMs: number
  lcpMs: number
  blockingMs: number
  layoutShift: number
}

/**
 * Cold load of the overview of the `full` home on a throttled phone, beside the same document without script, served
 * as one file by a bare server in the same run: the least that this content can cost.
 */
export async function pageBench(): Promise<unknown> {
  const stack = await startStack()
  const browser = await launchBrowser({ whole: true })
  try {
    const cookie = await stack.signIn('full')
    const floor = await serveFloor(await (await fetch(stack.url, { headers: { cookie } })).text())
    const overview: Load[] = []
    const floors: Load[] = []
    for (let round = 0; round < rounds; round++) {
      floors.push(await load(browser, floor.url, ''))
      overview.push(await load(browser, stack.url, cookie))
    }
    floor.close()
    const result = { overview: medians(overview), floor: medians(floors), rounds, network, cpuSlowdown }
    print(result.overview, result.floor)
    return result
  } finally {
    await browser.close()
    await stack.close()
  }
}

/** The document as it came from the gateway, without anything it would load or run. */
async function serveFloor(html: string): Promise<{ url: string; close: () => void }> {
  const page = gzipSync(
    html
      .replace(/<script[\s\S]*?<\/script>/g, '')
      .replace(/<link[^>]+rel="?(modulepreload|manifest|icon|apple-touch-icon)[^>]*>/g, ''),
  )
  const server = createServer((request, response) => {
    if (request.url !== '/') return response.writeHead(204).end()
    return response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' })
      .end(page)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, resolve))
  return {
    url: `http://localhost:${port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function load(browser: Browser, url: string, cookie: string): Promise<Load> {
  const context = await browser.newContext(phone)
  const page = await context.newPage()
  if (cookie) {
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([{ name, value, url }])
  }
  const session = await context.newCDPSession(page)
  const traffic = await watchTraffic(session)
  await session.send('Network.emulateNetworkConditions', network)
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown })
  await page.addInitScript(observe)
  await page.goto(url, { waitUntil: 'load' })
  await page.waitForTimeout(settleMs)
  const seen = await page.evaluate(() => (window as unknown as { seen: Seen }).seen)
  await context.close()
  return { ...traffic(), ...seen }
}

type Seen = Pick<Load, 'firstNumberMs' | 'lcpMs' | 'blockingMs' | 'layoutShift'>

/** Runs in the page, before anything of it. */
function observe() {
  const seen = { firstNumberMs: NaN, lcpMs: NaN, blockingMs: 0, layoutShift: 0 }
  Object.assign(window, { seen })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.lcpMs = entry.startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.blockingMs += Math.max(0, entry.duration - 50)
  }).observe({ type: 'longtask', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number
      hadRecentInput: boolean
    })[])
      if (!entry.hadRecentInput) seen.layoutShift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  const look = () => {
    // A number with a unit in the main part: what somebody opens the page for.
    if (/\d[\s\u00a0\u202f]?(W|kW|%|°C)/.test(document.querySelector('main')?.textContent ?? ''))
      requestAnimationFrame(() => (seen.firstNumberMs = performance.now()))
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

async function watchTraffic(
  session: CDPSession,
): Promise<() => Pick<Load, 'requests' | 'bytes' | 'documentBytes' | 'scriptBytes'>> {
  const types = new Map<string, string>()
  const bytes = new Map<string, number>()
  await session.send('Network.enable')
  session.on('Network.requestWillBeSent', ({ requestId, type }) => types.set(requestId, type ?? 'Other'))
  session.on('Network.dataReceived', ({ requestId, encodedDataLength }) =>
    bytes.set(requestId, (bytes.get(requestId) ?? 0) + encodedDataLength),
  )
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    bytes.set(requestId, encodedDataLength),
  )
  const sum = (wanted?: string) =>
    [...bytes].reduce((total, [id, size]) => (wanted && types.get(id) !== wanted ? total : total + size), 0)
  return () => ({
    requests: types.size,
    bytes: sum(),
    documentBytes: sum('Document'),
    scriptBytes: sum('Script'),
  })
}

function medians(loads: Load[]): Load {
  const median = (pick: (load: Load) => number) =>
    loads.map(pick).sort((a, b) => a - b)[Math.floor(loads.length / 2)] ?? NaN
  return {
    requests: median((load) => load.requests),
    bytes: median((load) => load.bytes),
    documentBytes: median((load) => load.documentBytes),
    scriptBytes: median((load) => load.scriptBytes),
    firstNumberMs: Math.round(median((load) => load.firstNumberMs)),
    lcpMs: Math.round(median((load) => load.lcpMs)),
    blockingMs: Math.round(median((load) => load.blockingMs)),
    layoutShift: Math.round(median((load) => load.layoutShift) * 1000) / 1000,
  }
}

function print(overview: Load, floor: Load): void {
  console.log(`Overview, phone, 1.6 Mbit/s, 150 ms, CPU ÷ ${cpuSlowdown}, cold, median of ${rounds}`)
  console.table({ overview, floor })
  console.log(`First live number: ${(overview.firstNumberMs / floor.firstNumberMs).toFixed(2)} × floor`)
}
