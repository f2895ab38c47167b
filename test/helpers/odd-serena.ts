// Starts dashboards that the stand-ins do not cover: a small server with the command line of a Serena.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startDrivenProgram } from './driven-program.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder } from './temp-home.ts'

/** Starts a program with the command line of a Serena, whose server runs the code `answer` and records its requests. */
export async function startOddSerena(scope: Scope, serenaHome: string, answer: string) {
  const folder = await makeTempFolder(scope, 'odd')
  await mkdir(join(folder, 'bin'))
  await writeFile(
    join(folder, 'bin', 'serena'),
    `const server = require('node:http').createServer((request, response) => {
      require('node:fs').appendFileSync('asked', request.method + ' ' + request.url + '\\n')
      const begin = (headers) => response.writeHead(200, { 'Content-Type': 'application/json', ...headers })
      const json = (text, headers) => begin(headers).end(text)
      ${answer}
    })
    server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())))
    process.stdin.resume().on('end', () => process.exit())`,
  )
  const asked = join(folder, 'asked')
  await writeFile(asked, '')
  const args = [join(folder, 'bin', 'serena'), 'start-mcp-server']
  const env = { ...process.env, SERENA_HOME: serenaHome }
  const program = startDrivenProgram(scope, process.execPath, args, { cwd: folder, env })
  const { port } = await program.said((message) => typeof message['port'] === 'number')
  return {
    pid: program.mark.pid,
    port: Number(port),
    asked: async () => (await readFile(asked, 'utf8')).split('\n').filter(Boolean),
  }
}

/** Returns code for `startOddSerena`: the scan detects a Serena without a project, and `answer` handles all other requests. */
export const asSerena = (answer = '', headers: object = {}): string => `
  const headers = ${JSON.stringify(headers)}
  if (request.url === '/get_tool_names') return json('{"tool_names":["find_symbol"]}', headers)
  if (request.url === '/heartbeat') return json('{"status":"alive"}', headers)
  if (request.url === '/get_log_messages')
    return json('{"messages":[],"max_idx":-1,"active_project":null}', headers)
  if (request.url === '/get_config_overview') return json('{}', headers)
  ${answer}`
