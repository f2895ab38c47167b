// N37: the name of a memory is checked before any request.
import { expect, test } from 'vitest'
import { createDashboardChanges } from './dashboard-changes.ts'

/** A deck that records every access to an instance. */
function deck() {
  const asked: string[] = []
  const ask = (what: string) => (): never => {
    asked.push(what)
    throw new Error(what)
  }
  const changes = createDashboardChanges({
    prove: ask('prove'),
    leadsOutside: ask('leadsOutside'),
    hasExited: ask('hasExited'),
    backUp: ask('backUp'),
  })
  /** Every call that takes a name. */
  const callsWith = (name: string): (() => Promise<unknown>)[] => [
    () => changes.memory('id', name),
    () => changes.saveMemory('id', { name, content: 'x', basedOn: null }),
    () => changes.renameMemory('id', { from: name, to: 'good' }),
    () => changes.renameMemory('id', { from: 'good', to: name }),
    () => changes.deleteMemory('id', { name }),
  ]
  return { asked, callsWith }
}

test.each(['../../x', '/etc/x', 'a//b', '..\\x', '%2e%2e%2f', 'a\0b', 'CON', 'x:ads', 'x'.repeat(300)])(
  '%j is refused by every call, before any request',
  async (name) => {
    const { asked, callsWith } = deck()
    for (const call of callsWith(name)) await expect(call()).rejects.toMatchObject({ code: 'bad-input' })
    expect(asked).toEqual([])
  },
)

test('a valid name reaches the instance in every call', async () => {
  const { asked, callsWith } = deck()
  for (const call of callsWith('style/conventions')) await expect(call()).rejects.toThrow('prove')
  expect(asked).toEqual(callsWith('x').map(() => 'prove'))
})
