// TARGET in all its forms.

import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { AppError } from '#contract/errors'
import { instance } from '#contract/instance.fixture'
import { resolveTarget } from './target.ts'

const instanceOf = (pid: number, port: number | null, project: string | null) =>
  instance(pid, {
    port,
    title: `${pid} - ${project ?? 'NO PROJECT'}`,
    state: project === null ? 'idle' : 'live',
    project: project === null ? null : { name: project, path: `/srv/${project}` },
  })
const instances = [
  instanceOf(24284, 24282, 'shop'),
  instanceOf(24290, 24283, 'web'),
  instanceOf(24300, 24284, null),
  instanceOf(24310, 24285, 'web'),
  instanceOf(24320, null, '24290'),
]
const find = (target: string): number | null =>
  resolveTarget(target, instances, {
    absolutePath: (path) => (path.startsWith('/') ? path : `/srv/${path}`),
    launchers: new Map([[500, 24300]]),
  }).pid
const codeOf = (target: string): unknown => {
  try {
    return find(target)
  } catch (error) {
    return error instanceof AppError ? error.code : error
  }
}

test.each([
  ['24282', 24284],
  ['24300', 24300],
  ['pid:24284', 24284],
  ['port:24284', 24300],
  ['shop', 24284],
  ['/srv/shop', 24284],
  ['/srv/shop/', 24284],
  ['500', 24300],
  ['pid:500', 24300],
])('%s is one instance', (target, pid) => {
  expect(find(target)).toBe(pid)
})

test('an empty target, as from an unset variable, is not the project of this folder', () => {
  const at = (target: string) =>
    resolveTarget(target, instances, {
      absolutePath: (path) => resolve('/srv/shop', path),
      launchers: new Map(),
    })
  expect(at('.').pid).toBe(24284)
  expect(() => at('')).toThrow(AppError)
})

test.each(['24284', 'web', '24290'])('%s is ambiguous', (target) => {
  expect(codeOf(target)).toBe('target-ambiguous')
})

test('an ambiguous target lists its matches by unambiguous names', () => {
  expect(() => find('web')).toThrow(
    '24290 - web (pid:24290, port:24283); 24310 - web (pid:24310, port:24285)',
  )
})

test('a port of two addresses names neither instance, and the pids are listed', () => {
  const both = [instanceOf(5, 24_282, 'shop'), { ...instanceOf(6, 24_282, 'web'), address: '127.0.0.2' }]
  const context = { absolutePath: (path: string) => path, launchers: new Map() }
  expect(() => resolveTarget('port:24282', both, context)).toThrow('5 - shop (pid:5); 6 - web (pid:6)')
})

test.each(['no-such', '1', 'pid:24282', 'port:24290', 'pid:', '0x5EDA', '-1', '', '2.4e4', 'port:500'])(
  '%j is none',
  (target) => {
    expect(codeOf(target)).toBe('instance-not-found')
  },
)
