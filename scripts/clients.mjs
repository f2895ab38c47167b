// Installs programs of others that the tests of the hub and of the setup use, below .cache/clients: none is a dependency of the
// project.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cache, run, runNpm } from './steps.mjs'

const folder = join(cache, 'clients')

/** Each in a folder of its own, so that one that cannot be had leaves the others. `place`: its own script, which npm does not run. */
const PROGRAMS = [
  { id: '.', name: '@modelcontextprotocol/server-everything', version: '2026.8.31' },
  { id: 'claude-code', name: '@anthropic-ai/claude-code', version: '2.1.197', place: 'install.cjs' },
  { id: 'codex', name: '@openai/codex', version: '0.171.0' },
  { id: 'gemini-cli', name: '@google/gemini-cli', version: '0.61.0' },
  // Later versions need Node 22.
  { id: 'qwen-code', name: '@qwen-code/qwen-code', version: '0.15.10' },
  { id: 'opencode', name: 'opencode-ai', version: '1.18.33', place: 'postinstall.mjs' },
  { id: 'copilot-cli', name: '@github/copilot', version: '1.0.102' },
]

/** Returns the reasons of failures. */
export async function prepareClients() {
  const reasons = []
  for (const program of PROGRAMS) {
    const why = await installProgram(program)
    if (why === null) continue
    reasons.push(`tests with ${program.name} ${program.version}: ${why}`)
    // The tests name it where they are skipped.
    writeFileSync(join(folder, program.id, 'why-missing.txt'), why)
  }
  return reasons
}

/** Resolves to null, or to the reason of a failure. */
async function installProgram({ id, name, version, place }) {
  const own = join(folder, id)
  const stamp = join(own, `${name.replaceAll('/', '+')}@${version}.complete`)
  if (existsSync(stamp)) return null
  rmSync(join(own, 'why-missing.txt'), { force: true })
  console.log(`Installing ${name} ${version} into .cache/clients …`)
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'package.json'), '{ "private": true }\n')
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`]
  const code = await runNpm(install, { cwd: own })
  if (code !== 0) return `npm could not install it (exit code ${code})`
  if (place !== undefined) {
    const file = join(own, 'node_modules', name, place)
    const placed = await run(process.execPath, [file], { cwd: join(own, 'node_modules', name) })
    if (placed !== 0) return `its ${place} failed (exit code ${placed})`
  }
  writeFileSync(stamp, '')
  return null
}
