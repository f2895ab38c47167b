// The hub's process: its own bundle, started by `connect`.
import { runHub } from '../hub/run-hub.ts'

await runHub(process.argv.slice(2))
