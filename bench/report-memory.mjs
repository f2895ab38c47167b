// Preloaded into the backend of bench/soak.ts (`node --import`): on SIGUSR2 it collects garbage and appends the heap and resources
// in use.
import { appendFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const file = process.env.SERENA_DECK_BENCH_MEMORY
if (file) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  process.on('SIGUSR2', () => {
    collect()
    const heap = process.memoryUsage().heapUsed
    const resources = process.getActiveResourcesInfo().length
    appendFileSync(file, `${JSON.stringify({ heap, resources })}\n`)
  })
}
