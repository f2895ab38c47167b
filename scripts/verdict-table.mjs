// Runs the tests of verdicts in every situation, and writes the tables that they print to docs/dev/verdicts.md.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const page = new URL('../docs/dev/verdicts.md', import.meta.url)

/** Returns the lines of a test run without colors; exits this program if the run failed. */
function linesOf(project, ...files) {
  const run = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...files],
    {
      cwd: new URL('..', import.meta.url),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, VERDICT_ROWS: '1' },
    },
  )
  if (run.status === 0) return run.stdout.replace(/\u001b\[[0-9;]*m/g, '').split('\n')
  process.stderr.write(`${run.stdout}\nA test failed: docs/dev/verdicts.md was not changed.\n`)
  process.exit(1)
}

const real = linesOf('long', 'test/long/orphans.test.ts').filter((line) => /^\|[ -]/.test(line))
const situations = linesOf(
  'contract',
  'test/contract/unseen-clients.test.ts',
  'test/contract/listeners.test.ts',
  'test/contract/clients.test.ts',
).flatMap((line) => (line.startsWith('VERDICT') ? [line.slice('VERDICT'.length)] : []))
const head = [
  '| situation | has a client | started before | started late | without native calls | evidence |',
  '|---|---|---|---|---|---|',
]
let text = readFileSync(page, 'utf8')
for (const [name, rows] of [
  ['table', real],
  ['situations', [...head, ...situations]],
])
  text = text.replace(
    new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*(<!-- /${name} -->)`),
    (_, open, close) => `${open}${rows.join('\n')}\n${close}`,
  )
writeFileSync(page, text)
process.stdout.write(`${real.length - 2} and ${situations.length} rows written to docs/dev/verdicts.md\n`)
