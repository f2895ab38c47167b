// Shared by npm start and npm test: the Node version check, installed modules, an up-to-date build. Uses only Node itself.
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
  'vite.hub.config.ts',
  'neutralino.config.json',
]
const BUILT = [
  'dist/backend/cli.js',
  'dist/backend/connect.cjs',
  'dist/backend/hub.js',
  'dist/backend/stand-in.js',
  'dist/window/resources.neu',
  'dist/window/start-backend.sh',
  'resources/app/index.html',
]

/** A failed step, with a message for the user. */
export class StepError extends Error {
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Runs `main`, and turns a StepError into its message and exit code. */
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

/** Runs a program without a shell and shows its output. Resolves to its exit code; 127: it cannot be started. */
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

/** Returns the JavaScript file of a command in an installed package, so that Node can run it on every platform. */
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
    // Missing or not permitted: both mean false.
    return false
  }
}

/** Returns variables that redirect tools to our cache if the home folder is not writable. */
export function homeEnvironment() {
  if (canWrite(homedir())) return {}
  return { npm_config_cache: join(cache, 'npm'), PIP_CACHE_DIR: join(cache, 'pip'), XDG_CACHE_HOME: cache }
}

/** Returns how to run npm with this Node on every platform: the path that npm itself sets, else the npm beside Node, else PATH. */
export function npmCommand() {
  const beside = [
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const configured = process.env.npm_execpath
  const file = [configured?.endsWith('.js') ? configured : undefined, ...beside].find(
    (path) => path && existsSync(path),
  )
  return file ? [process.execPath, file] : ['npm']
}

/** Runs npm and shows its output. */
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

/** Returns true if a build output is missing or older than a source. */
export function isBuildStale() {
  const built = BUILT.map((file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0)
  return Math.min(...built) < Math.max(...SOURCES.map((path) => newestTime(join(root, path))))
}

/** Builds the page and the backend, and prints only errors. Resolves to the exit code of the failed step, or 0. */
export async function build() {
  const quiet = ['--logLevel', 'error']
  const page = await runCommand('vite', 'vite', ['build', ...quiet])
  if (page !== 0) return page
  const programs = [
    ['vite.backend.config.ts'],
    ['vite.hub.config.ts', '--mode', 'connect'],
    ['vite.hub.config.ts', '--mode', 'hub'],
  ]
  for (const [config, ...mode] of programs) {
    const code = await runCommand('vite', 'vite', ['build', '--ssr', '--config', config, ...mode, ...quiet])
    if (code !== 0) return code
  }
  return run(process.execPath, [join(root, 'scripts', 'bundle-window.mjs')])
}
