// Serves the stock page with the load of a stand-in: page files from a real Serena, every API answer from the stand-in.
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Scope } from '../test/helpers/scope.ts'

/** Returns the address of the page, which is served until the scope ends. */
export async function serveStockPage(
  scope: Scope,
  { filesPort, answersPort }: { filesPort: number; answersPort: number },
): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const { url = '/', method, headers } = incoming
    const port = url.startsWith('/dashboard/') ? filesPort : answersPort
    const upstream = request(
      { host: '127.0.0.1', port, path: url, method, headers: { ...headers, host: `127.0.0.1:${port}` } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    upstream.on('error', (error) => outgoing.destroy(error))
    incoming.pipe(upstream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  scope.add(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/dashboard/index.html`
}
