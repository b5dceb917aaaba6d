import { beforeAll, expect, test } from 'vitest'
import { hostileLinks } from '../../apps/gateway/src/hostile-links.test-support.ts'
import { sendAsWritten } from '../../apps/gateway/src/whole-house.test-support.ts'
import { hostileStrings } from './hostile-strings.ts'
import { useStack } from './use-stack.ts'

const stack = useStack()
let cookie: string
let device: { type: string; id: string }
beforeAll(async () => {
  cookie = await stack.signIn('full')
  const { devices } = await stack.home('full')
  device = devices[0] ?? expect.fail('There is no device.')
})

const form = 'application/x-www-form-urlencoded'
const host = () => new URL(stack.url).host

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  sendAsWritten(
    stack.url,
    'POST',
    path,
    { host: host(), origin: stack.url, 'content-type': form, cookie, ...headers },
    body,
  )

/** Where an answer sends a browser: by its head, or by the page itself. */
function destinations({
  headers,
  body,
}: {
  headers: { location?: string | undefined }
  body: string
}): string[] {
  const refresh = /http-equiv="refresh" content="0; ?url=([^"]*)"/.exec(body)?.[1]
  return [headers.location, refresh].filter((one) => one !== undefined)
}

const isOurs = (where: string) => new URL(where, stack.url).origin === stack.url

test('no page leads away from us, whatever it is asked to return to', async () => {
  for (const link of [...hostileLinks, ...hostileStrings.slice(0, 60)]) {
    const text = encodeURIComponent(link)
    const answers = [
      await post('/language', `lang=de&back=${text}`),
      await post('/sign-in?/start', `to=${text}`),
      await post(`/sign-in?/start&to=${text}&redirect=${text}`, `to=overview`),
      await post('/demo', `home=full&to=${text}&back=${text}`),
      await sendAsWritten(stack.url, 'GET', `/sign-in?to=${text}&reason=${text}`, { host: host() }),
      await sendAsWritten(stack.url, 'GET', `/actions/return?result=${text}&to=${text}`, {
        host: host(),
        cookie,
      }),
    ]
    for (const answer of answers) {
      expect(answer.status, link).toBeLessThan(500)
      for (const where of destinations(answer)) expect(isOurs(where), `${link} leads to ${where}`).toBe(true)
      expect(answer.body).not.toMatch(/<img src=x|<svg onload|href="javascript:/i)
    }
  }
})

test('nor does an address with too many slashes, or of another shape', async () => {
  for (const path of [
    '//evil.example',
    '//evil.example/',
    '///evil.example/',
    '/\\evil.example/',
    '/%5cevil.example/',
    '/%2f/evil.example/',
    '/%2f%2fevil.example/',
    '/.//evil.example/',
    '/demo//evil.example/',
    '//evil.example/%2e%2e',
    '/demo/',
    '/sign-in/',
    '//demo/',
    '/@evil.example/',
    '/;@evil.example/',
  ])
    for (const method of ['GET', 'POST']) {
      const answer = await sendAsWritten(stack.url, method, path, { host: host(), cookie, origin: stack.url })
      expect(answer.status, path).toBeLessThan(500)
      for (const where of destinations(answer)) expect(isOurs(where), `${path} leads to ${where}`).toBe(true)
    }
})

test('nonsense is answered, and nothing breaks over it', async () => {
  const paths = () => [
    '/',
    '/demo',
    '/sign-in',
    '/sign-in?/start',
    '/sign-in?/end&x',
    '/language',
    '/actions/return',
    `/${device.type}/${device.id}`,
    `/${device.type}/x`,
    '/inverters/%00',
    '/inverters/%E0%A4%A',
    '/%',
    '/%ff',
    '/nowhere',
    '/?/nothing',
    `/?/boost`,
    `/${device.type}/${device.id}?/resolve`,
  ]
  const bodies: [type: string, body: string][] = [
    [form, ''],
    [form, 'lang=xx&back=%E0%A4%A&home=%00&id=__proto__&type=constructor&n=NaN'],
    [form, `id=${device.id}&type=${device.type}&n=99999999999999999999`],
    [form, 'x='.repeat(5_000)],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="home"; filename="a"\r\n\r\nfull\r\n--x--\r\n',
    ],
    ['multipart/form-data; boundary=x', '--x\r\nbroken'],
    ['multipart/form-data', 'no boundary'],
    ['text/plain', 'home=full'],
    ['application/json', '{"home":"full"}'],
    ['application/json', '{'],
    ['application/x-sveltekit-formdata', '\u0001\u0002'],
    ['x', 'x'],
    ['', 'x'],
  ]
  const wrong: string[] = []
  for (const path of paths()) {
    for (const [type, body] of bodies) {
      const { status } = await post(path, body, {
        'content-type': type,
        accept: type.length % 2 ? '*/*' : 'application/json',
      })
      if (status >= 500) wrong.push(`POST ${path} ${type} ${body.slice(0, 40)}: ${status}`)
    }
    for (const method of ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      const { status } = await sendAsWritten(stack.url, method, path, {
        host: host(),
        cookie,
        origin: stack.url,
      })
      if (status >= 500) wrong.push(`${method} ${path}: ${status}`)
    }
  }
  expect(wrong).toEqual([])
})
