// Entry of the page in the native window: the backend sends its address first.
import { createNeutralinoPlatform } from './platform/neutralino.ts'
import { start } from './start.tsx'

await start(await createNeutralinoPlatform())
