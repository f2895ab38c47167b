// TOML. Pure.
import { type AST, getStaticTOMLValue, parseTOML } from 'toml-eslint-parser'
import { lineAt, notOfFormat, type ParsedConfig, withoutBom } from './parsed-config.ts'

type Path = readonly (string | number)[]

/** Throws ConfigSyntaxError when it is none, RangeError when it is nested too deeply. */
export function parseToml(text: string): ParsedConfig {
  const body = withoutBom(text)
  const program = programOf(body)
  return {
    value: getStaticTOMLValue(program),
    isStrict: true,
    lineOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const range = firstRangeOf(program, path.slice(0, length))
        if (range) return lineAt(body, range[0])
      }
      return 1
    },
  }
}

/** Parses text without a byte order mark. Throws as above. */
export function programOf(body: string): AST.TOMLProgram {
  try {
    return parseTOML(body, { tomlVersion: '1.1.0' })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const { index } = error as SyntaxError & { index?: unknown }
    throw notOfFormat('TOML', typeof index === 'number' ? lineAt(body, index) : null)
  }
}

/** The names of a key, without quotes. */
export const namesOf = ({ keys }: AST.TOMLKey): string[] =>
  keys.map((one) => (one.type === 'TOMLBare' ? one.name : one.value))

/** The first table or key that is at the path or below it. */
function firstRangeOf(program: AST.TOMLProgram, path: Path): AST.Range | null {
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') {
      const found = rangeIn(node, [], path)
      if (found) return found
      continue
    }
    if (startsWith(node.resolvedKey, path)) return node.range
    const found = node.body.map((one) => rangeIn(one, node.resolvedKey, path)).find((range) => range !== null)
    if (found) return found
  }
  return null
}

function rangeIn(pair: AST.TOMLKeyValue, above: Path, path: Path): AST.Range | null {
  const own = [...above, ...namesOf(pair.key)]
  if (startsWith(own, path)) return pair.range
  return startsWith(path, own) ? rangeInValue(pair.value, own, path) : null
}

function rangeInValue(value: AST.TOMLContentNode, own: Path, path: Path): AST.Range | null {
  if (value.type === 'TOMLInlineTable')
    return value.body.map((one) => rangeIn(one, own, path)).find((range) => range !== null) ?? null
  const at = path[own.length]
  const element = value.type === 'TOMLArray' && typeof at === 'number' ? value.elements[at] : undefined
  if (element === undefined) return null
  const next = [...own, at as number]
  return next.length === path.length ? element.range : rangeInValue(element, next, path)
}

export const startsWith = (path: Path, start: Path): boolean =>
  start.length <= path.length && start.every((key, at) => key === path[at])
