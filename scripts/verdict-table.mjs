// Runs the long test of orphans on real Serenas and writes the table that it prints into docs/verdicts.md.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const page = new URL('../docs/verdicts.md', import.meta.url)
const run = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'long', 'test/long/orphans.test.ts'],
  { cwd: new URL('..', import.meta.url), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
)
const lines = run.stdout.replace(/\u001b\[[0-9;]*m/g, '').split('\n')
const table = lines.filter((line) => line.startsWith('| ') || line.startsWith('|---'))
if (run.status !== 0 || table.length < 3) {
  process.stderr.write(
    `${run.stdout}\nThe test failed or printed no table: docs/verdicts.md is left as it is.\n`,
  )
  process.exit(1)
}
const between = /(<!-- table -->\n)[\s\S]*(<!-- \/table -->)/
writeFileSync(
  page,
  readFileSync(page, 'utf8').replace(between, (_, open, close) => `${open}${table.join('\n')}\n${close}`),
)
process.stdout.write(`${table.length - 2} rows written to docs/verdicts.md\n`)
