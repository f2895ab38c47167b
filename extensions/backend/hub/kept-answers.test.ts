// Kept answers on a real folder: which are kept, and which requests they answer.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { partsOf } from '../mcp/message-parts.ts'
import { type Call, callOf } from './call.ts'
import { createKeptAnswers, type KeptAnswers } from './kept-answers.ts'
import { createKeptCopies } from './kept-copies.ts'

let folder: string
let kept: KeptAnswers
const TOOLS = '"result":{"tools":[{"name":"find_symbol"}]}}'
const nothing = (): void => undefined

function request(method: string, params?: string): Call {
  const line = Buffer.from(
    `{"id":"x","method":"${method}"${params === undefined ? '' : `,"params":${params}`}}`,
  )
  const parts = partsOf(line)
  if (parts === null) throw new Error('no message')
  return callOf('a', line, parts, '"x"', nothing)
}
const keep = (answer: string): Promise<boolean> => kept.keep('tools/list', Buffer.from(answer))
const answerTo = (...call: Parameters<typeof request>): string | undefined =>
  kept.answerTo(request(...call))?.toString()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deck-kept-'))
  kept = createKeptAnswers(createKeptCopies(join(folder, 'kept')), 'key')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('says whether an answer differs from the kept one, whatever its id', async () => {
  expect(await keep(`{"jsonrpc":"2.0","id":4,${TOOLS}`)).toBe(true)
  expect(await keep(`{"jsonrpc":"2.0","id":5,${TOOLS}`)).toBe(false)
  expect(await keep('{"jsonrpc":"2.0","id":6,"result":{"tools":[]}}')).toBe(true)
})

it.each([
  ['an error', '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}'],
  ['a part of a list', '{"jsonrpc":"2.0","id":1,"result":{"tools":[],"nextCursor":"2"}}'],
])('does not keep %s', async (_, answer) => {
  expect(await keep(answer)).toBe(false)
  expect(kept.read('tools/list')).toBeNull()
})

it('answers a request for a kept list with its own id', async () => {
  await keep(`{"jsonrpc":"2.0","id":4,${TOOLS}`)
  const answer = `{"jsonrpc":"2.0","id":"x",${TOOLS}`
  expect(answerTo('tools/list')).toBe(answer)
  expect(answerTo('tools/list', '{"_meta":{"progressToken":1}}')).toBe(answer)
})

it('answers no request with arguments, nor one whose answer is not kept', async () => {
  await keep(`{"jsonrpc":"2.0","id":4,${TOOLS}`)
  expect(answerTo('tools/list', '{"cursor":"2"}')).toBeUndefined()
  expect(answerTo('prompts/list')).toBeUndefined()
  expect(answerTo('logging/setLevel')).toBeUndefined()
})
