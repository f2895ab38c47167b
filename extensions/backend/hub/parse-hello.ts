// The first line of a connection to the hub, checked by hand: a schema library would be the largest part of the hub. Pure.
import { isFields } from '../lib/fields.ts'
import type { Command } from '../wrap/wrap-arguments.ts'
import type { ControlHello, Hello, HubFlags } from './protocol.ts'

const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isPid = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)
const isCommand = (value: unknown): value is Command => isTexts(value) && value.length > 0
const isTable = (value: unknown): value is Readonly<Record<string, string>> =>
  isFields(value) && Object.values(value).every(isText)

/** Parses a hello; null: it is none, or not valid. */
export function parseHello(line: Buffer): Hello | null {
  let value: unknown
  try {
    value = JSON.parse(line.toString('utf8'))
  } catch {
    // Not JSON: another program.
    return null
  }
  if (!isFields(value) || value['serenaDeck'] !== 'hello') return null
  const { protocol, release, pid } = value
  if (!isNumber(protocol) || !isText(release) || !isPid(pid)) return null
  const base = { serenaDeck: 'hello', protocol, release, pid } as const
  if (value['kind'] === 'observer') return { ...base, kind: 'observer' }
  if (value['kind'] === 'control') {
    const { action, target } = value
    return isAction(action) && (target === null || isText(target))
      ? { ...base, kind: 'control', action, target }
      : null
  }
  const { kind, parentPid, cwd, command, env } = value
  const flags = flagsIn(value['flags'])
  if (kind !== 'client' || !isPid(parentPid) || !isText(cwd) || !isCommand(command) || !isTable(env))
    return null
  return (
    flags && { ...base, kind, parentPid, cwd, command, env, flags, isResumed: value['isResumed'] === true }
  )
}

const ACTIONS: readonly unknown[] = ['stop', 'restart', 'detach', 'retire']
const isAction = (value: unknown): value is ControlHello['action'] => ACTIONS.includes(value)

function flagsIn(value: unknown): HubFlags | null {
  if (!isFields(value)) return null
  const { isGlobal, opensOnLaunch, globalPort, idleShutdownMinutes, isPrivate, shareAs } = value
  const isSwitch = (one: unknown): one is boolean | null => one === null || typeof one === 'boolean'
  if (!isSwitch(isGlobal) || !isSwitch(opensOnLaunch) || typeof isPrivate !== 'boolean') return null
  if (globalPort !== null && !isNumber(globalPort)) return null
  if (idleShutdownMinutes !== null && !(isNumber(idleShutdownMinutes) && idleShutdownMinutes > 0)) return null
  if (shareAs !== null && !isText(shareAs)) return null
  return { isGlobal, opensOnLaunch, globalPort, idleShutdownMinutes, isPrivate, shareAs }
}
