// A listener that is remembered is proven anew at each look, by the links of its descriptors. Real processes, a clock of the test.
import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import type { ProcessFact } from '../../facts.ts'
import { createListenerLookup } from './process-sockets.ts'

it.skipIf(process.platform !== 'linux')(
  'a settled listener that closes is missed at once, one that opens later is found',
  async () => {
    const program = `
    const { createServer } = require('node:net')
    const servers = []
    process.stdin.on('data', (data) => {
      if (String(data).startsWith('close')) for (const server of servers.splice(0)) server.close(() => console.log('closed'))
      else { const server = createServer().listen(0, '127.0.0.1', () => console.log(server.address().port)); servers.push(server) }
    })`
    const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      const said = (): Promise<string> =>
        new Promise((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim())))
      const tell = async (word: string): Promise<string> => {
        const answer = said()
        child.stdin.write(word)
        return answer
      }
      let nowMs = 0
      const lookup = createListenerLookup(() => nowMs)
      const fact = { pid: child.pid ?? 0, identity: 'boot:x:1' } as ProcessFact
      const ports = async (): Promise<number[]> => {
        const found = await lookup([fact])
        return (found.get(fact.pid) ?? []).map(({ port }) => port).sort()
      }
      const first = Number(await tell('open'))
      expect(await ports()).toEqual([first])
      // Settled: from here on the links are enough, for half a minute.
      nowMs += 61_000
      expect(await ports()).toEqual([first])
      nowMs += 1_000
      expect(await ports()).toEqual([first])
      const second = Number(await tell('open'))
      nowMs += 31_000
      expect(await ports()).toEqual([first, second].sort())
      nowMs += 61_000
      expect(await ports()).toEqual([first, second].sort())
      await tell('close')
      nowMs += 1
      expect(await ports()).toEqual([])
    } finally {
      child.kill('SIGKILL')
    }
  },
)
