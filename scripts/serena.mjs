// Installs real Serenas for the tests, each version in its own Python environment below .cache/serena.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { cache, homeEnvironment, run, runNpm } from './steps.mjs'

const folder = join(cache, 'serena')
const isWindows = process.platform === 'win32'
const inVenv = (venv, program) =>
  join(venv, isWindows ? 'Scripts' : 'bin', isWindows ? `${program}.exe` : program)

// Serena's own pins (both versions): with these installed it downloads nothing.
const LANGUAGE_SERVER = ['typescript@5.9.3', 'typescript-language-server@5.1.3']

async function findPython() {
  const check = 'import sys, venv; sys.exit(0 if (3, 10) <= sys.version_info[:2] <= (3, 13) else 1)'
  const launcher = isWindows
    ? [
        ['py', ['-3.12']],
        ['py', ['-3.11']],
        ['python', []],
      ]
    : []
  const plain = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'].map((name) => [name, []])
  for (const [file, args] of [...launcher, ...plain]) {
    if ((await run(file, [...args, '-c', check], { quiet: true, timeoutMs: 20_000 })) === 0)
      return [file, args]
  }
  return null
}

/** Installs that Serena if it is missing. Resolves to null, or to the reason of a failure. */
async function installSerena(version) {
  // Its own pin (mcp 1.12.3) breaks with a newer pydantic.
  const pins = version === '0.1.4' ? ['pydantic==2.11.7'] : []
  const venv = join(folder, version)
  // Written last: without it the environment is incomplete and is created again.
  const stamp = join(venv, 'complete')
  if (existsSync(stamp)) return null
  const python = await findPython()
  if (!python) return 'no Python 3.10 to 3.13 was found'
  console.log(`Installing serena-agent ${version} into .cache/serena …`)
  rmSync(venv, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const [file, args] = python
  if ((await run(file, [...args, '-m', 'venv', venv])) !== 0) {
    return 'python -m venv failed (on Debian and Ubuntu: apt install python3-venv)'
  }
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `serena-agent==${version}`,
    ...pins,
    'uv',
  ]
  const code = await run(inVenv(venv, 'python'), install, { env: homeEnvironment() })
  if (code !== 0) return `pip could not install serena-agent ${version} (exit code ${code})`
  writeFileSync(stamp, '')
  return null
}

/** Installs the TypeScript language server once; the SERENA_HOME of every test links to it. */
async function installLanguageServer() {
  const target = join(folder, 'language_servers', 'static', 'TypeScriptLanguageServer', 'ts-lsp')
  if (existsSync(join(target, 'node_modules', '.bin'))) return null
  console.log('Installing the TypeScript language server for Serena …')
  const half = `${target}.half`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { recursive: true })
  const code = await runNpm(
    ['install', '--prefix', half, '--no-audit', '--no-fund', '--ignore-scripts', ...LANGUAGE_SERVER],
    {
      cwd: half,
    },
  )
  if (code !== 0) return `npm could not install the TypeScript language server (exit code ${code})`
  renameSync(half, target)
  return null
}

/** Fills uv's cache, so that a test's `uvx` starts without a download. */
async function warmUvx(version) {
  const venv = join(folder, version)
  const stamp = join(folder, `uvx-${version}.complete`)
  if (existsSync(stamp)) return null
  console.log('Filling the uvx cache …')
  const args = ['--python', inVenv(venv, 'python'), '--from', `serena-agent==${version}`, 'serena', '--help']
  const env = {
    UV_CACHE_DIR: join(cache, 'uv'),
    UV_NO_CONFIG: '1',
    SERENA_HOME: join(folder, 'home'),
    SERENA_USAGE_REPORTING: 'false',
    PATH: `${join(inVenv(venv, 'python'), '..')}${delimiter}${process.env.PATH ?? ''}`,
  }
  const code = await run(inVenv(venv, 'uvx'), args, { env: { ...homeEnvironment(), ...env }, quiet: true })
  if (code !== 0) return `uvx could not fetch serena-agent ${version} (exit code ${code})`
  writeFileSync(stamp, '')
  return null
}

/** The versions of every test run. */
const ALWAYS = ['2.1.0', '1.7.0']
/** The additional versions of `npm run test:versions`: the releases whose dashboards differ. */
export const OTHERS = ['0.1.4', '1.0.0', '1.3.0', '1.5.3', '2.0.0']

/** Installs everything; resolves to one sentence for each missing part, with the reason. */
export async function prepareSerenas(versions = ALWAYS) {
  const reasons = []
  for (const version of versions) {
    const why = await installSerena(version)
    if (why) reasons.push(`tests with the real Serena ${version}: ${why}`)
  }
  const noServer = await installLanguageServer()
  if (noServer) reasons.push(`tests with a language server: ${noServer}`)
  if (existsSync(join(folder, '2.1.0', 'complete'))) {
    const noUvx = await warmUvx('2.1.0')
    if (noUvx) reasons.push(`tests with uvx: ${noUvx}`)
  }
  return reasons
}
