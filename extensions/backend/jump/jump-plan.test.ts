// Which window, pane or editor belongs to a client: by its chain of processes, and by variables only where the chain confirms them.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { processFact } from '../os/process-fact.fixture.ts'
import { JUMP_VARIABLES, type JumpFacts, planJump } from './jump-plan.ts'

const process = (pid: number, ...argv: string[]) => processFact({ pid, argv, name: argv[0] ?? '' })
const CLAUDE = process(10, 'claude')
const TMUX = process(20, 'tmux: server')

const facts = (changes: Partial<JumpFacts> = {}): JumpFacts => ({
  chain: [CLAUDE, process(11, 'bash'), process(12, 'xterm')],
  variables: {},
  terminal: 3,
  folder: '/w/shop',
  platform: 'linux',
  ...changes,
})

it('says where to look when there is no way to show it', () => {
  expect(planJump(facts())).toEqual({
    pane: null,
    fronts: [],
    lookFor: 'Look for xterm (process 12), terminal pts/3.',
  })
  const lookFor = (chain: JumpFacts['chain']) => planJump(facts({ chain, terminal: null })).lookFor
  expect(lookFor([CLAUDE])).toBe('Look for Claude Code (process 10).')
  expect(lookFor([CLAUDE, process(30, 'sshd: ana@pts/3')])).toBe('Look for SSH (process 30).')
  expect(lookFor([])).toBe('Look for its client.')
})

it('selects a pane of tmux and a window of screen only below their server', () => {
  const tmux = { TMUX: '/tmp/tmux-1000/default,20,0', TMUX_PANE: '%3' }
  const pane = (variables: JumpFacts['variables'], chain = [CLAUDE, TMUX]) =>
    planJump(facts({ variables, chain })).pane
  expect(pane(tmux)).toEqual({ kind: 'tmux', socket: '/tmp/tmux-1000/default', pane: '%3' })
  expect(pane(tmux, [CLAUDE, process(21, 'code')])).toBeNull()
  for (const wrong of ['', '%', '3', '%3; kill-server', '-t', '%3\n'])
    expect(pane({ ...tmux, TMUX_PANE: wrong })).toBeNull()
  for (const wrong of ['', 'default,20,0', '-S,20,0', '/tmp/s,20', '/tmp/s,x,0'])
    expect(pane({ ...tmux, TMUX: wrong })).toBeNull()
  expect(pane({ STY: '20.pts-3.host', WINDOW: '2' })).toEqual({
    kind: 'screen',
    session: '20.pts-3.host',
    window: '2',
  })
  expect(pane({ STY: '20.pts-3.host', WINDOW: 'kill' })).toEqual({
    kind: 'screen',
    session: '20.pts-3.host',
    window: null,
  })
  expect(pane({ STY: '99.pts-3.host' })).toBeNull()
})

it('shows the folder in the editor that runs the client, then falls back to windows', () => {
  const chain = [
    CLAUDE,
    process(11, 'bash'),
    process(12, '/usr/share/code/code', '--type=utility'),
    process(13, '/usr/share/code/code'),
  ]
  const { fronts, lookFor } = planJump(facts({ chain, variables: { DISPLAY: ':0' } }))
  expect(fronts).toEqual([
    { kind: 'editor', editor: 'vscode', folder: '/w/shop' },
    { kind: 'x11', display: ':0', authority: null, windowId: null },
  ])
  expect(lookFor).toContain('VS Code (process 12)')
  expect(planJump(facts({ chain, folder: null })).fronts).toEqual([])
})

it('uses terminals with remote control, and displays of this machine only', () => {
  const kitty = { KITTY_LISTEN_ON: 'unix:@mykitty-12', KITTY_PID: '12', KITTY_WINDOW_ID: '4' }
  const first = (variables: JumpFacts['variables'], changes: Partial<JumpFacts> = {}) =>
    planJump(facts({ variables, ...changes })).fronts[0]
  expect(first(kitty)).toEqual({ kind: 'kitty', address: 'unix:@mykitty-12', window: '4' })
  expect(first({ ...kitty, KITTY_PID: '99' })).toBeUndefined()
  expect(first({ ...kitty, KITTY_LISTEN_ON: 'tcp:10.0.0.1:99' })).toBeUndefined()
  const wezterm = { WEZTERM_UNIX_SOCKET: '/run/user/1000/wezterm/gui-sock-12', WEZTERM_PANE: '0' }
  expect(first(wezterm, { chain: [CLAUDE, process(12, 'wezterm-gui')] })?.kind).toBe('wezterm')
  expect(first(wezterm)).toBeUndefined()
  expect(first({ DISPLAY: ':1.0', XAUTHORITY: '/run/x', WINDOWID: '4194317' })).toEqual({
    kind: 'x11',
    display: ':1.0',
    authority: '/run/x',
    windowId: 4_194_317,
  })
  for (const display of ['host:0', 'evil/unix:0', '', ':x'])
    expect(first({ DISPLAY: display })).toBeUndefined()
  expect(first({ DISPLAY: ':0' }, { platform: 'darwin' })).toEqual({ kind: 'macos' })
})

it('passes on only text of the expected form, whatever the variables contain', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('/tmp/x,20,0', '%1', '20.a', ':0', '-h', 'unix:/x', '12', '/x'),
  )
  const variables = fc.record(Object.fromEntries(JUMP_VARIABLES.map((name) => [name, text])))
  fc.assert(
    fc.property(variables, (found) => {
      const { pane, fronts } = planJump(
        facts({ chain: [CLAUDE, TMUX, process(12, 'wezterm-gui')], variables: found }),
      )
      const texts = [pane, ...fronts].flatMap((one) => Object.values(one ?? {}) as unknown[])
      for (const one of texts) if (typeof one === 'string') expect(one).not.toMatch(/^-/)
    }),
  )
})
