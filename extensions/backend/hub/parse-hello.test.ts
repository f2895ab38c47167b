// First lines of connections.
import { expect, it } from 'vitest'
import { parseHello } from './parse-hello.ts'
import { type ClientHello, PROTOCOL } from './protocol.ts'

const CLIENT: ClientHello = {
  ...{ serenaDeck: 'hello', kind: 'client', protocol: PROTOCOL, release: '1.0.0', pid: 7, parentPid: 6 },
  ...{ cwd: '/shop', command: ['serena', 'start-mcp-server'], env: { PATH: '/bin' }, isResumed: false },
  flags: {
    ...{ isGlobal: true, opensOnLaunch: null, globalPort: 24280, idleShutdownMinutes: 0.5 },
    ...{ isPrivate: false, shareAs: 'x' },
  },
}
const BASE = { serenaDeck: 'hello', protocol: 9, release: '2', pid: 1 }
const parse = (value: unknown): unknown => parseHello(Buffer.from(JSON.stringify(value)))

it('reads each kind', () => {
  const all = [
    CLIENT,
    { ...BASE, kind: 'observer' },
    { ...BASE, kind: 'control', action: 'stop', target: null },
    { ...BASE, kind: 'control', action: 'detach', target: 'c1' },
  ]
  for (const one of all) expect(parse(one)).toEqual(one)
})

it.each<[unknown]>([
  [[]],
  [{}],
  [{ ...BASE, kind: 'other' }],
  [{ ...BASE, kind: 'control', action: 'kill', target: null }],
  [{ ...CLIENT, command: [] }],
  [{ ...CLIENT, command: 'serena' }],
  [{ ...CLIENT, cwd: null }],
  [{ ...CLIENT, pid: -1 }],
  [{ ...CLIENT, env: { A: 1 } }],
  [{ ...CLIENT, flags: { ...CLIENT.flags, idleShutdownMinutes: 0 } }],
  [{ ...CLIENT, flags: { ...CLIENT.flags, isPrivate: undefined } }],
  [{ ...CLIENT, flags: null }],
])('refuses %j', (value) => {
  expect(parse(value)).toBeNull()
})

it('refuses what is not JSON', () => {
  expect(parseHello(Buffer.from('GET / HTTP/1.1'))).toBeNull()
})
