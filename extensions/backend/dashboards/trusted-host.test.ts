// Which host a dashboard is asked by.
import { expect, it } from 'vitest'
import { createTrustedHost, hostsToTry } from './trusted-host.ts'

it.each([
  [null, ['127.0.0.1', 'localhost']],
  [[], ['127.0.0.1', 'localhost']],
  [
    ['127.0.0.1', 'localhost'],
    ['127.0.0.1', 'localhost'],
  ],
  [['Dash.Example.test:8080'], ['127.0.0.1', 'localhost', 'Dash.Example.test']],
  [['.example.test'], ['127.0.0.1', 'localhost', 'example.test']],
  [['bücher.test'], ['127.0.0.1', 'localhost', 'xn--bcher-kva.test']],
  // What could break out of the header, or is no host at all.
  [
    ['a\r\nX-Evil: 1', 'a b', 'http://x/', '', '[::1]', '.'],
    ['127.0.0.1', 'localhost', 'http'],
  ],
  [
    ['a', 'b', 'c', 'd', 'e', 'f'],
    ['127.0.0.1', 'localhost', 'a', 'b', 'c', 'd'],
  ],
])('of %j tries %j', (trusted, hosts) => {
  expect(hostsToTry(trusted)).toEqual(hosts)
})

it('reports nothing until the default host is refused, then the accepted host', () => {
  const host = createTrustedHost(() => ['dash.test'])
  expect([host.current(), host.refusal()]).toEqual(['127.0.0.1', null])
  expect(host.next()).toBe(true)
  expect(host.next()).toBe(true)
  host.accept()
  expect([host.current(), host.refusal()]).toEqual([
    'dash.test',
    { acceptedHost: 'dash.test', trusted: ['dash.test'] },
  ])
})

it('starts with the first host again after all were refused, and reads the list again', () => {
  let list: string[] | null = null
  const host = createTrustedHost(() => list)
  expect([host.next(), host.next(), host.current()]).toEqual([true, false, '127.0.0.1'])
  expect(host.refusal()).toEqual({ acceptedHost: null, trusted: null })
  list = ['dash.test']
  expect([host.next(), host.next(), host.current()]).toEqual([true, true, 'dash.test'])
  host.accept()
  expect(host.refusal()).toEqual({ acceptedHost: 'dash.test', trusted: ['dash.test'] })
})
