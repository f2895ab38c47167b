// npm run check: what must pass before a commit. The lint takes as long as everything else, so it runs beside it.
import { runNpm } from './steps.mjs'

const LANES = [['lint'], ['format:check', 'types', 'unused', 'unit']]

/** Runs the scripts of a lane in order; resolves to the name of the first one that fails, else null. */
async function runLane(names) {
  for (const name of names) if ((await runNpm(['run', '-s', name])) !== 0) return name
  return null
}

const failed = (await Promise.all(LANES.map(runLane))).filter((name) => name !== null)
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0
