// The plan of the code: rooms in order. A room imports only from rooms below it, and from itself. The lint (eslint.config.js), the
// test of the lint (test/rooms.test.ts) and the picture in docs/dev/architecture.md are generated from this order.

/** The rooms of the backend, lowest first. */
export const BACKEND = [
  ['lib', 'pure code that knows nothing of Serena: limits, texts, addresses'],
  ['os', 'platform facts, signals, files, sockets; linux, macos, windows'],
  ['mcp', 'MCP messages over stdio: lines, ids, names; pure'],
  ['serena', 'what a Serena is: command line, processes, project folder, log, settings file'],
  ['clients', 'known MCP clients, owners, client connections; configs: the files that configure clients'],
  ['dashboards', "everything that talks to a Serena's HTTP API"],
  ['registry', 'registry files: read, join, write, publish'],
  ['verdict', 'rules that compute states and flags; pure'],
  ['instances', 'the scan, what is remembered of each instance, and the current list'],
  ['ending', 'plan, act, receipt'],
  ['settings', 'our own settings and those of each SERENA_HOME'],
  ['history', 'what happened to instances, on disk'],
  ['starts', 'starts that failed, and why'],
  ['prune', 'ends certain zombies and removes dead entries after a set time'],
  ['push', 'receives what Serena reports by itself'],
  ['opening', 'opens the page once for a new instance'],
  ['window', 'the native window and its runtime'],
  ['desktop', 'install, autostart, login service'],
  ['jump', "brings the terminal or editor of an instance's client to the front; opens folders in editors"],
  ['demo', 'stand-ins for Serenas'],
  ['wrap', 'the supervisor of one Serena'],
  ['hub', 'one Serena for all clients of a project: sessions, queue, sleep, restart'],
  ['connect', 'the program that a client starts instead of Serena: passes its messages to the hub'],
  ['doctor', "what is wrong in the clients' configurations, and the changes that fix it"],
  ['setup', 'sets up one Serena per project in all clients'],
  ['compose', 'connects the rooms below into one deck'],
  ['access', 'asks the running backend, or a deck in this process'],
  ['http', 'gate, routes, event stream, static files'],
  ['serving', 'one running backend: deck, server, record'],
  ['cli', 'the commands'],
  ['entry', 'the programs: parse, start'],
]

/** The layers of the page, lowest first. */
export const PAGE = [
  ['contract', 'schemas, routes, events, errors: shared with the backend'],
  ['platform', 'browser or native window'],
  ['client', 'calls and event stream of the backend'],
  ['state', 'what the page knows, as signals'],
  ['ui', 'widgets that know nothing of Serena'],
  ['features', 'what the user sees; a feature never imports another'],
]

/**
 * Returns one wall per set of files: `files` (a glob), `forbidden` (a regular expression on import specifiers) and `message`.
 * In flat config a later `no-restricted-imports` replaces an earlier one: the last set that a file is in counts.
 */
export function walls(features) {
  return [...backendWalls(), ...pageWalls(), ...features.map(featureWall)]
}

const alternatives = (names) => `(${names.join('|')})`

function backendWalls() {
  const names = BACKEND.map(([name]) => name)
  return names.flatMap((name, at) => {
    const above = names.slice(at + 1)
    const rooms = above.length > 0 ? `^(\\.\\./)+${alternatives(above)}/|` : ''
    const wall = {
      name: `backend/${name}`,
      files: [`extensions/backend/${name}/**`],
      forbidden: `${rooms}^(\\.\\./)+src/|^#contract/.*\\.fixture`,
      message: `${name} imports only itself, the contract and the rooms below it (rooms.mjs).`,
    }
    // Only tests import the fixtures of the contract; the later wall replaces the one above.
    const files = [`extensions/backend/${name}/**/*.test.ts`]
    return [wall, { ...wall, name: `${wall.name}/tests`, files, forbidden: `${rooms}^(\\.\\./)+src/` }]
  })
}

const PAGE_FORBIDDEN = {
  contract: '^(?!zod/mini$|\\./|fast-check$|vitest$)',
  platform: '^(\\.\\./)+(client|state|ui|features|extensions)/|^(\\.\\./)+[\\w-]+\\.tsx?$',
  client: '^(\\.\\./)+(state|ui|features|extensions)/|^(\\.\\./)+[\\w-]+\\.tsx?$',
  state: '^(\\.\\./)+(platform|ui|features|extensions)/|^(\\.\\./)+[\\w-]+\\.tsx?$',
  ui: '^#contract/|^(\\.\\./)+(contract|platform|client|state|features|extensions)/|^(\\.\\./)+[\\w-]+\\.tsx?$',
}

function pageWalls() {
  return Object.entries(PAGE_FORBIDDEN).map(([name, forbidden]) => ({
    name: `page/${name}`,
    files: [`src/${name}/**`],
    forbidden,
    message: `${name} imports only what stands below it (rooms.mjs).`,
  }))
}

function featureWall(feature) {
  return {
    name: `page/features/${feature}`,
    files: [`src/features/${feature}/**`],
    forbidden: '^\\.\\./[\\w-]+/|^(\\.\\./)+(app|main|window)\\.tsx$|/extensions/',
    message: 'A feature of the page imports ui, state, client, platform, contract and itself.',
  }
}
