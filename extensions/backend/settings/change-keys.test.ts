// One key changes, every other byte stays.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { changeKeys } from './change-keys.ts'

const KEY = 'web_dashboard_open_on_launch'
/** Shaped as a stock file is: long comments, empty values, lists, a secret. */
const stock = `# the backend to use for code understanding.
#  * LSP: language servers
language_backend: LSP

# whether to start the dashboard
# set \`web_dashboard_open_on_launch\` to false to keep it closed
web_dashboard: True

# If the value is unset, the dashboard will be opened.
${KEY}:

# defines the interface
web_dashboard_interface:
web_dashboard_trusted_hosts:
- localhost
- 127.0.0.1
ls_specific_settings: {}
auth_secret: 0f8e "quoted"
projects:
- /home/ana/projects/shop   # the first
`

const mappingOf = (text: string): Map<unknown, unknown> =>
  new Map(parse(text, { mapAsMap: true, logLevel: 'silent' }) as Map<unknown, unknown> | null)

describe('changeKeys', () => {
  it.each([
    ['an empty value', `a: 1\n${KEY}:\nb: 2\n`, `a: 1\n${KEY}: false\nb: 2\n`],
    ['an empty value before a comment', `${KEY}: # why\nb: 2\n`, `${KEY}: false # why\nb: 2\n`],
    ['a value with a comment', `# top\n${KEY}:   true   # why\n`, `# top\n${KEY}: false   # why\n`],
    ['a quoted key', `"${KEY}": true\n`, `"${KEY}": false\n`],
    ['a missing key', 'a: 1\n', `a: 1\n${KEY}: false\n`],
    ['no line end', 'a: 1', `a: 1\n${KEY}: false\n`],
    ['Windows lines', `a: 1\r\n${KEY}: true\r\nb: 2\r\n`, `a: 1\r\n${KEY}: false\r\nb: 2\r\n`],
    ['Windows lines, missing', 'a: 1\r\n', `a: 1\r\n${KEY}: false\r\n`],
    ['nothing', '', `${KEY}: false\n`],
    ['comments only', '# nothing yet\n', `# nothing yet\n${KEY}: false\n`],
    [
      'the same word elsewhere',
      `# ${KEY}: true\na: "${KEY}: true"\n`,
      `# ${KEY}: true\na: "${KEY}: true"\n${KEY}: false\n`,
    ],
  ])('%s', (_, text, expected) => {
    expect(changeKeys(text, { [KEY]: false })).toBe(expected)
  })

  it.each([
    ['takes a key out with its line', `a: 1\n${KEY}: true # x\nb: 2\n`, 'a: 1\nb: 2\n'],
    ['leaves what has no such key', 'a: 1\n', 'a: 1\n'],
    ['takes out the last line', `a: 1\n${KEY}: true`, 'a: 1\n'],
  ])('%s', (_, text, expected) => {
    expect(changeKeys(text, { [KEY]: null })).toBe(expected)
  })

  it.each([
    '{a: 1}\n',
    '- a\n',
    'a: [\n',
    `a: 1\n---\nb: 2\n`,
    `a: 1\na: 2\n`,
    `${KEY}: |\n  long\n  text\n`,
    `${KEY}: {x: 1}\n`,
    'a: &x 1\n...\n',
    'a: *x\n',
    '*x',
  ])('refuses %j, or changes nothing else in it', (text) => {
    try {
      changeKeys(text, { [KEY]: false })
    } catch (error) {
      expect(error).toMatchObject({ code: 'key-not-changed' })
      return
    }
    expect(text).toBe(`${KEY}: |\n  long\n  text\n`)
  })

  it('writes never, text and fractions as YAML does', () => {
    const text = changeKeys('', {
      zombie_prune_minutes: '.inf',
      idle_shutdown_minutes: 0.5,
      web_dashboard_interface: 'tray_manager',
    })
    expect(text).toBe(
      'zombie_prune_minutes: .inf\nidle_shutdown_minutes: 0.5\nweb_dashboard_interface: tray_manager\n',
    )
    expect(changeKeys('', { web_dashboard_interface: 'true' })).toBe('web_dashboard_interface: "true"\n')
  })

  it('changes a single line of a stock file', () => {
    const changed = changeKeys(stock, { [KEY]: false, web_dashboard_global: true })
    const lines = new Set(stock.split('\n'))
    expect(changed.split('\n').filter((line) => !lines.has(line))).toEqual([
      `${KEY}: false`,
      'web_dashboard_global: true',
    ])
    expect(changeKeys(changed, { web_dashboard_global: null })).toBe(changeKeys(stock, { [KEY]: false }))
  })

  it('changes the key and keeps everything else, or refuses', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '# c',
        '',
        'a: 1',
        'b: "x: y"',
        'c:',
        'd: [1, 2]',
        'e:\n  f: 1',
        `${KEY}: true`,
        `${KEY}:`,
        'g: |\n  t',
        '---',
        '...',
        '%YAML 1.2',
        'k: &x 1',
        'k: *x',
        '*x',
      ),
      fc.string({ maxLength: 12 }),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.join('\n')
        try {
          const changed = changeKeys(text, { [KEY]: false })
          expect(mappingOf(changed)).toEqual(mappingOf(text).set(KEY, false))
        } catch (error) {
          expect(error).toMatchObject({ code: 'key-not-changed' })
        }
      }),
    )
  })

  it('keeps the byte order mark of a file whose first key is set or removed', () => {
    const text = `\uFEFF${KEY}: true\r\nauth_secret: x\r\n`
    expect(changeKeys(text, { [KEY]: false })).toBe(`\uFEFF${KEY}: false\r\nauth_secret: x\r\n`)
    expect(changeKeys(text, { [KEY]: null })).toBe('\uFEFFauth_secret: x\r\n')
  })
})
