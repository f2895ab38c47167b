// npm run deck loads this first: without a build, Node would only report a missing file.
import { existsSync } from 'node:fs'

if (!existsSync(new URL('../dist/backend/cli.js', import.meta.url))) {
  console.error('Build first: npm ci && npm run build')
  process.exit(1)
}
