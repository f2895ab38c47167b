// Changes of each format: where they are written, what is kept, and what is refused.
import { describe, expect, it } from 'vitest'
import { changeConfig } from './change-config.ts'
import type { ConfigChange } from './config-change.ts'
import type { ConfigFormat } from './config-entry.ts'

const set = (path: ConfigChange['path'], value: unknown): ConfigChange => ({ kind: 'set', path, value })
const remove = (...path: (string | number)[]): ConfigChange => ({ kind: 'remove', path })
const append = (path: ConfigChange['path'], value: unknown): ConfigChange => ({ kind: 'append', path, value })

const crlf = (text: string): string => text.replaceAll('\n', '\r\n')

type Row = readonly [title: string, before: string, change: ConfigChange, after: string]

const expectRows = (format: ConfigFormat, rows: readonly Row[]): void => {
  it.each(rows)('%s', (_, before, change, after) => {
    expect(changeConfig(before, format, [change])).toBe(after)
    const isCrlf = before.includes('\n')
    if (isCrlf) expect(changeConfig(crlf(before), format, [change])).toBe(crlf(after))
    expect(changeConfig(`\uFEFF${before}`, format, [change])).toBe(`\uFEFF${after}`)
  })
}

describe('JSON', () => {
  const servers =
    '{\n  "mcpServers": {\n    "a": {\n      "command": "x", // why\n      "args": ["1", /* two */ "2"]\n    }\n  }\n}\n'
  const a = ['mcpServers', 'a']
  expectRows('json', [
    ['changes a value', servers, set([...a, 'command'], 'y'), servers.replace('"x"', '"y"')],
    ['changes one argument', servers, set([...a, 'args'], ['1', '3']), servers.replace('"2"', '"3"')],
    ['appends an argument', servers, append([...a, 'args'], '3'), servers.replace('"2"]', '"2", "3"]')],
    ['prepends arguments', servers, set([...a, 'args'], ['0', '1', '2']), servers.replace('"1"', '"0", "1"')],
    [
      'removes an argument',
      servers,
      remove(...a, 'args', 0),
      servers.replace('"1", /* two */ ', '/* two */ '),
    ],
    [
      'removes a key, not its comment',
      servers,
      remove(...a, 'command'),
      servers.replace('"command": "x", //', '//'),
    ],
    [
      'removes the last key with the comma before it',
      servers,
      remove(...a, 'args'),
      servers.replace(/,( \/\/ why\n).*\n/, '$1'),
    ],
    ['adds a key', servers, set([...a, 'cwd'], '/w'), servers.replace('"2"]', '"2"],\n      "cwd": "/w"')],
    ['empties a map', servers, remove(...a), '{\n  "mcpServers": {}\n}\n'],
    [
      'adds a server behind a comment',
      '{\n\t"mcpServers": {\n\t\t"a": { "command": "x" } // last\n\t}\n}',
      set(['mcpServers', 'b'], { command: 'y', args: ['1'] }),
      '{\n\t"mcpServers": {\n\t\t"a": { "command": "x" }, // last\n\t\t"b": {\n\t\t\t"command": "y",\n\t\t\t"args": [\n\t\t\t\t"1"\n\t\t\t]\n\t\t}\n\t}\n}',
    ],
    ['keeps a trailing comma', '{\n  "a": 1,\n}\n', set(['b'], 2), '{\n  "a": 1,\n  "b": 2,\n}\n'],
    ['stays on one line', '{"a":{"b":1}}', set(['a', 'c'], [1]), '{"a":{"b":1, "c": [1]}}'],
    ['fills an empty file', '', set(['a', 'b'], 1), '{\n  "a": {\n    "b": 1\n  }\n}\n'],
    ['fills a file of comments', '// mine\n', set(['a'], 1), '// mine\n{\n  "a": 1\n}\n'],
    ['fills an empty map', '{}\n', set(['a'], 1), '{\n  "a": 1\n}\n'],
    ['fills a map of comments', '{\n  // none\n}\n', set(['a'], 1), '{\n  // none\n  "a": 1\n}\n'],
    ['replaces null', '{ "mcpServers": null }', set(a, {}), '{ "mcpServers": { "a": {} } }'],
    ['changes the key that counts', '{"a":1,"a":2}', set(['a'], 3), '{"a":1,"a":3}'],
  ])
})

