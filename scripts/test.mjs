// npm test: installs what the tests need, runs every check and test, and ends with one line `N passed, N failed, N skipped`.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium, getChromium } from './chromium.mjs'
import { prepareClients } from './clients.mjs'
import { OTHERS, prepareSerenas } from './serena.mjs'
import { build, cache, homeEnvironment, installModules, root, runCommand, runScript } from './steps.mjs'
import { countPlaywright, countVitest } from './test-count.mjs'
import { whyUnprepared } from './windows/prepare.mjs'
import { windowsTests } from './windows/tests.mjs'

const reports = join(cache, 'test')
const total = { passed: 0, failed: 0, skipped: 0 }
const notes = []
const durations = []

const title = (text) => console.log(`\n──── ${text}`)
/** Runs a step, and notes how long it took. */
async function timed(name, start) {
  title(name)
  const startedAt = performance.now()
  const result = await start()
  durations.push(`${name} ${Math.round((performance.now() - startedAt) / 1000)} s`)
  return result
}
const add = (count) => {
  for (const key of Object.keys(total)) total[key] += count[key]
}
const readReport = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)

/** Runs a step that is not a test; it counts as one test. */
async function check(name, start) {
  const code = await timed(name, start)
  add({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 })
  if (code !== 0) notes.push(`Failed: ${name} (exit code ${code})`)
  return code === 0
}

async function runTests(name, count, start) {
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`)
  rmSync(report, { force: true })
  const code = await timed(name, () => start(report))
  addCounted(name, count(readReport(report), code))
}

function addCounted(name, { counts, failures, skips }) {
  add(counts)
  for (const failure of failures) notes.push(`Failed: ${name}: ${failure}`)
  for (const skip of skips) notes.push(`Skipped: ${name}: ${skip}`)
}

/** Only what is there already: `npm test` installs no Wine. */
async function windows() {
  const why = whyUnprepared()
  if (why !== null) {
    notes.push(`Skipped: tests as win32: ${why}`)
    return add({ passed: 0, failed: 0, skipped: 1 })
  }
  title('tests as win32')
  for await (const { name, ...counted } of windowsTests()) addCounted(name, counted)
}

const vitest = (name, projects) =>
  runTests(name, countVitest, (report) =>
    runCommand('vitest', 'vitest', [
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]),
  )

async function everything() {
  const chromium = await getChromium()
  if (chromium.path && chromium.path !== findChromium()) process.env.SERENA_DECK_CHROMIUM = chromium.path
  if (!(await upToContract())) {
    skip('the build failed', ['native tests', 'tests as win32', 'browser tests'])
    return
  }
  await vitest('native tests', ['native'])
  await windows()
  if (!chromium.path) {
    skip(chromium.why, ['browser tests'])
    return
  }
  await runTests('browser tests', countPlaywright, (report) =>
    runCommand('@playwright/test', 'playwright', ['test', '--pass-with-no-tests'], {
      env: { SERENA_DECK_PLAYWRIGHT_REPORT: report },
    }),
  )
}

function skip(why, names) {
  for (const name of names) notes.push(`Skipped: ${name}: ${why}`)
  add({ passed: 0, failed: 0, skipped: names.length })
}

/**
 * Checks, unit and contract tests: what every system can run. Resolves to false if the build failed. The lint has one thread, and the
 * Serenas are downloaded: both run beside the rest.
 */
async function upToContract() {
  const lint = check('lint (eslint)', () => runCommand('eslint', 'eslint', ['.', '--max-warnings', '0']))
  const [isBuilt] = await Promise.all([
    upToUnit(),
    prepareSerenas().then((reasons) => notes.push(...reasons.map((reason) => `Not prepared: ${reason}`))),
  ])
  if (isBuilt) await vitest('contract tests', ['contract'])
  else skip('the build failed', ['unit tests', 'contract tests'])
  await lint
  return isBuilt
}

/** Resolves to false if the build failed. */
async function upToUnit() {
  await check('format (biome)', () => runCommand('@biomejs/biome', 'biome', ['check', '.']))
  await check('types (tsc)', () => runCommand('typescript7', 'tsc', ['-b']))
  await check('unused code (knip)', () => runCommand('knip', 'knip', []))
  if (!(await check('build (vite)', build))) return false
  await vitest('unit tests', ['contract-wall', 'page', 'page-dom', 'backend', 'processes'])
  return true
}

async function longOnes() {
  for (const reason of await prepareSerenas()) notes.push(`Not prepared: ${reason}`)
  await check('build (vite)', build)
  await vitest('long tests', ['long'])
}

async function clients() {
  for (const reason of [...(await prepareSerenas()), ...(await prepareClients())])
    notes.push(`Not prepared: ${reason}`)
  await check('build (vite)', build)
  await vitest('clients', ['clients'])
}

async function innocents() {
  await check('build (vite)', build)
  await vitest('false positives', ['innocents'])
}

async function chaos() {
  await check('build (vite)', build)
  await vitest('chaos', ['chaos'])
}

async function otherVersions() {
  for (const reason of await prepareSerenas(OTHERS)) notes.push(`Not prepared: ${reason}`)
  await check('build (vite)', build)
  await vitest('other versions', ['versions'])
}

await runScript(async () => {
  process.chdir(root)
  Object.assign(process.env, homeEnvironment(), { SERENA_USAGE_REPORTING: 'false' })
  await installModules()
  mkdirSync(reports, { recursive: true })
  if (process.argv.includes('--long')) await longOnes()
  else if (process.argv.includes('--contract')) await upToContract()
  else if (process.argv.includes('--versions')) await otherVersions()
  else if (process.argv.includes('--clients')) await clients()
  else if (process.argv.includes('--innocents')) await innocents()
  else if (process.argv.includes('--chaos')) await chaos()
  else await everything()
  console.log('')
  for (const note of notes) console.log(note)
  console.log(`Durations: ${durations.join(', ')}`)
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  return total.failed > 0 ? 1 : 0
})
