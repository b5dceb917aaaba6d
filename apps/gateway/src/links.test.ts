import { expect, test } from 'vitest'
import { createLinkCheck } from './links.ts'

const check = createLinkCheck([
  'https://app.podero.com',
  'https://connect.podero.com',
  'http://localhost:4010',
])

test.each([
  ['https://app.podero.com/x?y=z#w', 'https://app.podero.com/x?y=z#w'],
  ['HTTPS://APP.PODERO.COM/', 'https://app.podero.com/'],
  ['https://app.podero.com:443/', 'https://app.podero.com/'],
  ['https://app.podero.com/a/../b', 'https://app.podero.com/b'],
  ['http://localhost:4010/connect/1', 'http://localhost:4010/connect/1'],
])('%s is allowed, and written anew', (link, written) => {
  expect(check(link)).toBe(written)
})

test.each([
  '',
  '/',
  '//app.podero.com/',
  '/\\app.podero.com/',
  'https:app.podero.com\\@evil.example',
  'https://app.podero.com\\.evil.example/',
  'https://app.podero.com@evil.example/',
  'https://evil.example/?https://app.podero.com',
  'https://evil.example/#@app.podero.com',
  'https://app.podero.com.evil.example/',
  'https://app.podero.com./',
  'https://evilapp.podero.com/',
  'https://sub.app.podero.com/',
  'https://podero.com/',
  'https://user@app.podero.com/',
  'https://user:pass@app.podero.com/',
  'https://app.podero.com:8443/',
  'http://app.podero.com/',
  'http://localhost/',
  'https://localhost:4010/',
  'http://127.0.0.1:4010/',
  'http://[::1]:4010/',
  'javascript:alert(1)',
  'javascript://app.podero.com/%0aalert(1)',
  'JAVASCRIPT:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'blob:https://app.podero.com/1',
  'file:///etc/passwd',
  'ftp://app.podero.com/',
  'ws://app.podero.com/',
  'about:blank',
  ' https://app.podero.com/',
  'https://app.podero.com/ ',
  'https://app.podero.com/\r\nx: y',
  'https://app.podero.com/\tx',
  'ht\ntps://app.podero.com/',
  'https://app.podero\u3002com.evil.example/',
  'https://аpp.podero.com/',
  'https://app.podero.com%2eevil.example/',
  'https://0x7f.1/',
  'https://[::ffff:127.0.0.1]/',
  'null',
  'undefined',
])('%j is not', (link) => {
  expect(check(link)).toBeNull()
})
