// Preloaded into a stand-in (`node --import`): records the path of every request to its HTTP server, one per line.
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env.SERENA_DECK_BENCH_REQUESTS
if (folder) {
  subscribe('http.server.request.start', ({ request }) => {
    appendFileSync(join(folder, String(process.pid)), `${request.url}\n`)
  })
}
