// A real Serena through the hub: every answer has the bytes of a direct stdio connection. `test/long/hub-real.test.ts` has all releases and contexts.
import { describe, test } from 'vitest'
import { expectEqualOddities } from '../helpers/odd-messages.ts'
import { hasSerena } from '../helpers/serena.ts'
import { call, expectEqual, INITIALIZED, initialize, request, startPair } from '../helpers/serena-pair.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

describe.skipIf(!hasSerena())('Serena 2.1.0', () => {
  test('answers through the hub as directly', async () => {
    const pair = await startPair(scope, { version: '2.1.0' })
    await expectEqual(pair, request('early', 'tools/list'), 'early')
    await expectEqual(pair, `${initialize('größe 🍏')}${INITIALIZED}`, 'größe 🍏')
    await expectEqual(pair, request(-1, 'tools/list'), -1)
    const session = 't'
    for (let id = 1; id <= 10; id += 2) {
      await expectEqual(pair, call(id, 'find_file', { file_mask: '*.ts', relative_path: '.', session }), id)
      const args = { relative_path: 'long.txt', max_answer_chars: 500_000, session }
      await expectEqual(pair, call(id + 1, 'read_file', args), id + 1)
    }
    await expectEqualOddities(pair)
  }, 120_000)
})
