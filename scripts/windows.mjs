// npm run test:windows: runs the Windows side under Wine, and ends with one line `N passed, N failed, N skipped`. Words after it go to
// vitest, such as the names of files.
import { build, installModules, isBuildStale, root, runScript, StepError } from './steps.mjs'
import { prepareWindows } from './windows/prepare.mjs'
import { windowsTests } from './windows/tests.mjs'

await runScript(async () => {
  process.chdir(root)
  await installModules()
  const why = await prepareWindows()
  if (why !== null) throw new StepError(why)
  if (isBuildStale() && (await build()) !== 0) throw new StepError('The build failed: see above.')
  const total = { passed: 0, failed: 0, skipped: 0 }
  const notes = []
  for await (const { name, counts, failures, skips } of windowsTests(process.argv.slice(2))) {
    for (const key of Object.keys(total)) total[key] += counts[key]
    notes.push(...failures.map((failure) => `Failed: ${name}: ${failure}`))
    notes.push(...skips.map((skip) => `Skipped: ${name}: ${skip}`))
  }
  console.log('')
  for (const note of notes) console.log(note)
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  return total.failed > 0 ? 1 : 0
})
