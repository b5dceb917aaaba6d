import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launchBrowser, type BrowserOptions } from './browser.ts'
import { startStack, type ControlHome, type Stack, type StackOptions } from './stack.ts'
import { unusedHomes, type UnusedHomes } from './unused-homes.ts'

/** A noon in summer, for otherwise homes would live in the hour, the weather and the season in which the tests run. */
const summerNoon = ['--start', '2026-06-17T12:30:00Z']

/**
 * A stack of this file's (or `describe`'s) own, for as long as its tests run; as a function, `options` may name what was
 * opened before. Its homes live from a noon in summer on, unless `--start` says otherwise.
 */
export const useStack = (options: StackOptions | (() => StackOptions) = {}): Stack =>
  duringTests(() => {
    const { simulatorArgs = [], ...others } = typeof options === 'function' ? options() : options
    // Of what is told twice the simulator takes the last.
    return startStack({ ...others, simulatorArgs: [...summerNoon, ...simulatorArgs] })
  })

/** Likewise a browser; one without `options` is closed to its last context, and goes on to the next file. */
export const useBrowser = (options?: BrowserOptions): Browser =>
  options ? duringTests(() => launchBrowser(options)) : duringTests(sharedBrowser, closeContexts)

let shared: Browser | null = null

async function sharedBrowser(): Promise<Browser> {
  if (!shared?.isConnected()) shared = await launchBrowser()
  return shared
}

async function closeContexts(browser: Browser): Promise<void> {
  for (const context of browser.contexts()) await context.close()
}

/** The demo home with this name, as it is before the first test. */
export const useHome = (stack: Stack, name: string): ControlHome => duringTests(() => stack.home(name))

/** The homes of the stack that no test has looked at. */
export const useUnusedHomes = (stack: Stack): UnusedHomes => duringTests(() => unusedHomes(stack))

/**
 * What `open` gives, from before the first test of this file (or `describe`) until after its last; nothing can be read
 * from it earlier. Things open in the order they are asked for and close in the opposite one, those that did open too
 * when a later one fails.
 */
export function duringTests<T extends object & { close?: () => unknown }>(
  open: () => Promise<T>,
  close: (opened: T) => unknown = (opened) => opened.close?.(),
): T {
  let opened: T | undefined
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(() => opened && close(opened))
  return new Proxy({} as T, {
    get: (_, name) => {
      if (!opened) throw new Error(`Only a test may ask for "${String(name)}": nothing is open before.`)
      const value: unknown = Reflect.get(opened, name)
      return typeof value === 'function' ? value.bind(opened) : value
    },
  })
}
