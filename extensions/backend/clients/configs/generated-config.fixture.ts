// Configurations of servers as people write them: any layout, comments in every place, both line ends.
import * as fc from 'fast-check'
import type { ConfigFormat } from './config-entry.ts'
import { tomlKey, tomlString } from './toml-text.ts'
import { yamlString } from './yaml-text.ts'

export interface Server {
  command: string
  args: string[]
  env: Record<string, string>
}

export interface GeneratedConfig {
  format: ConfigFormat
  text: string
  key: string
  servers: Record<string, Server>
  /** The texts of all comments. */
  comments: readonly string[]
}

const WORDS = [
  'serena',
  'start-mcp-server',
  '--context',
  '--project-from-cwd',
  '--project',
  '--',
  '-y',
  'yes',
  'null',
  '007',
  '1.5',
  'a b',
  '# no comment',
  '// no comment',
  'key: value',
  "it's",
  'say "hi"',
  'C:\\Users\\me',
  '${HOME}/x',
  '{env:X}',
  '[x]',
  ', ',
  '*',
  '&a',
  '!tag',
  '',
  ' ',
  'ümläut 日本',
  'tab\there',
  'git+https://github.com/oraios/serena@v2.1.0',
]
export const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'grapheme', maxLength: 12 }))
const name = fc.oneof(
  fc.constantFrom('serena', 'other-server', 'my.server', 'a b'),
  fc.stringMatching(/^[a-z]\w{0,8}$/),
)
const server: fc.Arbitrary<Server> = fc.record({
  command: word,
  args: fc.array(word, { minLength: 1, maxLength: 5 }),
  env: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z_]{0,6}$/), word, { maxKeys: 2, noNullPrototype: true }),
})
const servers = fc.dictionary(name, server, { minKeys: 1, maxKeys: 3, noNullPrototype: true })

/** A stream of decisions about the layout. */
interface Layout {
  flip: (chance?: number) => boolean
  comment: () => string
  comments: string[]
  eol: string
  unit: string
  hasComments: boolean
}

function layoutFrom(decisions: readonly number[], hasComments: boolean): Layout {
  let at = 0
  const next = (): number => decisions[at++ % decisions.length] ?? 0
  const comments: string[] = []
  return {
    flip: (chance = 0.5) => next() < chance * 1_000,
    comment() {
      const text = `note ${comments.length} "quoted", {x}`
      comments.push(text)
      return text
    },
    comments,
    eol: next() < 300 ? '\r\n' : '\n',
    unit: ['  ', '    ', '\t'][next() % 3] ?? '  ',
    hasComments,
  }
}

/** A comment behind something, or none. */
const behind = (layout: Layout, mark: string): string =>
  layout.hasComments && layout.flip(0.3) ? ` ${mark} ${layout.comment()}` : ''
/** A line of its own with a comment, or none. */
const above = (layout: Layout, mark: string, indent: string): string =>
  layout.hasComments && layout.flip(0.3) ? `${indent}${mark} ${layout.comment()}${layout.eol}` : ''

/** The items of a list or map in JSON, on one line or over several. */
function jsonItems(
  items: readonly ((indent: string) => string)[],
  marks: string,
  indent: string,
  layout: Layout,
): string {
  const [open = '', close = ''] = marks
  if (items.length === 0) return open + close
  if (layout.flip(0.3)) return `${open} ${items.map((one) => one('')).join(', ')} ${close}`
  const inner = indent + layout.unit
  const lines = items.map((one, i) => {
    const isLast = i === items.length - 1
    const comma = isLast ? (layout.hasComments && layout.flip(0.2) ? ',' : '') : ','
    return `${above(layout, '//', inner)}${inner}${one(inner)}${comma}${behind(layout, '//')}${layout.eol}`
  })
  return `${open}${behind(layout, '//')}${layout.eol}${lines.join('')}${indent}${close}`
}

function jsonOf(value: unknown, indent: string, layout: Layout, isInline = false): string {
  const own = isInline ? { ...layout, hasComments: false, flip: () => true } : layout
  if (Array.isArray(value))
    return jsonItems(
      value.map((one: unknown) => (inner: string) => jsonOf(one, inner, own, inner === '')),
      '[]',
      indent,
      own,
    )
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return jsonItems(
    Object.entries(value).map(
      ([key, one]: [string, unknown]) =>
        (inner: string) =>
          `${JSON.stringify(key)}: ${jsonOf(one, inner, own, inner === '')}`,
    ),
    '{}',
    indent,
    own,
  )
}

