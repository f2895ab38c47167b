// Real Serenas through the hub: every answer has the bytes of a direct stdio connection, but for the id.
import { describe, expect, test } from 'vitest'
import { expectEqualOddities } from '../helpers/odd-messages.ts'
import { hasSerena } from '../helpers/serena.ts'
import {
  call,
  exchange,
  expectEqual,
  INITIALIZED,
  idOf,
  initialize,
  request,
  startPair,
} from '../helpers/serena-pair.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

describe.each(['2.1.0', '1.7.0'] as const)('Serena %s', (version) => {
  describe.skipIf(!hasSerena(version))('through the hub', () => {
    test('answers 200 tool calls with the same bytes', async () => {
      const pair = await startPair(scope, { version })
      await expectEqual(pair, `${initialize(0)}${INITIALIZED}`, 0)
      await expectEqual(pair, request(-1, 'tools/list'), -1)
      const session = version.startsWith('2.') ? { session: 't' } : {}
      const kinds = (id: number): string[] => [
        call(id, 'list_dir', { relative_path: '.', recursive: true, ...session }),
        call(id, 'find_file', { file_mask: '*.ts', relative_path: '.', ...session }),
        call(id, 'search_for_pattern', { substring_pattern: 'Greet', ...session }),
        call(id, 'read_file', { relative_path: 'long.txt', max_answer_chars: 500_000, ...session }),
        call(id, 'read_memory', { memory_name: 'nicht da: größe', ...session }),
        call(id, 'no_such_tool', {}),
        call(id, 'list_dir', { wrong: ['argument'] }),
        request(id, 'prompts/list'),
      ]
      const all = Array.from({ length: 200 }, (_, i) => kinds(i + 1)[i % 8] ?? '')
      for (let at = 0; at < all.length; at += 40) {
        const some = all.slice(at, at + 40)
        // A request without an order of its own may be answered first: wait for each.
        for (const [i, line] of some.entries())
          await Promise.all([exchange(pair.direct, line, at + i + 1), exchange(pair.hub, line, at + i + 1)])
      }
      const byId = (lines: readonly string[]) => new Map(lines.map((line) => [idOf(line), line]))
      const direct = byId(pair.direct.lines())
      expect(direct.size).toBe(202)
      expect(Object.fromEntries(byId(pair.hub.lines()))).toEqual(Object.fromEntries(direct))
      expect(direct.get('4')?.length).toBeGreaterThan(100_000)
    }, 240_000)

    test('treats odd ids, broken JSON and batches the same', async () => {
      const pair = await startPair(scope, { version })
      await expectEqual(pair, request('early', 'tools/list'), 'early')
      await expectEqual(pair, `${initialize('größe 🍏')}${INITIALIZED}`, 'größe 🍏')
      await expectEqualOddities(pair)
    }, 240_000)

    test.each(['2024-11-05', '2025-03-26', '2025-11-25', '2026-07-28', '1999-01-01'])(
      'answers initialize with version %s the same',
      async (protocolVersion) => {
        const pair = await startPair(scope, { version })
        await expectEqual(pair, initialize(1, protocolVersion), 1)
      },
      120_000,
    )
  })
})

describe.skipIf(!hasSerena())('Serena 2.1.0', () => {
  test('answers 60 calls of its REPL with the same bytes', async () => {
    const pair = await startPair(scope, { version: '2.1.0', agentInterface: 'repl' })
    await expectEqual(pair, `${initialize(0)}${INITIALIZED}`, 0)
    for (let i = 1; i <= 60; i++) {
      const code = i % 10 === 0 ? 'no_such_name' : `x = ${i}\n"größer " * x`
      const line = call(i, 'serena_repl', { session: 's', code })
      await Promise.all([exchange(pair.direct, line, i), exchange(pair.hub, line, i)])
    }
    expect(pair.hub.lines().toSorted()).toEqual(pair.direct.lines().toSorted())
    expect(pair.hub.lines()).toHaveLength(61)
  }, 120_000)

  test.each(['claude-code', 'codex', 'desktop-app', 'ide', 'agent'])(
    'lists its tools and prompts in the context %s the same',
    async (context) => {
      const pair = await startPair(scope, { version: '2.1.0', context })
      await expectEqual(pair, `${initialize(0)}${INITIALIZED}`, 0)
      for (const [i, list] of [
        'tools/list',
        'prompts/list',
        'resources/list',
        'resources/templates/list',
      ].entries())
        await expectEqual(pair, request(i + 1, list), i + 1)
    },
    120_000,
  )
})
