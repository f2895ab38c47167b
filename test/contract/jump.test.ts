// Jumps to real clients: in a pane of tmux, in a window of a real X server, in both, and where nothing can be shown.
import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { writeStandInProgram } from '../../extensions/backend/demo/start-stand-in.ts'
import { runCli } from '../helpers/cli.ts'
import { startDesktop } from '../helpers/desktop.ts'
import { startDrivenProgram } from '../helpers/driven-program.ts'
import { markProcess, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const run = promisify(execFile)

function whyNot(...programs: string[]): string | null {
  if (process.platform !== 'linux') return 'needs Linux'
  const missing = programs.filter((name) => {
    try {
      execFileSync('which', [name], { stdio: 'ignore' })
      return false
    } catch {
      // Not in PATH.
      return true
    }
  })
  return missing.length === 0 ? null : `missing: ${missing.join(', ')}`
}
const noTmux = whyNot('tmux', 'script')
const noScreen = whyNot('screen', 'script')
const noX11 = whyNot('Xvfb', 'openbox', 'xdotool', 'xterm', 'tmux')

/** A client program that starts a stand-in, and what finds it. */
async function prepareClient() {
  const folder = await makeTempFolder(scope, 'client')
  const home = await makeTempFolder(scope, 'home')
  const standIn = await writeStandInProgram(folder)
  const pidFile = join(folder, 'pid')
  const script = join(folder, 'client.cjs')
  await writeFile(
    script,
    `const child = require('node:child_process').spawn(process.execPath, ${JSON.stringify([standIn, 'start-mcp-server'])}, {
  stdio: ['pipe', 'pipe', 'ignore'],
  env: { ...process.env, SERENA_HOME: ${JSON.stringify(home)} },
})
child.stdout.once('data', () => require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid)))
setInterval(() => undefined, 1000)
`,
  )
  const state = await makeTempFolder(scope, 'state')
  const env: NodeJS.ProcessEnv = {
    SERENA_DECK_ONLY_HOMES: home,
    SERENA_DECK_STATE: state,
    // Only the client knows the display.
    DISPLAY: '',
    TMUX: '',
  }
  return {
    command: [process.execPath, script],
    async jump(extra: NodeJS.ProcessEnv = {}) {
      const pid = await waitUntil('the stand-in', () => readPid(pidFile), { timeoutMs: 30_000 })
      const mark = markProcess(pid)
      if (mark) scope.add(() => void signalProcess(mark, 'SIGKILL'))
      const { code, stdout } = await runCli(['jump', `pid:${pid}`, '--json'], { env: { ...env, ...extra } })
      return { code, ...(JSON.parse(stdout) as { isShown: boolean; text: string }) }
    },
  }
}

function readPid(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    // Not written yet.
    return undefined
  }
}

/** A tmux server of its own, with one empty window in front and one that runs the command. */
async function startTmux(command: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const socket = join(await makeTempFolder(scope, 'tmux'), 'socket')
  const tmux = async (...args: string[]): Promise<string> =>
    (
      await run('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
        env: { ...process.env, TMUX: '', ...env },
      })
    ).stdout.trim()
  await tmux('new-session', '-d', '-s', 'work', '-x', '80', '-y', '24', 'sleep 1000')
  scope.add(() => tmux('kill-server').then(() => undefined))
  await tmux('new-window', '-d', '-t', 'work:5', ...command)
  const front = (): Promise<string> => tmux('display-message', '-p', '-t', 'work', '#{window_index}')
  expect(await front()).toBe('0')
  return { socket, tmux, front }
}

test.skipIf(noTmux !== null)(
  `selects the pane of tmux, attached or not${noTmux ? ` (${noTmux})` : ''}`,
  async () => {
    const client = await prepareClient()
    const { socket, tmux, front } = await startTmux(client.command)
    const detached = await client.jump()
    expect([detached.code, detached.isShown, await front()]).toEqual([3, false, '5'])
    expect(detached.text).toBe(
      `It is in tmux session work, window 5. To see it, run \`tmux -S ${socket} attach -t work\`.`,
    )

    await tmux('select-window', '-t', 'work:0')
    const attach = `TERM=xterm tmux -S ${socket} attach -t work`
    const terminal = startDrivenProgram(
      scope,
      'script',
      ['-qfc', attach, '/dev/null'],
      {
        cwd: '/',
        env: { ...process.env, TMUX: '', DISPLAY: '' },
      },
      () => ({}),
    )
    await waitUntil('the terminal', async () => (await tmux('list-clients')) !== '')
    const attached = await client.jump()
    expect(await front()).toBe('5')
    expect(attached.isShown).toBe(false)
    expect(attached.text).toMatch(/^Look for .*, with tmux session work, window 5\.$/)
    signalProcess(terminal.mark, 'SIGKILL')
  },
  120_000,
)

