// Entry of the page in the native window: its backend introduces itself first.
import { createNeutralinoPlatform } from './platform/neutralino.ts'
import { start } from './start.tsx'

await start(await createNeutralinoPlatform())
