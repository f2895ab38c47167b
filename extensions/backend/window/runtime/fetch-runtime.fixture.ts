// A process that fetches a runtime of 1 MB from a server of its own into the cache folder it is given, and prints the result.
// For tests of disks, which are mounted for a process and its children only.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fetchNativeRuntime } from './fetch-runtime.ts'

const [folder = ''] = process.argv.slice(2)
const body = Buffer.alloc(1024 * 1024, 7)
const sha256 = createHash('sha256').update(body).digest('hex')
const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const pin = { url: `http://127.0.0.1:${port}/`, name: 'runtime', archiveSha256: sha256, sha256 }
  const place = { env: { XDG_CACHE_HOME: folder }, platform: 'linux', arch: 'x64' } as const
  fetchNativeRuntime(place, { pin })
    .then(
      () => 'It worked.',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    .then((message) => {
      const cache = join(folder, 'serena-deck', 'neutralino', '6.9.0')
      const left = existsSync(cache) ? readdirSync(cache) : []
      process.stdout.write(`${message}\n${JSON.stringify(left)}\n`)
      server.closeAllConnections()
      server.close()
    })
    .catch((error: unknown) => {
      throw error
    })
})
