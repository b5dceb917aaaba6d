import { expect, test } from 'vitest'
import { cookieJar } from './cookie-jar.ts'

test('a cookie that the gateway sets counts for the next question and reaches the browser', () => {
  const jar = cookieJar('lang=de; homewatt=old')
  const setCookie = 'homewatt=a=b; Path=/; HttpOnly; SameSite=Strict'
  jar.take([setCookie])
  expect(jar.header()).toBe('lang=de; homewatt=a=b')
  expect(jar.news()).toEqual([setCookie])
})

test('a browser without cookies has none', () => {
  expect(cookieJar(null).header()).toBe('')
})
