import { expect, it } from 'vitest'
import { dashboardUrl, formatPort } from './dashboard-address.ts'

it.each([
  [{ port: 24_282 }, ':24282', 'http://127.0.0.1:24282/dashboard/'],
  [{ port: 24_282, address: '127.0.0.2' }, '127.0.0.2:24282', 'http://127.0.0.2:24282/dashboard/'],
  [{ port: 24_282, address: '::1' }, '[::1]:24282', 'http://[::1]:24282/dashboard/'],
])('%j is written %s', (place, text, url) => {
  expect([formatPort(place), dashboardUrl(place)]).toEqual([text, url])
})
