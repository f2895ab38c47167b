// What is known about the tools of a Serena that has started, or whose list has changed.
import { setImmediate as settled } from 'node:timers/promises'
import { beforeEach, expect, it } from 'vitest'
import { createKnownTools, type KnownTools } from './known-tools.ts'

let tools: KnownTools
/** The kept answers, by method. */
let kept: Map<string, Buffer>
let asked: string[]
let serenaTools: string
let isRunning: boolean
let changes: boolean[]

const listOf = (...tools: string[]): string =>
  `{"jsonrpc":"2.0","id":0,"result":{"tools":[${tools.map((name) => `{"name":"${name}","annotations":{"readOnlyHint":true}}`).join()}]}}`

beforeEach(() => {
  kept = new Map()
  asked = []
  serenaTools = listOf('find_symbol')
  isRunning = true
  changes = []
  tools = createKnownTools({
    kept: {
      read: (method) => kept.get(method) ?? null,
      keep(method, answer) {
        const isNew = !kept.get(method)?.equals(answer)
        kept.set(method, answer)
        return Promise.resolve(isNew)
      },
      answerTo: () => null,
    },
    ask(line) {
      asked.push((JSON.parse(line.toString()) as { method: string }).method)
      return Promise.resolve(Buffer.from(serenaTools))
    },
    isRunning: () => isRunning,
    onTools: (isChange) => changes.push(isChange),
    onFault: (error) => {
      throw error
    },
  })
})

it('may have every tool while none is known', async () => {
  expect(tools.mayHave('anything')).toBe(true)
  tools.refresh()
  await settled()
  expect([tools.mayHave('anything'), tools.mayHave('find_symbol')]).toEqual([false, true])
  expect([...tools.facts().readOnly]).toEqual(['find_symbol'])
  expect(changes).toEqual([false])
})

it('reports a change only if the list differs from the kept one', async () => {
  kept.set('tools/list', Buffer.from(serenaTools))
  tools.refresh()
  await settled()
  expect(changes).toEqual([])
  serenaTools = listOf('find_symbol', 'serena_repl')
  tools.refresh()
  await settled()
  expect(changes).toEqual([true])
  expect(tools.mayHave('serena_repl')).toBe(true)
})

it('asks for each list once, one after another', async () => {
  tools.refreshAll()
  tools.refresh()
  await settled()
  expect(asked).toEqual(['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'])
})

it('asks nothing of a Serena that has exited', async () => {
  isRunning = false
  tools.refresh()
  await settled()
  expect(asked).toEqual([])
})
