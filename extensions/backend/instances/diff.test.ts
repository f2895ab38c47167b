// What a change contains, and that there is none when nothing changed.
import { describe, expect, it } from 'vitest'
import type { Instance, InstanceList } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { diffLists } from './diff.ts'

const instanceOf = (id: string, title = id) => instance(1, { id, title })
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
    expect(diffLists(list([instanceOf('a')]), list([instanceOf('a')], { sweptAt: 'later' }), [])).toBeNull()
  })

  it('contains what was added, changed and removed', () => {
    const changes = diffLists(
      list([instanceOf('a'), instanceOf('b')]),
      list([instanceOf('b', 'new'), instanceOf('c')]),
      [],
    )
    expect(changes).toMatchObject({ removed: ['a'], notices: null, serenaHomes: null })
    expect(changes?.changed.map(({ id }) => id)).toEqual(['b', 'c'])
  })

  it('includes notices and homes only when they changed', () => {
    const notice = { id: 'n', level: 'warning', text: 'broken' } as const
    expect(diffLists(list([]), list([], { notices: [notice] }), [])?.notices).toEqual([notice])
    expect(diffLists(list([]), list([], { serenaHomes: ['/h', '/i'] }), [])?.serenaHomes).toEqual([
      '/h',
      '/i',
    ])
  })
})
