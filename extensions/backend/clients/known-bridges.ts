// Programs that offer a stdio server over HTTP, SSE or a socket: each of their sessions may have a server of its own.
// Names of packages and programs: npm and PyPI, fields `bin` or `entry points`.
import type { KnownClient } from './known-client.ts'

const BRIDGE = { kind: 'bridge', hasManyWindows: true } as const

export const KNOWN_BRIDGES: readonly KnownClient[] = [
  { ...BRIDGE, name: 'supergateway', program: /^supergateway$/, path: /\/supergateway\/dist\// },
  // Two packages of one name: npm's (dist/bin/mcp-proxy.mjs) and PyPI's (module mcp_proxy).
  {
    ...BRIDGE,
    name: 'mcp-proxy',
    program: /^mcp-(reverse-)?proxy$/,
    path: /\/mcp-proxy\/dist\/|^mcp_proxy(\.|$)/,
  },
  { ...BRIDGE, name: 'mcpo', program: /^mcpo$/, path: /^mcpo(\.|$)/ },
  { ...BRIDGE, name: 'fastmcp', program: /^fastmcp$/, path: /^fastmcp(\.cli)?$/, subcommand: /^(run|dev)$/ },
  {
    ...BRIDGE,
    name: 'mcp-remote',
    program: /^mcp-remote(-client)?$/,
    path: /\/mcp-remote\/dist\//,
  },
  { ...BRIDGE, name: 'mcp-hub', program: /^mcp-?hub$/, path: /\/mcp-?hub\/dist\// },
  {
    ...BRIDGE,
    name: 'MCPM',
    program: /^mcpm$/,
    path: /^mcpm(\.|$)/,
    subcommand: /^(run|router|profile|share)$/,
  },
  { ...BRIDGE, name: 'MetaMCP', path: /\/(@metamcp\/mcp-server-metamcp|metamcp)\/dist\// },
  {
    ...BRIDGE,
    name: 'mcp-gateway',
    program: /^(docker-mcp|mcp-gateway|agentgateway|mcp-bridge|mcp-server-proxy)$/,
    path: /\/mcp-gateway\/dist\/|^mcp_(gateway|bridge)(\.|$)/,
  },
  // General programs that connect a socket to the stdio of a child process.
  { ...BRIDGE, name: 'socat', program: /^socat1?$/ },
  { ...BRIDGE, name: 'websocketd', program: /^websocketd$/ },
  { ...BRIDGE, name: 'ncat', program: /^ncat$/ },
]