describe('TOML', () => {
  const servers =
    '# mine\n[mcp_servers.a] # why\ncommand = "x" # old\nargs = [\n  "1", # one\n  "2",\n]\n\n[mcp_servers.a.env]\nA = \'b\'\n'
  const a = ['mcp_servers', 'a']
  expectRows('toml', [
    ['changes a value', servers, set([...a, 'command'], 'C:\\y'), servers.replace('"x"', '"C:\\\\y"')],
    ['changes one argument', servers, set([...a, 'args', 0], '3'), servers.replace('"1"', '"3"')],
    [
      'appends an argument',
      servers,
      append([...a, 'args'], '3'),
      servers.replace('"2",\n', '"2",\n  "3",\n'),
    ],
    ['removes an argument', servers, remove(...a, 'args', 1), servers.replace('  "2",\n', '')],
    [
      'adds a key',
      servers,
      set([...a, 'enabled'], false),
      servers.replace(']\n\n', ']\nenabled = false\n\n'),
    ],
    ['adds a variable', servers, set([...a, 'env', 'C'], 'd'), `${servers}C = "d"\n`],
    ['removes a server with its sub-tables', servers, remove(...a), '# mine\n'],
    [
      'removes a sub-table',
      servers,
      remove(...a, 'env'),
      servers.replace(/\n\[mcp_servers\.a\.env\]\nA.*\n/, ''),
    ],
    [
      'adds a server',
      servers,
      set(['mcp_servers', 'b c'], { command: 'y', args: [], env: { A: '1' } }),
      `${servers}\n[mcp_servers."b c"]\ncommand = "y"\nargs = []\n\n[mcp_servers."b c".env]\nA = "1"\n`,
    ],
    [
      'adds to an inline table',
      'mcp_servers.a = { command = "x" } # in\n',
      set([...a, 'args'], ['1']),
      'mcp_servers.a = { command = "x", args = ["1"] } # in\n',
    ],
    [
      'adds behind dotted keys',
      'b.c.d = 1\n[t]\nx = 1\n',
      set(['b', 'c', 'e'], 2),
      'b.c.d = 1\nb.c.e = 2\n[t]\nx = 1\n',
    ],
    ['removes dotted keys', 'a = 1\nb.c = 1\nb.d = 2\n', remove('b'), 'a = 1\n'],
    ['adds to the top', 'a = 1 # one\n\n[t]\nx = 1\n', set(['b'], 2), 'a = 1 # one\nb = 2\n\n[t]\nx = 1\n'],
    [
      'changes an element of an array of tables',
      '[[mcp_servers]]\nname = "a"\n\n[[mcp_servers]]\nname = "b"\nargs = ["x"]\n',
      set(['mcp_servers', 1, 'args'], ['x', 'y']),
      '[[mcp_servers]]\nname = "a"\n\n[[mcp_servers]]\nname = "b"\nargs = ["x", "y"]\n',
    ],
    [
      'adds an element to an array of tables',
      '[[mcp_servers]]\nname = "a"\n',
      append(['mcp_servers'], { name: 'b', args: ['x'] }),
      '[[mcp_servers]]\nname = "a"\n\n[[mcp_servers]]\nname = "b"\nargs = ["x"]\n',
    ],
    [
      'removes an element of an array of tables',
      '[[s]]\nname = "a"\n\n[[s]]\nname = "b"\n\n[other]\nx = 1\n',
      remove('s', 0),
      '[[s]]\nname = "b"\n\n[other]\nx = 1\n',
    ],
    [
      'fills an empty file',
      '',
      set(['mcp_servers', 'a'], { command: 'x' }),
      '[mcp_servers.a]\ncommand = "x"\n',
    ],
    ['keeps dates', 'd = 1979-05-27T07:32:00Z\na = 1\n', set(['a'], 2), 'd = 1979-05-27T07:32:00Z\na = 2\n'],
  ])
})

