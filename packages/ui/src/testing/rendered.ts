import { formatter } from '@homewatt/display'
import type { Component } from 'svelte'
import { render } from 'svelte/server'
import type { Outcome, Surroundings } from '../context.ts'
import { words } from '../words/en.ts'
import InSurroundings from './InSurroundings.svelte'

export const noon = new Date('2026-06-21T12:00:00Z')

/** A component as the server sends it: its markup, and the text that a person reads. */
export function rendered<Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: Props,
  outcome: Outcome | null = null,
  switchedOff: Surroundings['switchedOff'] = [],
): { html: string; text: string } {
  const surroundings: Surroundings = {
    words,
    format: formatter('en-GB', 'Europe/Berlin'),
    now: noon,
    support: { name: 'Support', email: null, url: null },
    switchedOff,
    hrefOf: (type, id) => `/${type}/${id}`,
    enhance: () => {},
    isBusy: () => false,
    outcomeOf: (key) => (outcome?.key === key ? outcome : null),
  }
  const { body } = render(InSurroundings, {
    props: { component: component as Component<Record<string, unknown>>, props, surroundings },
  })
  const html = body.replace(/<!--.*?-->/g, '')
  return { html, text: textOf(html) }
}

function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
