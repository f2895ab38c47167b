// npm start: installs and builds what is missing, then opens Serena Deck.
import { join } from 'node:path'
import { build, installModules, isBuildStale, root, run, runScript, StepError } from './steps.mjs'

await runScript(async () => {
  await installModules()
  if (isBuildStale()) {
    console.log('Building …')
    const code = await build()
    if (code !== 0) throw new StepError(`The build failed (exit code ${code}): see above.`, code)
  }
  return run(process.execPath, [join(root, 'dist', 'backend', 'cli.js'), 'open', ...process.argv.slice(2)], {
    cwd: process.cwd(),
  })
})
