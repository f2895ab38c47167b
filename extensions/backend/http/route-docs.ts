// The route table of docs/dev/http.md, made from the contract by `npm run docs`. Pure.
import { EVENTS_PATH, METRICS_PATH, type Route, routes } from '#contract/routes'

const START = '<!-- routes -->\n'
const END = '<!-- /routes -->'

/** Returns the document with its route table replaced. Throws when it has no place for the table. */
export function withRouteTable(document: string): string {
  const [before, rest] = document.split(START)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`${START.trim()} … ${END} is missing.`)
  return `${before}${START}${routeTable()}${END}${after}`
}

function routeTable(): string {
  const rows = Object.entries<Route>(routes).map(
    ([name, { method, path, query, access }]) =>
      `| ${name} | \`${method} ${path}${query.length > 0 ? `?${query.join('&')}` : ''}\` | ${access} |`,
  )
  const others = [
    `| events | \`GET ${EVENTS_PATH}\` | token |`,
    `| metrics | \`GET ${METRICS_PATH}\` | token |`,
  ]
  return `\n${['| name | request | access |', '|---|---|---|', ...rows, ...others].join('\n')}\n\n`
}
