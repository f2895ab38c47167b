// Writes the tables and diagrams of the rooms into docs/dev/architecture.md, from rooms.mjs and the imports of the code.
// Run: node scripts/docs-architecture.mjs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BACKEND, PAGE } from '../rooms.mjs'

const root = join(import.meta.dirname, '..')
export const ARCHITECTURE = 'docs/dev/architecture.md'
// Static imports and exports, side-effect imports, and import().
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*)'([^']+)'/g

/** Returns `text` with its marked parts generated from rooms.mjs and the code. */
export function renderArchitecture(text) {
  const parts = [
    ['backend-rooms', renderRooms(BACKEND, importsOf('extensions/backend', BACKEND))],
    ['page-rooms', renderRooms(PAGE, importsOf('src', PAGE))],
  ]
  return parts.reduce((result, [name, part]) => replacePart(result, name, part), text)
}

/** Updates docs/dev/architecture.md. */
export function writeArchitecture() {
  const file = join(root, ARCHITECTURE)
  writeFileSync(file, renderArchitecture(readFileSync(file, 'utf8')))
}

function replacePart(text, name, part) {
  const marked = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*(<!-- /${name} -->)`)
  if (!marked.test(text)) throw new Error(`${ARCHITECTURE} has no part <!-- ${name} -->.`)
  return text.replace(marked, (_, open, close) => `${open}${part}\n${close}`)
}

/** Returns for each room the set of other rooms of the same list that its code (without tests) imports. */
function importsOf(folder, rooms) {
  const names = rooms.map(([name]) => name)
  const imports = new Map(names.map((name) => [name, new Set()]))
  for (const [room, found] of imports) {
    for (const file of sourcesBelow(join(root, folder, room))) {
      for (const [, specifier] of readFileSync(file, 'utf8').matchAll(SPECIFIER)) {
        const target = roomOf(file, specifier, folder)
        if (target !== room && imports.has(target)) found.add(target)
      }
    }
  }
  return imports
}

function sourcesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .filter((entry) => !/\.(test|fixture)\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function roomOf(file, specifier, folder) {
  if (specifier.startsWith('#contract/')) return 'contract'
  if (!specifier.startsWith('.')) return null
  const path = relative(join(root, folder), resolve(dirname(file), specifier))
  return path.split(sep)[0]
}

function renderRooms(rooms, imports) {
  const highestFirst = rooms.toReversed()
  const inOrder = (names) => rooms.map(([name]) => name).filter((name) => names.has(name))
  const rows = highestFirst.map(([name, sentence]) => {
    const others = inOrder(imports.get(name)).map((other) => `\`${other}\``)
    return `| \`${name}\` | ${sentence} | ${others.join(', ') || '–'} |`
  })
  const table = ['| room | contents | imports |', '|---|---|---|', ...rows]
  const arrows = highestFirst.flatMap(([name]) =>
    inOrder(withoutImplied(imports, name)).map((other) => `  ${name} --> ${other}`),
  )
  return [...table, '', '```mermaid', 'flowchart TD', ...arrows, '```'].join('\n')
}

/** Returns the imports of `room` that are not reachable through its other imports. */
function withoutImplied(imports, room) {
  const direct = imports.get(room)
  const implied = new Set([...direct].flatMap((other) => [...reachableFrom(imports, other)]))
  return new Set([...direct].filter((other) => !implied.has(other)))
}

function reachableFrom(imports, room, found = new Set()) {
  for (const other of imports.get(room)) {
    if (found.has(other)) continue
    found.add(other)
    reachableFrom(imports, other, found)
  }
  return found
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeArchitecture()
  console.log(`${ARCHITECTURE} is up to date.`)
}
