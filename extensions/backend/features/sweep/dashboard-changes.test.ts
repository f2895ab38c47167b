// N37: a memory's name is judged before anybody is asked anything.
import { expect, test } from 'vitest'
import { createDashboardChanges } from './dashboard-changes.ts'

/** A deck whose every way to an instance is noted. */
function deck() {
  const asked: string[] = []
  const ask = (what: string) => (): never => {
    asked.push(what)
    throw new Error(what)
  }
  const changes = createDashboardChanges({
    prove: ask('prove'),
    leadsOutside: ask('leadsOutside'),
    isGone: ask('isGone'),
    configuration: {
      mask: ask('mask'),
      unmask: ask('unmask'),
      etagOf: ask('etagOf'),
      preview: ask('preview'),
    },
    backUp: ask('backUp'),
  })
  /** All ways to give it that name. */
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
  'N37: %j is refused by every call, and nobody is asked',
  async (name) => {
    const { asked, callsWith } = deck()
    for (const call of callsWith(name)) await expect(call()).rejects.toMatchObject({ code: 'bad-input' })
    expect(asked).toEqual([])
  },
)

test('a good name is asked for by each of them', async () => {
  const { asked, callsWith } = deck()
  for (const call of callsWith('style/conventions')) await expect(call()).rejects.toThrow('prove')
  expect(asked).toEqual(callsWith('x').map(() => 'prove'))
})
