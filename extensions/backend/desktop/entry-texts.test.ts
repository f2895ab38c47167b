// The texts for desktops, read back by the programs and parsers of those desktops where they are to be had.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { splitCommandLine } from '../os/windows/split-command-line.ts'
import {
  appInfo,
  desktopEntry,
  icnsOf,
  icoOf,
  type Launch,
  launchAgent,
  RUN_KEY,
  registryBytes,
  runKeyFile,
  shellScript,
  shortcutScript,
} from './entry-texts.ts'
import { servicePlan } from './service-plan.ts'
import { scheduledTask, serviceAgent, systemdUnit } from './service-texts.ts'

const folder = mkdtempSync(join(tmpdir(), 'serena-deck-launch-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined
const plain: Launch = { command: ['/usr/bin/node', '/opt/serena-deck/cli.js', 'open'], env: {} }
const awkward: Launch = {
  command: [
    '/home/ana lópez/.nvm/v20/bin/node',
    `/it's "50%" & <ours>\\$HOME/日本語/cli.js`,
    'open',
    '--hidden',
  ],
  env: { SERENA_HOME: `/a b/'"%$\\`, SERENA_DECK_STATE: '/ünï' },
}

describe('a desktop entry', () => {
  it('has the keys that a desktop expects', () => {
    expect(desktopEntry(plain, '/i/serena-deck.png', false)).toMatchInlineSnapshot(`
      "[Desktop Entry]
      Type=Application
      Version=1.0
      Name=Serena Deck
      Comment=All Serena instances on this machine in one small window
      TryExec=/usr/bin/node
      Exec="/usr/bin/node" "/opt/serena-deck/cli.js" "open"
      Icon=/i/serena-deck.png
      Terminal=false
      StartupNotify=false
      StartupWMClass=Serena-deck
      Categories=Development;
      Keywords=serena;mcp;agent;dashboard;
      "
    `)
    expect(desktopEntry(awkward, '/i con/%.png', true)).toMatchInlineSnapshot(`
      "[Desktop Entry]
      Type=Application
      Version=1.0
      Name=Serena Deck
      Comment=All Serena instances on this machine in one small window
      TryExec=/home/ana lópez/.nvm/v20/bin/node
      Exec="/usr/bin/env" "SERENA_DECK_STATE=/ünï" "SERENA_HOME=/a b/'\\\\"%%\\\\$\\\\\\\\" "/home/ana lópez/.nvm/v20/bin/node" "/it's \\\\"50%%\\\\" & <ours>\\\\\\\\\\\\$HOME/日本語/cli.js" "open" "--hidden"
      Icon=/i con/%.png
      Terminal=false
      StartupNotify=false
      StartupWMClass=Serena-deck
      X-GNOME-Autostart-enabled=true
      NoDisplay=true
      "
    `)
  })

  it.skipIf(!has('desktop-file-validate'))('passes desktop-file-validate', () => {
    for (const [launch, isAutostart] of [
      [plain, false],
      [awkward, false],
      [plain, true],
      [awkward, true],
    ] as const) {
      const file = join(folder, 'serena-deck.desktop')
      writeFileSync(file, desktopEntry(launch, '/icons/a b/serena-deck.png', isAutostart))
      const { stdout, stderr, status } = spawnSync('desktop-file-validate', [file], { encoding: 'utf8' })
      expect([status, stdout, stderr]).toEqual([0, '', ''])
    }
  })

  it.skipIf(!has('gio'))(
    'starts its program with exactly these arguments and variables, by GLib',
    { timeout: 60_000 },
    async () => {
      const output = join(folder, 'output.json')
      const script = join(folder, `it's "50%" $HOME 日本語.mjs`)
      writeFileSync(
        script,
        `import { renameSync, writeFileSync } from 'node:fs'
       const { SERENA_HOME, SERENA_DECK_STATE } = process.env
       writeFileSync(process.argv[2] + '~', JSON.stringify([process.argv.slice(3), SERENA_HOME, SERENA_DECK_STATE]))
       renameSync(process.argv[2] + '~', process.argv[2])`,
      )
      const words = ['open', '--x=%U', '`echo`', "'", '"', '\\\\', 'a\tb']
      const file = join(folder, 'started.desktop')
      writeFileSync(
        file,
        desktopEntry({ ...awkward, command: [process.execPath, script, output, ...words] }, '/i', false),
        {
          mode: 0o755,
        },
      )
      execFileSync('gio', ['launch', file], { timeout: 20_000 })
      await expect
        .poll(() => JSON.parse(readFileSync(output, 'utf8')) as unknown, { timeout: 20_000 })
        .toEqual([words, awkward.env['SERENA_HOME'], awkward.env['SERENA_DECK_STATE']])
    },
  )
})

describe('a property list', () => {
  const readPlist = (xml: string): unknown =>
    JSON.parse(
      execFileSync(
        'python3',
        ['-c', 'import sys,plistlib,json;json.dump(plistlib.loads(sys.stdin.buffer.read()),sys.stdout)'],
        {
          input: xml,
          encoding: 'utf8',
        },
      ),
    )

  it.skipIf(!has('python3'))('of a LaunchAgent contains the arguments and variables', () => {
    for (const launch of [plain, awkward])
      expect(readPlist(launchAgent(launch))).toEqual({
        Label: 'io.github.serena_deck.SerenaDeck',
        ProgramArguments: launch.command,
        EnvironmentVariables: launch.env,
        RunAtLoad: true,
        LimitLoadToSessionType: 'Aqua',
        ProcessType: 'Interactive',
        AbandonProcessGroup: true,
      })
  })

  it.skipIf(!has('python3'))('of a service restarts it with a pause', () => {
    expect(readPlist(serviceAgent(awkward))).toEqual({
      Label: 'io.github.serena_deck.SerenaDeck.backend',
      ProgramArguments: awkward.command,
      EnvironmentVariables: awkward.env,
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 30,
      ProcessType: 'Background',
      AbandonProcessGroup: true,
    })
  })

  it.skipIf(!has('python3'))('of an app names its program and icon', () => {
    expect(readPlist(appInfo('1.2.3'))).toMatchObject({
      CFBundleExecutable: 'serena-deck',
      CFBundleIconFile: 'serena-deck.icns',
      CFBundlePackageType: 'APPL',
      CFBundleShortVersionString: '1.2.3',
      LSUIElement: true,
    })
  })

  it.skipIf(process.platform !== 'darwin')('passes plutil (macOS only)', () => {
    for (const [name, xml] of [
      ['agent', launchAgent(awkward)],
      ['service', serviceAgent(awkward)],
      ['info', appInfo('1.2.3')],
    ] as const) {
      writeFileSync(join(folder, `${name}.plist`), xml)
      execFileSync('plutil', ['-lint', join(folder, `${name}.plist`)])
    }
  })
})

it.skipIf(process.platform === 'win32')(
  'the program of the app stub runs these arguments with these variables',
  () => {
    const script = join(folder, `it's "50%" $HOME 日本語.mjs`)
    writeFileSync(script, `console.log(JSON.stringify([process.argv.slice(2), process.env.SERENA_HOME]))`)
    const words = ["'", '"', '$HOME', '`id`', 'a b', '\n', '']
    const file = join(folder, 'stub')
    writeFileSync(file, shellScript({ ...awkward, command: [process.execPath, script, ...words] }), {
      mode: 0o755,
    })
    expect(JSON.parse(execFileSync(file, { encoding: 'utf8' }))).toEqual([words, awkward.env['SERENA_HOME']])
  },
)

/** A reader of registry files: UTF-16 with its mark, sections, string values and removals. */
function readRegistry(bytes: Buffer): Record<string, Record<string, string | null>> {
  const text = bytes.toString('utf16le')
  expect(text.startsWith('\ufeffWindows Registry Editor Version 5.00\r\n\r\n')).toBe(true)
  const found: Record<string, Record<string, string | null>> = {}
  let section: Record<string, string | null> = {}
  const unquote = (quoted: string): string => quoted.slice(1, -1).replace(/\\(["\\])/g, '$1')
  for (const line of text.split('\r\n').slice(2).filter(Boolean)) {
    const key = /^\[(.+)\]$/.exec(line)?.[1]
    const [, name, value] = /^("(?:\\.|[^"\\])*")=(-|"(?:\\.|[^"\\])*")$/.exec(line) ?? []
    if (key !== undefined) {
      section = {}
      found[key] = section
    } else if (name !== undefined && value !== undefined)
      section[unquote(name)] = value === '-' ? null : unquote(value)
    else throw new Error(`not understood: ${line}`)
  }
  return found
}

it('a registry file adds the command, and removes it', () => {
  const command = [
    'C:\\Program Files\\nodejs\\node.exe',
    'C:\\Users\\Ána "x"\\cli.js',
    'open',
    '--hidden',
  ] as const
  const value = readRegistry(registryBytes(runKeyFile({ command, env: {} })))[RUN_KEY]?.['Serena Deck']
  expect(splitCommandLine(value ?? '')).toEqual(command)
  expect(readRegistry(registryBytes(runKeyFile(null)))).toEqual({ [RUN_KEY]: { 'Serena Deck': null } })
})

it('the script of a shortcut contains only literals', () => {
  const launch = { command: ['C:\\node.exe', `C:\\O’Neil's & $x\\cli.js`, 'open'] as const, env: {} }
  expect(shortcutScript(launch, 'C:\\Start\\Serena Deck.lnk', 'C:\\i.ico')).toMatchInlineSnapshot(`
    "$ErrorActionPreference = 'Stop'
    $file = 'C:\\Start\\Serena Deck.lnk'
    $folder = [IO.Path]::GetDirectoryName($file)
    $null = [IO.Directory]::CreateDirectory($folder)
    $plain = [IO.Path]::Combine([IO.Path]::GetTempPath(), [IO.Path]::GetRandomFileName() + '.lnk')
    (New-Object -ComObject WScript.Shell).CreateShortcut($plain).Save()
    [IO.File]::Copy($plain, $file, $true)
    [IO.File]::Delete($plain)
    $link = (New-Object -ComObject Shell.Application).NameSpace($folder).ParseName([IO.Path]::GetFileName($file)).GetLink
    $link.Path = 'C:\\node.exe'
    $link.Arguments = '"C:\\O’’Neil''s & $x\\cli.js" "open"'
    $link.Description = 'All Serena instances on this machine in one small window'
    $link.ShowCommand = 7
    $link.SetIconLocation('C:\\i.ico', 0)
    $link.Save()"
  `)
})

it('a systemd unit has the command, and allows six starts in a minute', () => {
  expect(systemdUnit(awkward)).toMatchInlineSnapshot(`
    "[Unit]
    Description=Serena Deck
    StartLimitIntervalSec=300
    StartLimitBurst=6

    [Service]
    Type=exec
    Environment="SERENA_DECK_STATE=/ünï"
    Environment="SERENA_HOME=/a b/'\\"%%$\\\\"
    ExecStart="/home/ana lópez/.nvm/v20/bin/node" "/it's \\"50%%\\" & <ours>\\\\$$HOME/日本語/cli.js" "open" "--hidden"
    Restart=on-failure
    RestartSec=10
    KillMode=process

    [Install]
    WantedBy=default.target
    "
  `)
})

it('a service that had failed too often is started by a new installation', () => {
  const steps = servicePlan({ env: { HOME: '/home/ana' }, platform: 'linux' }, plain, 1000)
  expect(steps.flatMap((step) => (step.kind === 'run' ? [step.command.slice(2)] : []))).toEqual([
    ['daemon-reload'],
    ['reset-failed', 'serena-deck.service'],
    ['restart', 'serena-deck.service'],
  ])
})

it.skipIf(!has('systemd-analyze'))('a systemd unit passes systemd-analyze', (context) => {
  const file = join(folder, 'serena-deck.service')
  const faultsOf = (unit: string): string[] => {
    writeFileSync(file, unit)
    const { stdout, stderr } = spawnSync('systemd-analyze', ['--user', 'verify', file], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
    })
    return `${stdout}${stderr}`.split('\n').filter((line) => line.includes('serena-deck.service'))
  }
  // It looks whether the program is there.
  const good = systemdUnit({ ...awkward, command: [process.execPath, ...awkward.command.slice(1)] })
  const canJudge = faultsOf(good.replace('Type=exec', 'Type=nonsense')).length > 0
  if (!canJudge) context.skip('systemd-analyze cannot judge units here')
  expect(faultsOf(good)).toEqual([])
})

it('a scheduled task has its command as one argument', () => {
  const task = scheduledTask({ command: ['C:\\Program Files\\node.exe', 'C:\\a\\cli.js', 'serve'], env: {} })
  expect(task.at(-1)).toBe('"C:\\Program Files\\node.exe" "C:\\a\\cli.js" "serve"')
})

it('icon files contain the PNG files', () => {
  const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  const ico = icoOf(png)
  expect([ico.readUInt16LE(2), ico.readUInt16LE(4), ico.readUInt32LE(14)]).toEqual([1, 1, png.length])
  expect(ico.subarray(ico.readUInt32LE(18))).toEqual(png)
  const icns = icnsOf(png, Buffer.concat([png, png]))
  expect(icns.toString('latin1', 0, 4)).toBe('icns')
  expect(icns.readUInt32BE(4)).toBe(icns.length)
  expect([icns.toString('latin1', 8, 12), icns.readUInt32BE(12)]).toEqual(['ic08', png.length + 8])
  expect(icns.toString('latin1', 8 + 16, 8 + 20)).toBe('ic09')
})
