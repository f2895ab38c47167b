// Calls that would change a shared Serena for all its clients: the client moves to a Serena of its own place instead, the others stay.
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { spanAt, stringIn } from '../mcp/message-parts.ts'
import type { Call } from './call.ts'
import { projectByName } from './registered-projects.ts'
import { folderOf, type Place, type SerenaSpec } from './serena-spec.ts'

/** Returns where a client is after this call, if it succeeds; null: it stays where it is. */
export function placeAfter(call: Call, place: Place, spec: SerenaSpec): Place | null {
  if (!spec.isSerena) return null
  const given = argumentsOf(call)
  if (call.tool === 'switch_modes')
    return given === null || given === place.modes ? null : { ...place, modes: given }
  const project = call.tool === 'activate_project' ? projectIn(call) : null
  if (project === null) return null
  const root = projectByName(project, spec.serenaHome) ?? folderOf(pathOf(project, spec))
  if (root === null) {
    // Serena knows it by other means, or it does not exist. No other client must get into that project.
    const privateBecause = `It has activated ${project}, which is not known here.`
    return given === place.activated ? null : { ...place, root: null, activated: given, privateBecause }
  }
  if (root === spec.root && place.activated === null) return null
  return { ...place, root, activated: null, privateBecause: null }
}

/** A relative path counts from Serena's working folder. */
function pathOf(project: string, { cwd, env }: SerenaSpec): string {
  if (project === '~' || project.startsWith('~/')) return join(env['HOME'] ?? homedir(), project.slice(1))
  return isAbsolute(project) ? project : resolve(cwd, project)
}

function argumentsOf({ line, parts }: Call): string | null {
  const span = spanAt(line, parts.params, 'arguments')
  return span && line.toString('utf8', ...span)
}

function projectIn({ line, parts }: Call): string | null {
  return stringIn(line, spanAt(line, parts.params, 'arguments', 'project')) || null
}
