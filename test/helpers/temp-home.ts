// Temporary folders: every test gets its own homes, and never uses those of the user.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Scope } from './scope.ts'

/** The root folder of the repository. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Wine says so by a variable of its own. */
export const isWine = process.platform === 'win32' && process.env['WINEPREFIX'] !== undefined

/** An empty folder with a real path (macOS links /var), removed when the scope ends. */
export async function makeTempFolder(scope: Scope, name = 'test'): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `serena-deck-${name}-`)))
  // A process that is exiting may still write into it.
  scope.add(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  return folder
}

/** A fresh SERENA_HOME that shares the downloaded language servers, so that no test downloads one; `.serena`: as 0.1.x needs it. */
export async function makeSerenaHome(scope: Scope, folder?: '.serena'): Promise<string> {
  const home = join(await makeTempFolder(scope, 'home'), folder ?? '')
  await mkdir(home, { recursive: true })
  const shared = join(projectRoot, '.cache', 'serena', 'language_servers')
  // Wine has no links.
  if (existsSync(shared) && !isWine) await symlink(shared, join(home, 'language_servers'), 'junction')
  return home
}

export interface SampleProject {
  name: string
  path: string
}

/** A git project with two TypeScript files; its name is the folder's. */
export async function makeTypeScriptProject(scope: Scope, name = 'demo-ts'): Promise<SampleProject> {
  const path = join(await makeTempFolder(scope, 'project'), name)
  await mkdir(join(path, 'src'), { recursive: true })
  const files: Record<string, string> = {
    'package.json': `${JSON.stringify({ name: 'demo-ts', version: '1.0.0', type: 'module' }, null, 2)}\n`,
    'tsconfig.json': '{ "compilerOptions": { "strict": true, "module": "ESNext", "target": "ES2022" } }\n',
    '.gitignore': 'node_modules/\n',
    'src/greeter.ts':
      "export interface Greeting {\n  text: string\n}\n\nexport class Greeter {\n  greet(name: string): Greeting {\n    return { text: 'Hello ' + name }\n  }\n}\n",
    'src/main.ts':
      "import { Greeter } from './greeter.js'\n\nconsole.log(new Greeter().greet('world').text)\n",
  }
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text)
  execFileSync('git', ['init', '--quiet', path], { stdio: 'ignore' })
  return { name, path }
}
