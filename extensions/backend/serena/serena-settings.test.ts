// Our keys in a serena_config.yml: a stock file, good values, bad ones with their sentence, broken files, and random ones.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_SETTINGS, parseSerenaSettings } from './serena-settings.ts'

/** What a stock Serena 2.1.0 writes, shortened. */
const STOCK = `# whether to start the Serena Dashboard
web_dashboard: True
web_dashboard_open_on_launch:
web_dashboard_interface:
web_dashboard_listen_address: 127.0.0.1
auth_secret: 0123456789abcdef
projects:
- /home/ada/shop
`

const problemsOf = (text: string): string[] => parseSerenaSettings(text).problems.map((one) => one.text)

describe('parseSerenaSettings', () => {
  it('finds nothing in a stock file, an empty one and one of comments', () => {
    expect(parseSerenaSettings(STOCK)).toEqual(NO_SETTINGS)
    expect(parseSerenaSettings('')).toEqual(NO_SETTINGS)
    expect(parseSerenaSettings('# nothing yet\n')).toEqual(NO_SETTINGS)
  })

  it('reads every key', () => {
    const text = `${STOCK.replace('open_on_launch:', 'open_on_launch: false').replace('interface:', 'interface: tray_manager')}
web_dashboard_global: true
web_dashboard_global_open_on_launch: False
web_dashboard_global_port: 0x62C2
idle_shutdown_minutes: 0.5
zombie_prune_minutes: 1e1
web_dashboard_trusted_hosts: [127.0.0.1, .example.test]
hub_http: true
hub_serena_command: uvx --from serena-agent serena start-mcp-server
`
    expect(parseSerenaSettings(text)).toEqual({
      hubHttp: true,
      hubSerenaCommand: 'uvx --from serena-agent serena start-mcp-server',
      webDashboardGlobal: true,
      webDashboardGlobalOpenOnLaunch: false,
      webDashboardGlobalPort: 25_282,
      idleShutdownMinutes: 0.5,
      zombiePruneMinutes: 10,
      webDashboardOpenOnLaunch: false,
      webDashboardInterface: 'tray_manager',
      webDashboardTrustedHosts: ['127.0.0.1', '.example.test'],
      problems: [],
    })
  })

  it('takes a single trusted host for a list of one, and an empty list for a list', () => {
    const hostsOf = (value: string) =>
      parseSerenaSettings(`web_dashboard_trusted_hosts: ${value}\n`).webDashboardTrustedHosts
    expect(hostsOf('dash.test')).toEqual(['dash.test'])
    expect(hostsOf('[]')).toEqual([])
    expect([hostsOf('[1]'), hostsOf('{}')]).toEqual([null, null])
    expect(problemsOf('web_dashboard_trusted_hosts: [1]\n')).toEqual([
      'web_dashboard_trusted_hosts is a list: it must be a list of host names.',
    ])
  })

  it('takes an empty value for an absent one', () => {
    expect(parseSerenaSettings('idle_shutdown_minutes:\nzombie_prune_minutes: null\n')).toEqual(NO_SETTINGS)
  })

  it.each(['0', '-1', '-0.5', '.nan', '.inf', 'never', '"5"', 'true', '[5]', '{}', '5 minutes'])(
    'refuses idle_shutdown_minutes: %s',
    (value) => {
      const settings = parseSerenaSettings(`idle_shutdown_minutes: ${value}\n`)
      expect(settings.idleShutdownMinutes).toBeNull()
      expect(settings.problems).toHaveLength(1)
      expect(settings.problems[0]?.key).toBe('idle_shutdown_minutes')
      expect(settings.problems[0]?.text).toMatch(
        /^idle_shutdown_minutes is .+: it must be a number of minutes above 0/,
      )
    },
  )

  it('takes .inf as never for pruning, and refuses 0 there', () => {
    expect(parseSerenaSettings('zombie_prune_minutes: .inf').zombiePruneMinutes).toBe(Infinity)
    expect(problemsOf('zombie_prune_minutes: 0')).toEqual([
      'zombie_prune_minutes is 0: it must be a number of minutes above 0 (fractions are allowed), or .inf for never.',
    ])
  })

  it.each(['0', '65536', '80.5', '"25282"', '-1'])('refuses web_dashboard_global_port: %s', (value) => {
    expect(problemsOf(`web_dashboard_global_port: ${value}`)[0]).toContain('a port from 1 to 65535')
  })

  it('names a bad key and reads the others', () => {
    const settings = parseSerenaSettings('web_dashboard_global: yes\nidle_shutdown_minutes: 30\n')
    expect(settings).toEqual({
      ...NO_SETTINGS,
      idleShutdownMinutes: 30,
      problems: [
        {
          key: 'web_dashboard_global',
          text: 'web_dashboard_global is the text "yes": it must be true or false.',
        },
      ],
    })
  })

  it('cuts a long value in its sentence', () => {
    const [text] = problemsOf(`web_dashboard_global: ${'x'.repeat(10_000)}`)
    expect(text?.length).toBeLessThan(150)
  })

  it.each([
    ['a: [1, 2', /^It is not valid YAML \(line \d+, column \d+\)\.$/],
    ['a: 1\na: 2', /^It is not valid YAML \(line 2/],
    ['- one\n- two', /^It is not a mapping of keys/],
    ['just words', /^It is not a mapping of keys/],
    ['a: *nowhere', /^It (is not valid YAML|cannot be read)/],
    [`a: &a [x]\n${bombOf(12)}`, /^It cannot be read/],
  ])('reports what is wrong with a broken file: %s', (text, sentence) => {
    const { problems, ...values } = parseSerenaSettings(text)
    expect({ ...values, problems: [] }).toEqual(NO_SETTINGS)
    expect(problems).toEqual([{ key: '', text: expect.stringMatching(sentence) as string }])
  })

  it('quotes nothing of a broken file: it holds a secret', () => {
    for (const text of ['auth_secret: [hunter2', 'auth_secret: *hunter2', 'auth_secret: "hunter2\n'])
      expect(JSON.stringify(parseSerenaSettings(text))).not.toContain('hunter2')
  })

  it('reads nothing that the file inherits', () => {
    expect(
      parseSerenaSettings('__proto__:\n  web_dashboard_global: true\n? [a]\n: b\n').webDashboardGlobal,
    ).toBeNull()
  })

  it('never throws, and every value it gives can be used', () => {
    const keys = fc.constantFrom(
      'web_dashboard_global',
      'web_dashboard_global_port',
      'idle_shutdown_minutes',
      'zombie_prune_minutes',
      'web_dashboard_interface',
    )
    const lines = fc.array(
      fc.oneof(
        fc.tuple(keys, fc.oneof(fc.json(), fc.double().map(String), fc.string())).map((l) => l.join(': ')),
        fc.string({ unit: 'binary' }),
      ),
    )
    fc.assert(
      fc.property(lines, fc.constantFrom('\n', '\r\n', '\n  '), (parts, joint) => {
        const settings = parseSerenaSettings(parts.join(joint))
        for (const minutes of [settings.idleShutdownMinutes, settings.zombiePruneMinutes])
          expect(minutes === null || minutes > 0).toBe(true)
        const port = settings.webDashboardGlobalPort
        expect(port === null || (Number.isInteger(port) && port > 0 && port < 65_536)).toBe(true)
        expect([null, true, false]).toContain(settings.webDashboardGlobal)
        for (const { text } of settings.problems) expect(text).toMatch(/^[^\n]+\.$/)
      }),
      { numRuns: 500 },
    )
  })
})

/** Each line doubles the one before. */
function bombOf(lines: number): string {
  const names = [...'abcdefghijklmnopqrstuvwxyz'].slice(0, lines)
  return names
    .slice(1)
    .map((name, at) => `${name}: &${name} [*${names[at] ?? 'a'}, *${names[at] ?? 'a'}]\n`)
    .join('')
}
