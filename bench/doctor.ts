// Measures `serena-deck doctor` over forty configuration files, beyond the start of Node. Needs a build. Run: npx tsx bench/doctor.ts
import { execFileSync } from 'node:child_process'
import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { cliProgram } from '../test/helpers/backend.ts'
import { makeTempFolder, projectRoot } from '../test/helpers/temp-home.ts'
import { alternate, figure, median, printTable, runBench } from './measure.ts'

const ROUNDS = 11
const CLIENTS = join(projectRoot, 'test', 'fixtures', 'clients')

await runBench('doctor', async (scope) => {
  const home = await makeTempFolder(scope, 'doctor')
  let count = 0
  for (const client of await readdir(CLIENTS, { withFileTypes: true })) {
    if (!client.isDirectory()) continue
    for (const kind of await readdir(join(CLIENTS, client.name))) {
      await cp(join(CLIENTS, client.name, kind), home, { recursive: true })
      count += 1
    }
  }
  const env = { ...process.env, HOME: home, SERENA_DECK_STATE: join(home, 'state') }
  const run = (...words: string[]): Promise<void> => {
    try {
      execFileSync(process.execPath, words, { env, cwd: home, stdio: 'ignore' })
    } catch {
      // Findings have the exit code 1.
    }
    return Promise.resolve()
  }
  const times = await alternate(
    {
      node: () => run('-e', ''),
      otherHome: () => run(cliProgram, 'doctor', '--home', home, '--project', join(home, 'shop')),
      thisMachine: () => run(cliProgram, 'doctor', '--project', join(home, 'shop')),
    },
    ROUNDS,
  )
  const node = median(times.node)
  printTable(
    ['figure', 'ms'],
    [
      ['start of Node', figure(node)],
      [`doctor --home over ${count} homes' files, beyond it`, figure(median(times.otherHome) - node)],
      ['doctor on this machine, beyond it', figure(median(times.thisMachine) - node)],
    ],
  )
})