test.skipIf(noX11 !== null)(
  `raises the window of the client, also through tmux${noX11 ? ` (${noX11})` : ''}`,
  async () => {
    const desktop = await startDesktop(scope)
    const active = async (): Promise<string> => {
      const id = (
        await run('xdotool', ['getactivewindow'], { env: desktop.env }).catch(() => ({ stdout: '' }))
      ).stdout
      return id === ''
        ? ''
        : (await run('xdotool', ['getwindowname', id.trim()], { env: desktop.env })).stdout.trim()
    }
    const xterm = async (title: string, ...command: string[]): Promise<void> => {
      const shown = startDrivenProgram(
        scope,
        'xterm',
        ['-T', title, '-e', ...command],
        {
          cwd: desktop.folder,
          env: { ...desktop.env, TMUX: '' },
        },
        () => ({}),
      )
      scope.add(() => void signalProcess(shown.mark, 'SIGKILL'))
      await waitUntil(`${title} in front`, async () => (await active()) === title)
    }
    const direct = await prepareClient()
    const nested = await prepareClient()
    await xterm('the client', ...direct.command)
    const { socket, front } = await startTmux(nested.command, { DISPLAY: '' })
    await xterm('the terminal of tmux', 'tmux', '-S', socket, 'attach', '-t', 'work')
    await xterm('another', 'sleep', '1000')

    expect(await direct.jump()).toMatchObject({ code: 0, text: 'Brought the window of xterm to the front.' })
    await waitUntil('its window in front', async () => (await active()) === 'the client')
    const shown = await nested.jump()
    expect(shown).toMatchObject({
      code: 0,
      text: 'Brought the window of xterm to the front, with tmux session work, window 5.',
    })
    await waitUntil('the terminal in front', async () => (await active()) === 'the terminal of tmux')
    expect(await front()).toBe('5')

    // Without xdotool and wmctrl: in words.
    const tools = join(desktop.folder, 'tools')
    await mkdir(tools)
    const words = await direct.jump({ PATH: tools })
    expect(words).toMatchObject({ code: 3, isShown: false })
    expect(words.text).toMatch(/^Look for xterm \(process \d+\), terminal pts\/\d+\.$/)

    // With xdotool alone.
    const { stdout } = await run('which', ['xdotool'])
    await writeFile(join(tools, 'xdotool'), `#!/bin/sh\nexec ${stdout.trim()} "$@"\n`)
    await chmod(join(tools, 'xdotool'), 0o755)
    expect(await direct.jump({ PATH: tools })).toMatchObject({ code: 0 })
    await waitUntil('its window in front again', async () => (await active()) === 'the client')
  },
  180_000,
)

test.skipIf(noScreen !== null)(
  `selects the window of screen${noScreen ? ` (${noScreen})` : ''}`,
  async () => {
    const client = await prepareClient()
    const folder = await makeTempFolder(scope, 'screen')
    await chmod(folder, 0o700)
    const env = { ...process.env, SCREENDIR: folder, STY: '', TMUX: '', DISPLAY: '' }
    const screen = async (...args: string[]): Promise<string> =>
      (await run('screen', ['-S', 'deck', ...args], { env })).stdout
    await run('screen', ['-dmS', 'deck', 'sleep', '1000'], { env })
    scope.add(() => screen('-X', 'quit').then(() => undefined))
    await screen('-X', 'screen', ...client.command)
    const terminal = startDrivenProgram(
      scope,
      'script',
      ['-qfc', 'screen -x deck', '/dev/null'],
      { cwd: '/', env: { ...env, TERM: 'xterm' } },
      () => ({}),
    )
    scope.add(() => void signalProcess(terminal.mark, 'SIGKILL'))
    await waitUntil('the terminal', async () =>
      (await run('screen', ['-ls'], { env })).stdout.includes('(Attached)'),
    )
    await screen('-X', 'select', '0')
    const front = async (): Promise<string> => (await screen('-Q', 'number')).split(' ')[0] ?? ''
    expect(await front()).toBe('0')
    const { code, text } = await client.jump({ SCREENDIR: folder })
    expect([code, await front()]).toEqual([3, '1'])
    expect(text).toMatch(
      /^It is in screen session \d+\.deck, window 1\. To see it, run `screen -x \d+\.deck`\.$/,
    )
  },
  120_000,
)
