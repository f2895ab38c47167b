// Messages with other ids: only the id and the token change.
import { expect, it } from 'vitest'
import { partsOf } from './message-parts.ts'
import { cancellationIn, progressIn, progressTokenOf, withOwnId } from './own-ids.ts'

function parsed(text: string) {
  const line = Buffer.from(text)
  const parts = partsOf(line)
  if (parts === null) throw new Error(`no message: ${text}`)
  return [line, parts] as const
}

it('replaces id and progress token of a request, and no other byte', () => {
  const text = (id: string, token: string): string =>
    `{ "params": {"n":1.0, "_meta":{"progressToken":${token},"x":"é"}}, "method":"tools/call","id":${id}}`
  const request = parsed(text('"a"', '"a"'))
  expect(withOwnId(...request, 7).toString()).toBe(text('7', '7'))
  expect(progressTokenOf(...request)).toBe('"a"')
})

it('replaces only the id of a request without a token', () => {
  const request = parsed('{"id":1,"method":"tools/list","params":{"progressToken":1}}')
  expect(withOwnId(...request, 7).toString()).toBe(
    '{"id":7,"method":"tools/list","params":{"progressToken":1}}',
  )
  expect(progressTokenOf(...request)).toBeNull()
})

it('finds the request that progress is for', () => {
  const progress = progressIn(
    ...parsed('{"method":"notifications/progress","params":{"progressToken":12,"progress":1}}'),
  )
  expect(progress?.id).toBe(12)
  expect(progress?.withToken('"t"').toString()).toBe(
    '{"method":"notifications/progress","params":{"progressToken":"t","progress":1}}',
  )
  expect(progressIn(...parsed('{"method":"notifications/progress","params":{}}'))).toBeNull()
})

it('finds the request that is canceled, with two spellings of one id', () => {
  const canceled = cancellationIn(
    ...parsed('{"method":"notifications/cancelled","params":{"requestId":"\\u0061","reason":"b"}}'),
  )
  expect(canceled?.idKey).toBe('"a"')
  expect(canceled?.withOwnId(3).toString()).toBe(
    '{"method":"notifications/cancelled","params":{"requestId":3,"reason":"b"}}',
  )
  expect(cancellationIn(...parsed('{"method":"notifications/cancelled"}'))).toBeNull()
})
