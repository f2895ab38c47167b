// A program that keeps hundreds of connections to a port open, each with an incomplete request, and replaces each closed one: any
// other user of the machine can do this.
import { type DrivenProgram, startDrivenProgram } from './driven-program.ts'
import type { Scope } from './scope.ts'

/** Each begins like a valid request. */
export const HALF_REQUESTS = {
  'half a line': 'GET /api/inst',
  'half a header': 'GET /api/instances HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Fil',
  'half a body':
    'POST /api/session HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
} as const

const PROGRAM = `
const { connect } = require('node:net')
const [port, count, text] = [Number(process.argv[1]), Number(process.argv[2]), process.argv[3]]
let opened = 0
let closed = 0
function open() {
  const socket = connect(port, '127.0.0.1', () => {
    if (text !== '') socket.write(text)
    if (++opened === count) console.log(JSON.stringify({ attacks: true }))
  })
  socket.on('error', () => undefined)
  socket.on('data', () => undefined)
  socket.on('close', () => { closed++; setImmediate(open) })
}
for (let i = 0; i < count; i++) open()
process.stdin.on('end', () => { console.log(JSON.stringify({ opened, closed })); process.exit() }).resume()
`

/** Resolves when `count` connections were opened; stopped when the scope ends. */
export async function startHalfRequests(
  scope: Scope,
  { port, kind, count = 700 }: { port: number; kind: keyof typeof HALF_REQUESTS; count?: number },
): Promise<DrivenProgram> {
  const text = HALF_REQUESTS[kind].replace('PORT', String(port))
  const words = ['-e', PROGRAM, String(port), String(count), text]
  const program = startDrivenProgram(scope, process.execPath, words, { cwd: '/', env: process.env })
  await program.said((message) => message['attacks'] === true)
  return program
}
