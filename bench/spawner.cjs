// Loaded into a stand-in by NODE_OPTIONS: starts a child every 10 ms until it exits, each in its own session, every third one below
// a shell; the stand-in ignores SIGTERM. The children exit after a minute.
const { spawn } = require('node:child_process')

process.on('SIGTERM', () => undefined)
let count = 0
setInterval(() => {
  count += 1
  const [program, args] = count % 3 === 0 ? ['sh', ['-c', 'sleep 60 & wait']] : ['sleep', ['60']]
  const env = { ...process.env, NODE_OPTIONS: '' }
  spawn(program, args, { detached: true, stdio: 'ignore', env }).on('error', () => undefined)
}, 10)
