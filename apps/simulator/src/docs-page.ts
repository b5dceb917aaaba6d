import type { OpenApi, Operation } from './openapi.ts'

/** The description of the API as one page without scripts: endpoints by tag, then the schemas they refer to. */
export function docsPage({ info, tags, paths, components }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const sections = tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name))
    return `<section id="${anchor(name)}"><h2>${escape(name)}</h2>${own.map(endpoint).join('')}</section>`
  })
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<details id="schema-${name}"><summary>${name}</summary>${json(schema)}</details>`,
  )
  const links = tags.map(({ name }) => `<a href="#${anchor(name)}">${escape(name)}</a>`)
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(info.title)}</title>
<style>${style}</style></head>
<body><header><h1>${escape(info.title)} ${info.version}</h1><p>${escape(info.description)}</p>
<p><a href="openapi.json">openapi.json</a></p></header>
<nav aria-label="Sections">${links.join(' ')} <a href="#schemas">Schemas</a></nav>
<main>${sections.join('')}<section id="schemas"><h2>Schemas</h2>${schemas.join('')}</section></main></body>
</html>`
}

type Listed = { path: string; method: string; operation: Operation }

function endpoint({ path, method, operation }: Listed): string {
  const { summary, parameters, requestBody, responses, security } = operation
  const rows = parameters.map(
    ({ name, in: where, required, description = '', schema }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${where}</td><td>${required ? 'required' : ''}</td><td>${json(schema)}</td><td>${escape(description)}</td></tr>`,
  )
  const answers = Object.entries(responses).map(([status, { description, content }]) => {
    const schema = content?.['application/json']?.schema
    return `<dt>${status} ${escape(description)}</dt><dd>${schema ? json(schema) : ''}</dd>`
  })
  const authorisation = security.length === 0 ? '<p>No token.</p>' : ''
  return `<details id="${operation.operationId}"><summary><b data-method="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code> ${escape(summary)}</summary>
${authorisation}${rows.length > 0 ? `<table>${rows.join('')}</table>` : ''}
${requestBody ? `<h3>Body</h3>${json(requestBody.content['application/json'].schema)}` : ''}
<h3>Answers</h3><dl>${answers.join('')}</dl></details>`
}

/** A schema as text, its references as links. */
function json(schema: unknown): string {
  const short = JSON.stringify(schema)
  const text = escape(short.length < 80 ? short : JSON.stringify(schema, null, 1))
  return `<pre>${text.replace(/#\/components\/schemas\/(\w+)/g, '<a href="#schema-$1">$1</a>')}</pre>`
}

const anchor = (name: string) => name.toLowerCase().replace(/[^a-z]+/g, '-')

const escape = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

const style = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem}
nav{position:sticky;top:0;background:Canvas;padding:.5rem 0;display:flex;flex-wrap:wrap;gap:.3rem 1rem;border-bottom:1px solid}
details{border:1px solid;border-radius:.4rem;margin:.4rem 0;padding:.3rem .7rem}summary{cursor:pointer;overflow-wrap:anywhere}
pre{margin:0;overflow:auto;max-height:30rem;font-size:.8rem}b[data-method]{display:inline-block;min-width:4.2rem}
table{border-collapse:collapse;display:block;overflow:auto}td{border:1px solid;padding:.2rem .5rem;vertical-align:top}
section{scroll-margin-top:4rem}dd{margin:0 0 .5rem 1rem}`
