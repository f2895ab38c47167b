// JSON, with comments and trailing commas, which several clients accept. Pure.
import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { lineAt, notOfFormat, type ParsedConfig, withoutBom } from './parsed-config.ts'

/** Throws ConfigSyntaxError when it is none, RangeError when it is nested too deeply. */
export function parseJson(text: string): ParsedConfig {
  const body = withoutBom(text)
  const { value, isStrict } = valueOf(body)
  let tree: Node | undefined
  return {
    value,
    isStrict,
    lineOf(path) {
      tree ??= parseTree(body, [], { allowTrailingComma: true })
      const node = tree && nearest(tree, path)
      return node ? lineAt(body, node.offset) : 1
    },
  }
}

function valueOf(body: string): { value: unknown; isStrict: boolean } {
  // The engine's parser is several times faster, and most files are plain JSON.
  try {
    return { value: JSON.parse(body), isStrict: true }
  } catch {
    return { value: lenientValueOf(body), isStrict: body.trim() === '' }
  }
}

function lenientValueOf(body: string): unknown {
  const errors: ParseError[] = []
  const value: unknown = parse(body, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first === undefined) return value
  const isEmpty =
    value === undefined && errors.every(({ error }) => printParseErrorCode(error) === 'ValueExpected')
  if (isEmpty && withoutComments(body) === '') return {}
  throw notOfFormat('JSON', lineAt(body, first.offset))
}

const withoutComments = (body: string): string => body.replace(/\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g, '').trim()

/** The key of a property, or an element of a list. */
function nearest(tree: Node, path: readonly (string | number)[]): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, path.slice(0, length))
    if (node) return node.parent?.type === 'property' ? node.parent : node
  }
  return tree
}