describe('YAML', () => {
  const servers =
    "# mine\nextensions:\n  a: # why\n    cmd: x # old\n    args:\n      - '1' # one\n      - two\n    envs: {}\n\nlast: true\n"
  const a = ['extensions', 'a']
  expectRows('yaml', [
    ['changes a value', servers, set([...a, 'cmd'], 'yes'), servers.replace('x #', "'yes' #")],
    ['keeps the quotes', servers, set([...a, 'args', 0], 'z'), servers.replace("'1'", "'z'")],
    [
      'appends an argument',
      servers,
      append([...a, 'args'], '--x'),
      servers.replace('two\n', "two\n      - '--x'\n"),
    ],
    [
      'prepends an argument',
      servers,
      set([...a, 'args'], ['0', '1', 'two']),
      servers.replace("- '1'", "- '0'\n      - '1'"),
    ],
    ['removes an argument', servers, remove(...a, 'args', 1), servers.replace('      - two\n', '')],
    ['removes a list', servers, remove(...a, 'args'), servers.replace(/ {4}args:\n.*\n.*\n/, '')],
    ['adds a key', servers, set([...a, 'enabled'], true), servers.replace('{}\n', '{}\n    enabled: true\n')],
    ['adds to a map in brackets', servers, set([...a, 'envs', 'A'], 'b'), servers.replace('{}', '{ A: b }')],
    [
      'adds a server',
      servers,
      set(['extensions', 'b'], { cmd: 'z', args: ['-1'], envs: {} }),
      servers.replace('{}\n', "{}\n  b:\n    cmd: z\n    args:\n      - '-1'\n    envs: {}\n"),
    ],
    [
      'removes the only server',
      servers,
      remove(...a),
      servers.replace(/extensions:\n[\s\S]*\{\}\n/, 'extensions: {}\n'),
    ],
    [
      'adds an entry to a list',
      'mcpServers:\n  - name: a\n    command: x\nlast: 1\n',
      append(['mcpServers'], { name: 'b', command: 'y', args: ['1'] }),
      "mcpServers:\n  - name: a\n    command: x\n  - name: b\n    command: 'y'\n    args:\n      - '1'\nlast: 1\n",
    ],
    [
      'removes the first key behind a dash',
      's:\n- name: a\n  b: 1\n',
      remove('s', 0, 'name'),
      's:\n- b: 1\n',
    ],
    ['removes an entry of a list', 's:\n- name: a\n- name: b # b\n', remove('s', 0), 's:\n- name: b # b\n'],
    [
      'fills a key without a value',
      's: # none\nb: 1\n',
      set(['s', 'a'], { c: 1 }),
      's: # none\n  a:\n    c: 1\nb: 1\n',
    ],
    ['fills an empty file', '', set(['a', 'b'], ['x']), 'a:\n  b:\n    - x\n'],
    ['changes a list in brackets', 'a: [x, "y"] # z\n', set(['a'], ['x', 'z', 'y']), 'a: [x, z, "y"] # z\n'],
    ['replaces a block of text', 'a: |\n  one\n  two\nb: 1\n', set(['a'], 'three'), 'a: three\nb: 1\n'],
    ['replaces a text by a list', 'a: x\nb: 1\n', set(['a'], ['z']), 'a:\n  - z\nb: 1\n'],
  ])
})

describe('a change that cannot be made alone', () => {
  it.each<[string, ConfigFormat, string, ConfigChange]>([
    ['below a text', 'json', '{"a":"x"}', set(['a', 'b'], 1)],
    ['in JSON5', 'json5', '{a: 1}', set(['a'], 2)],
    ['behind the end of a list', 'json', '{"a":[]}', set(['a', 3], 1)],
    ['appended to a map', 'yaml', 'a: {}\n', append(['a'], 1)],
    ['a value that TOML does not have', 'toml', 'a = 1\n', set(['a'], null)],
    ['what an alias of YAML stands for', 'yaml', 'a: &x {b: 1}\nc: *x\n', set(['c', 'b'], 2)],
    ['of which an alias is a copy', 'yaml', 'a: &x {b: 1}\nc: *x\n', set(['a', 'b'], 2)],
  ])('%s is refused', (_, format, text, change) => {
    expect(() => changeConfig(text, format, [change])).toThrow('Cannot change')
  })

  it.each<[ConfigFormat, string]>([
    ['json', '{"a":'],
    ['toml', '[a'],
    ['yaml', 'a: [b'],
  ])('a text that is not %s is refused', (format, text) => {
    expect(() => changeConfig(text, format, [set(['a'], 1)])).toThrow('It is not valid')
  })

  it('does not change a value that is already correct', () => {
    expect(changeConfig('{"a" : 1}', 'json', [set(['a'], 1), remove('b', 'c')])).toBe('{"a" : 1}')
  })
})
