// Nothing is sent when nothing changed.
import { describe, expect, it } from 'vitest'
import type { Instance, InstanceList } from '#contract/instance'
import { diffLists } from './diff.ts'

const instance = (id: string, title = id): Instance => ({
  id,
  pid: 1,
  startedAt: null,
  port: null,
  title,
  state: 'live',
  colour: 'green',
  flags: [],
  verdict: { certainty: 'certain', evidence: [] },
  project: null,
  context: null,
  modes: [],
  transport: null,
  serenaVersion: null,
  owner: null,
  memoryBytes: null,
  memoryKind: null,
  cpuPercent: null,
  processCount: 1,
  lastActivityAt: null,
  sources: [],
})
const list = (instances: Instance[], change: Partial<InstanceList> = {}): InstanceList => ({
  schema: 1,
  sweptAt: 'now',
  serenaHomes: ['/h'],
  instances,
  notices: [],
  ...change,
})

describe('diffLists', () => {
  it('is null for equal lists, whenever they were swept', () => {
    expect(diffLists(list([instance('a')]), list([instance('a')], { sweptAt: 'later' }), [])).toBeNull()
  })

  it('names what came, changed and went', () => {
    const changes = diffLists(
      list([instance('a'), instance('b')]),
      list([instance('b', 'new'), instance('c')]),
      [],
    )
    expect(changes).toMatchObject({ removed: ['a'], notices: null, serenaHomes: null })
    expect(changes?.changed.map(({ id }) => id)).toEqual(['b', 'c'])
  })

  it('tells notices and homes only when they changed', () => {
    const notice = { id: 'n', level: 'warning', text: 'broken' } as const
    expect(diffLists(list([]), list([], { notices: [notice] }), [])?.notices).toEqual([notice])
    expect(diffLists(list([]), list([], { serenaHomes: ['/h', '/i'] }), [])?.serenaHomes).toEqual([
      '/h',
      '/i',
    ])
  })
})
