// Lines that a client should not send, and ids that it may: each must have the same effect through a hub as directly.
import { expectEqual, request, type SerenaPair } from './serena-pair.ts'

/** Sends each to both, after `initialize`. */
export async function expectEqualOddities(pair: SerenaPair): Promise<void> {
  const list = (id: string): string => `{"jsonrpc":"2.0","id":${id},"method":"prompts/list"}\n`
  const odd = [
    [
      '0',
      '-1',
      '9007199254740993',
      '123456789012345678901234567890',
      '""',
      '"1"',
      '"\\u00e9"',
      '"a\\"b\\\\"',
    ],
    ['null', 'true', '1.5', '1.0', '1e2', '[1]', '{"a":1}'],
  ].flat()
  for (const [i, id] of odd.entries())
    await expectEqual(pair, `${list(id)}${request(`after ${i}`, 'ping')}`, `after ${i}`)
  const broken = [
    '{"jsonrpc":"2.0","id":501,"method":"prompts/list"',
    '{"jsonrpc":"2.0","id":502,"method":"prompts/list"}}',
    '{"jsonrpc":"2.0","id":503,"method":}',
    'nothing',
    '""',
    '5',
    'null',
    '{}',
    '[]',
    '\t {"jsonrpc":"2.0","id":504,"method":"ping"} \t',
    '{"jsonrpc":"1.0","id":505,"method":"ping"}',
    '{"id":506,"method":"ping"}',
    '{"jsonrpc":"2.0","id":507,"method":5}',
    '{"jsonrpc":"2.0","id":508}',
    '{"jsonrpc":"2.0","id":509,"method":"no/such"}',
    '{"jsonrpc":"2.0","id":510,"method":"tools/call"}',
    '{"jsonrpc":"2.0","id":511,"method":"tools/call","params":[]}',
    '{"jsonrpc":"2.0","id":512,"method":"tools/call","params":{"name":5}}',
    '{"jsonrpc":"2.0","id":513,"result":{}}',
    '{"jsonrpc":"2.0","id":514,"error":{"code":1,"message":"x"}}',
    '[{"jsonrpc":"2.0","id":515,"method":"ping"},{"jsonrpc":"2.0","id":516,"method":"ping"}]',
    '{"jsonrpc":"2.0","method":"notifications/no_such","params":{}}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":517}}',
    '{"id":518,"jsonrpc":"2.0","params":{"_meta":{"progressToken":"t"}},"method":"ping","more":[1]}',
  ]
  for (const [i, line] of broken.entries())
    await expectEqual(pair, `${line}\n${request(`broken ${i}`, 'ping')}`, `broken ${i}`)
}
