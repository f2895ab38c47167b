// Writes the generated parts of the documents: the command line, the routes, and the rooms of the code.
// Run: npm run docs (Node with tsx, because the definitions are TypeScript)
import { readFileSync, writeFileSync } from 'node:fs'
import { commandLineDocs } from '../extensions/backend/cli/command-docs.ts'
import { withRouteTable } from '../extensions/backend/http/route-docs.ts'
import { writeArchitecture } from './docs-architecture.mjs'

const docs = new URL('../docs/', import.meta.url)
const routes = new URL('dev/http.md', docs)

writeFileSync(new URL('command-line.md', docs), commandLineDocs())
writeFileSync(routes, withRouteTable(readFileSync(routes, 'utf8')))
writeArchitecture()
