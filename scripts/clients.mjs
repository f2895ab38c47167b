// Installs programs of others that the tests of the hub use, below .cache/clients: none is a dependency of the project.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cache, runNpm } from './steps.mjs'

const folder = join(cache, 'clients')
const PACKAGES = ['@modelcontextprotocol/server-everything@2026.8.31']

/** Returns the reasons of failures. */
export async function prepareClients() {
  const stamp = join(folder, `${PACKAGES.join(' ').replaceAll('/', '+')}.complete`)
  if (existsSync(stamp)) return []
  console.log('Installing programs for the tests into .cache/clients …')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const code = await runNpm(['install', '--no-audit', '--no-fund', ...PACKAGES], { cwd: folder })
  if (code !== 0) return [`npm could not install ${PACKAGES.join(', ')} (exit code ${code})`]
  writeFileSync(stamp, '')
  return []
}
