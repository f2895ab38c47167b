// Which targets name a project and a context; what is refused is tested over real HTTP in test/contract/hub-http-gate.test.ts.
import { expect, it } from 'vitest'
import { judgeHttpRequest, type RequestRules } from './http-request.ts'

const rules: RequestRules = {
  port: 1,
  isToken: (candidate) => candidate === 'token',
  isPathSecret: (candidate) => candidate === 'secret',
}
const judge = (target: string, rawHeaders = ['Authorization', 'Bearer token'], method = 'POST') =>
  judgeHttpRequest({ method, target, rawHeaders: ['Host', '127.0.0.1:1', ...rawHeaders] }, rules)

it.each([
  ['/mcp/shop', 'shop', null],
  ['/mcp/shop/', 'shop', null],
  ['/mcp/shop?context=claude-code', 'shop', 'claude-code'],
  ['/mcp/shop/ide', 'shop', 'ide'],
  ['/mcp/shop/ide?context=codex', 'shop', 'codex'],
  ['/mcp/%2Fhome%2Fana%2Fsh%C3%B6p?other=1', '/home/ana/shöp', null],
  ['/mcp/secret/shop', 'shop', null],
  ['/mcp/secret/%2Fhome%2Fana/ide', '/home/ana', 'ide'],
])('%s names %s with the context %s', (target, project, context) => {
  expect(judge(target)).toEqual({ kind: 'route', project, context })
})

it('needs no header with the secret in the path, and takes the scheme in any case', () => {
  expect(judge('/mcp/secret/shop', [])).toMatchObject({ kind: 'route' })
  expect(judge('/mcp/shop', ['authorization', 'bearer token'])).toMatchObject({ kind: 'route' })
})

it.each([
  ['/mcp/shop?context=a&context=b', 400],
  ['/mcp/shop?context=', 400],
  ['/mcp/shop?context=../x.yml', 400],
  ['/mcp/secret', 404],
  ['/mcp/shop/ide/more', 404],
  ['/mcp/shop#x', 400],
])('refuses %s with %s', (target, status) => {
  expect(judge(target)).toMatchObject({ kind: 'refused', status })
})

it('refuses two tokens, of which only one is right', () => {
  const twice = ['Authorization', 'Bearer token', 'authorization', 'Bearer other']
  expect(judge('/mcp/shop', twice)).toMatchObject({ kind: 'refused', status: 400 })
})
