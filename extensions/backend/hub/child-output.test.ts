// Output of a Serena: messages among other lines.
import { beforeEach, expect, it } from 'vitest'
import { type ChildOutput, createChildOutput } from './child-output.ts'

let output: ChildOutput
let messages: string[]

beforeEach(() => {
  messages = []
  output = createChildOutput(
    (line) => messages.push(line.toString()),
    (error) => {
      throw error
    },
  )
})

it('passes on messages, also when they arrive in pieces', () => {
  output.push(Buffer.from('{"id":1}\n {"id"'))
  output.push(Buffer.from(':2}\n[{"id":3}]\n'))
  expect(messages).toEqual(['{"id":1}', ' {"id":2}', '[{"id":3}]'])
  expect([output.isEmpty(), output.lastWords()]).toEqual([false, ''])
})

it('keeps the end of all other output', () => {
  output.push(Buffer.from('Starting {x}\n'))
  output.pushOther(Buffer.from('usage: serena\n'))
  expect(messages).toEqual([])
  expect([output.isEmpty(), output.lastWords()]).toEqual([true, 'Starting {x}\nusage: serena'])
  output.pushOther(Buffer.alloc(9_000, 'x'))
  expect(output.lastWords()).toBe('x'.repeat(8 * 1024))
})
