// Random situations of a Serena and its client, made from a seed. Pure.
import type { Channel } from '../helpers/mcp-stage.ts'

/** Launchers between client and Serena; `"$@"` and similar run the arguments that follow. */
const LAUNCHERS: readonly (readonly string[])[] = [
  ['sh', '-c', '"$@"; exit $?', 'sh'],
  ['sh', '-c', 'exec "$@"', 'sh'],
  ['bash', '-c', '"$@"; true', 'wrapper'],
  ['env', 'LAUNCHED=1'],
  ['nohup'],
  ['setsid', '--wait'],
  ['nice', '-n', '1'],
  ['ionice', '-c', '3'],
  ['timeout', '3600'],
  ['stdbuf', '-oL'],
  ['setpriv', '--nnp'],
  ['taskset', '3'],
  ['setarch', '--addr-no-randomize'],
  ['PYTHON', '-c', 'import subprocess,sys; subprocess.call(sys.argv[1:])'],
  ['PYTHON', '-c', 'import os,sys; os.execvp(sys.argv[1], sys.argv[1:])'],
  [
    'PYTHON',
    '-c',
    'import subprocess,sys,time\np=subprocess.Popen(sys.argv[1:])\nwhile p.poll() is None: time.sleep(0.2)',
  ],
  [
    'NODE',
    '-e',
    "require('child_process').spawn(process.argv[1], process.argv.slice(2), {stdio:'inherit'})",
    '--',
  ],
  ['perl', '-e', 'system(@ARGV)'],
  ['perl', '-e', 'my $p = fork; if (!$p) { exec @ARGV } waitpid($p, 0)'],
  ['flock', 'FOLDER/lock'],
  ['find', '/dev/null', '-exec'],
]

export type End =
  | 'none'
  | 'exit'
  | 'exit, write end leaked'
  | 'exit, read end leaked'
  | 'closes output'
  | 'closes both'
export type Client = 'plain' | 'other user' | 'hidden' | 'no first thread'

export interface Scenario {
  channel: Channel
  client: Client
  launchers: readonly (readonly string[])[]
  starterLeaves: boolean
  mcp: '1' | '2'
  languageServer: 'none' | 'alive' | 'dead'
  end: End
  /** In a home whose zombies are pruned. */
  isPruned: boolean
}

/** Returns a generator of numbers in [0, 1) that depend only on the seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `find -exec` cannot be nested: both end at the first semicolon. */
const onceFind = (launchers: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  launchers.filter(
    (one, at) => one[0] !== 'find' || launchers.findIndex(([program]) => program === 'find') === at,
  )

/** Returns a random situation; every second one has a client. `has`: the installed programs. */
export function makeScenario(random: () => number, at: number, has: (program: string) => boolean): Scenario {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const channel = pick<Channel>([
    'pipe',
    'pipe',
    'pipe',
    'pipe',
    'sockets',
    'sockets',
    'socket',
    'fifo',
    'pty',
  ])
  const isServed = at % 2 === 0
  // `nohup` detaches its program from a terminal.
  const there = LAUNCHERS.filter(
    ([program = '']) =>
      (program === program.toUpperCase() || has(program)) && !(channel === 'pty' && program === 'nohup'),
  )
  return {
    channel,
    client: pick<Client>(['plain', 'plain', 'plain', 'other user', 'hidden', 'no first thread']),
    launchers: onceFind(Array.from({ length: Math.floor(random() * 5) }, () => pick(there))),
    starterLeaves: random() < 0.25,
    mcp: pick(['1', '2']),
    languageServer: pick(['none', 'none', 'alive', 'dead']),
    end: isServed
      ? 'none'
      : pick<End>([
          'exit',
          'exit, write end leaked',
          'exit, write end leaked',
          'exit, read end leaked',
          'closes output',
          'closes both',
        ]),
    isPruned: random() < 0.5,
  }
}

/** Returns whether the kernel can prove that no process reads its output, and which descriptor that is. */
export function isProvable({ channel, end }: Scenario): boolean {
  if (end === 'none' || end === 'exit, read end leaked' || channel === 'fifo' || channel === 'pty')
    return false
  // One socket is both ends.
  if (channel === 'socket') return end === 'exit' || end === 'closes both'
  return true
}
