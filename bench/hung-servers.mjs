// Run by bench/hung.ts: serves many dashboards in one process; every n-th accepts connections and never answers.
import { createServer } from 'node:http'

const [count, every] = process.argv.slice(2).map(Number)
const answers = { '/heartbeat': { status: 'alive' } }
const log = { messages: [], max_idx: 41, active_project: 'shop' }

const ports = await Promise.all(
  Array.from({ length: count }, (_, index) => {
    const isHung = index % every === 0
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        if (isHung) return
        response.writeHead(200, { 'Content-Type': 'application/json', Connection: 'close' })
        response.end(JSON.stringify(answers[request.url] ?? log))
      })
    })
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(server.address().port))
    })
  }),
)
process.send({ ports })
process.on('disconnect', () => process.exit(0))