const tomlText = (text: string, layout: Layout): string =>
  /^[^'\u0000-\u001f\u007f]*$/.test(text) && layout.flip(0.3) ? `'${text}'` : tomlString(text)

function tomlList(items: readonly string[], layout: Layout): string {
  if (layout.flip()) return `[${items.map((one) => tomlText(one, layout)).join(', ')}]`
  const lines = items.map((one, i) => {
    const comma = i < items.length - 1 || layout.flip(0.3) ? ',' : ''
    return `${above(layout, '#', layout.unit)}${layout.unit}${tomlText(one, layout)}${comma}${behind(layout, '#')}${layout.eol}`
  })
  return `[${behind(layout, '#')}${layout.eol}${lines.join('')}]`
}

function tomlOf(all: Record<string, Server>, layout: Layout): string {
  const tables = Object.entries(all).map(([key, { command, args, env }]) => {
    const path = `mcp_servers.${tomlKey(key)}`
    const pairs = Object.entries(env).map(([one, text]) => `${one} = ${tomlText(text, layout)}`)
    const isInline = layout.flip()
    const inside = isInline && pairs.length > 0 ? `env = { ${pairs.join(', ')} }${layout.eol}` : ''
    const lines = [
      `${above(layout, '#', '')}[${path}]${behind(layout, '#')}${layout.eol}`,
      `${above(layout, '#', '')}command = ${tomlText(command, layout)}${behind(layout, '#')}${layout.eol}`,
      `args = ${tomlList(args, layout)}${behind(layout, '#')}${layout.eol}${inside}`,
    ]
    const own = pairs.map((pair) => `${above(layout, '#', '')}${pair}${behind(layout, '#')}${layout.eol}`)
    const table =
      isInline || pairs.length === 0 ? '' : `${layout.eol}[${path}.env]${layout.eol}${own.join('')}`
    return `${lines.join('')}${table}`
  })
  return `${above(layout, '#', '')}model = "x"${behind(layout, '#')}${layout.eol}${layout.eol}${tables.join(layout.eol)}`
}

const yamlWord = (text: string, layout: Layout): string =>
  yamlString(text, layout.flip(0.3) ? 'double' : layout.flip(0.3) ? 'single' : 'plain')

function yamlOf(all: Record<string, Server>, layout: Layout): string {
  const { eol } = layout
  const unit = layout.flip() ? '  ' : '    '
  const line = (indent: string, text: string): string =>
    `${above(layout, '#', indent)}${indent}${text}${behind(layout, '#')}${eol}`
  const lists = Object.entries(all).map(([key, { command, args, env }]) => {
    const inner = unit + unit
    const dash = layout.flip() ? inner : inner + unit
    const items = layout.flip(0.3)
      ? line(inner, `args: [${args.map((one) => yamlWord(one, layout)).join(', ')}]`)
      : line(inner, 'args:') + args.map((one) => line(dash, `- ${yamlWord(one, layout)}`)).join('')
    const pairs = Object.entries(env)
    const map = layout.flip(0.3)
      ? line(inner, `env: {${pairs.map(([one, text]) => `${one}: ${yamlWord(text, layout)}`).join(', ')}}`)
      : pairs.length === 0
        ? line(inner, 'env: {}')
        : line(inner, 'env:') +
          pairs.map(([one, text]) => line(inner + unit, `${one}: ${yamlWord(text, layout)}`)).join('')
    return `${line(unit, `${yamlString(key)}:`)}${line(inner, `command: ${yamlWord(command, layout)}`)}${items}${map}`
  })
  return `${line('', 'theme: dark')}${line('', 'extensions:')}${lists.join('')}${line('', 'last: true')}`
}

const KEYS = { json: 'mcpServers', json5: 'mcpServers', toml: 'mcp_servers', yaml: 'extensions' } as const

/** `comments` false: plain JSON. */
export const generatedConfig = (
  format: Exclude<ConfigFormat, 'json5'>,
  hasComments = true,
): fc.Arbitrary<GeneratedConfig> =>
  fc
    .record({
      servers,
      decisions: fc.array(fc.nat({ max: 999 }), { minLength: 8, maxLength: 40 }),
      hasBom: fc.boolean(),
      hasEnd: fc.boolean(),
    })
    .map(({ servers: all, decisions, hasBom, hasEnd }) => {
      const layout = layoutFrom(decisions, hasComments)
      const body =
        format === 'toml'
          ? tomlOf(all, layout)
          : format === 'yaml'
            ? yamlOf(all, layout)
            : `${above(layout, '//', '')}${jsonOf({ theme: 'dark', mcpServers: all, last: [] }, '', layout)}${layout.eol}`
      const text = hasEnd ? body : body.replace(/\r?\n$/, '')
      return {
        format,
        text: (hasBom ? '\uFEFF' : '') + text,
        key: KEYS[format],
        servers: all,
        // Some variants are made and not taken.
        comments: layout.comments.filter((comment) => text.includes(comment)),
      }
    })
