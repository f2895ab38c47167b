// What npm start and npm test share: the right Node, installed modules, an up-to-date build. Needs nothing but Node itself.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const cache = join(root, '.cache')

const OLDEST_NODE = [20, 19]
const SOURCES = [
  'src',
  'extensions',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'vite.backend.config.ts',
  'neutralino.config.json',
]
const BUILT = [
  'dist/backend/cli.js',
  'dist/backend/stand-in.js',
  'dist/window/resources.neu',
  'resources/app/index.html',
]

/** A step that did not work, in one sentence for the person. */
export class StepError extends Error {
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Runs `main`, and turns a StepError into its sentence and exit code. */
export async function runScript(main) {
  try {
    const [major, minor] = process.versions.node.split('.').map(Number)
    if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
      const found = process.versions.node
      throw new StepError(
        `Serena Deck needs Node ${OLDEST_NODE.join('.')} or newer; this is ${found} (nodejs.org).`,
      )
    }
    process.exitCode = await main()
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    console.error(error.message)
    process.exitCode = error.exitCode
  }
}

/** Runs a program without a shell, its output shown. Resolves to its exit code; 127 when it cannot be started. */
export function run(file, args, { env = {}, quiet = false, timeoutMs = 0, cwd = root } = {}) {
  return new Promise((resolve) => {
    const output = quiet ? 'ignore' : 'inherit'
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', output, output],
      timeout: timeoutMs,
    })
    child.on('error', () => resolve(127))
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 130 : 1)))
  })
}

/** The JavaScript file behind a command of an installed package, so that Node can run it on every platform. */
export function commandOf(packageName, command) {
  const folder = join(root, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}

/** Runs an installed command, such as vite, with this Node. */
export function runCommand(packageName, command, args, options) {
  return run(process.execPath, [commandOf(packageName, command), ...args], options)
}

function canWrite(folder) {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    // Not there or not ours: both mean no.
    return false
  }
}

/** Where tools that like to write into the home folder shall write when they cannot. */
export function homeEnvironment() {
  if (canWrite(homedir())) return {}
  return { npm_config_cache: join(cache, 'npm'), PIP_CACHE_DIR: join(cache, 'pip'), XDG_CACHE_HOME: cache }
}

/** How npm is run by this Node, on every platform: npm itself says where it is; else it stands beside Node; else the path. */
export function npmCommand() {
  const beside = [
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const told = process.env.npm_execpath
  const file = [told?.endsWith('.js') ? told : undefined, ...beside].find((path) => path && existsSync(path))
  return file ? [process.execPath, file] : ['npm']
}

/** Runs npm, its output shown. */
export function runNpm(args, options = {}) {
  const env = { ...homeEnvironment(), ...options.env }
  const [file, ...first] = npmCommand()
  return run(file, [...first, ...args], { ...options, env })
}

const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Installs node_modules when they are missing or were installed for another package-lock.json. */
export async function installModules() {
  const stamp = join(cache, 'modules.stamp')
  const wanted = hashOf(join(root, 'package-lock.json'))
  const isThere = existsSync(join(root, 'node_modules')) && existsSync(stamp)
  if (isThere && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing node modules …')
  const code = await runNpm(['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'])
  if (code !== 0)
    throw new StepError(`npm ci failed (exit code ${code}): see above, then run it again.`, code)
  mkdirSync(cache, { recursive: true })
  writeFileSync(stamp, wanted)
}

function newestTime(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestTime(join(path, name))))
}

/** True when something to be built is missing or older than a source. */
export function isBuildStale() {
  const built = BUILT.map((file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0)
  return Math.min(...built) < Math.max(...SOURCES.map((path) => newestTime(join(root, path))))
}

/** Builds the page and the backend, and tells what is wrong alone. Resolves to the exit code of what failed, or 0. */
export async function build() {
  const quiet = ['--logLevel', 'error']
  const page = await runCommand('vite', 'vite', ['build', ...quiet])
  if (page !== 0) return page
  const backend = await runCommand('vite', 'vite', [
    'build',
    '--ssr',
    '--config',
    'vite.backend.config.ts',
    ...quiet,
  ])
  if (backend !== 0) return backend
  return run(process.execPath, [join(root, 'scripts', 'bundle-window.mjs')])
}
