// `connect`: its own bundle, one file without anything that it does not need. It is run directly, or by `serena-deck connect`.
import { runConnect } from '../connect/run-connect.ts'

const words = process.argv.slice(2)
runConnect(words[0] === 'connect' ? words.slice(1) : words)
