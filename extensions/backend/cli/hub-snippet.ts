// `hub snippet CLIENT`: prints what to put into the configuration of a client.
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { COMMAND_VERSION } from '#contract/versions'
import { visibleLine } from '#contract/visible-text'
import { type Snippet, snippetOf } from '../clients/configs/snippet.ts'
import { SNIPPET_CLIENTS, type SnippetClient, snippetClientOf } from '../clients/configs/snippet-clients.ts'
import { projectFolderOf } from '../hub/http/http-hello.ts'
import { readHttpSecrets } from '../hub/http/http-secrets.ts'
import { readHttpSettings } from '../hub/http/http-settings.ts'
import { prepareHubPlace } from '../hub/hub-place.ts'
import { productCommand } from '../lib/product.ts'
import { stateFolder } from '../os/paths.ts'
import type { Terminal } from '../os/terminal.ts'
import { projectRootAbove } from '../serena/project-root.ts'
import { parseFlags, switchFlag } from './flags.ts'

const flagsSchema = z.object({ json: switchFlag, project: z.optional(z.string()) })
/** In a URL, where no project is known. */
const ANY_PROJECT = 'PROJECT'

/** Runs it. Errors: `wrong-use`, and those of the hub's folder. */
export async function runHubSnippet(
  word: string | undefined,
  flags: unknown,
  { env, cwd, write }: Pick<Terminal, 'env' | 'cwd' | 'write'>,
): Promise<void> {
  const { json, project } = parseFlags(flagsSchema, flags)
  const client = snippetClientOf(word ?? '')
  if (client === null) throw new AppError('wrong-use', { issue: unknownText(word ?? '') })
  const { folder } = prepareHubPlace(stateFolder(env, process.platform))
  const { isOn, port } = await readHttpSettings([], env)
  const { token, pathSecret } = readHttpSecrets(folder)
  const snippet = snippetOf(client, {
    connect: [...productCommand, 'connect'],
    baseUrl: `http://127.0.0.1:${port}/mcp/`,
    projectSegment: segmentOf(project, cwd, env),
    token,
    pathSecret,
  })
  write(
    json ? `${JSON.stringify(documentOf(client, snippet, isOn), null, 2)}\n` : textOf(client, snippet, isOn),
  )
}

function segmentOf(project: string | undefined, cwd: string, env: NodeJS.ProcessEnv): string {
  if (project === undefined) {
    const root = projectRootAbove(cwd)
    return root === null ? ANY_PROJECT : encodeURIComponent(root)
  }
  if (projectFolderOf(project, env) === null)
    throw new AppError('wrong-use', {
      issue: `--project takes the name of a registered project or the absolute path of a folder; ${visibleLine(project)} is neither.`,
    })
  return encodeURIComponent(project)
}

const unknownText = (word: string): string =>
  `Unknown client '${visibleLine(word)}': use ${SNIPPET_CLIENTS.map(({ id }) => id).join(', ')}.`

const documentOf = ({ id, file, format, note }: SnippetClient, { command, url }: Snippet, isOn: boolean) => ({
  schema: COMMAND_VERSION,
  snippet: { client: id, file, format, command, url, isHttpOn: isOn, note },
})

const OFF =
  'The URL is off: set hub_http: true in serena_config.yml, or hubHttp in the settings, and restart the hub.\n'

function textOf({ name, file, note }: SnippetClient, { command, url }: Snippet, isOn: boolean): string {
  const parts = [`${name}: ${file}\n`, `With a command (recommended):\n\n${command}`]
  if (url !== null)
    parts.push(`With a URL. It contains a secret: do not commit it.\n${isOn ? '' : OFF}\n${url}`)
  if (note !== null) parts.push(`${note}\n`)
  return parts.join('\n')
}
