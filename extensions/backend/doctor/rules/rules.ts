// All rules, in the order of their findings. Pure: facts -> findings.
import type { Diagnosis } from '../diagnosis.ts'
import type { DoctorFacts } from '../facts.ts'
import {
  hiddenWhiteSpace,
  missingProgram,
  oneStringCommand,
  swallowedDashes,
  unknownFlags,
  wrongContext,
} from './command-line.ts'
import { exposedDashboards, exposedServers, popUpFlags, popUpSettings } from './dashboard.ts'
import { ignoredEntries, oldPlaces, unreadConfigs } from './files.ts'
import { twoClientsOneRoot, unshareable } from './hub.ts'
import { renamedContext, renamedProgram, unpinnedSource, wrongPackage } from './program.ts'
import { folderUnknown, missingProject, noProject, placeholders, unknownProject } from './project.ts'
import { registeredTwice, shadowedEntries } from './registration.ts'
import { crashedStarts, oldInstances, unexplainedInstances, unusedFiles } from './running.ts'
import { readableSecrets, secretArguments } from './secrets.ts'
import { brokenProjects, brokenSettings, severalHomes, sharedData } from './settings.ts'
import { mixedVersions, outdatedSerena, severalVersions } from './versions.ts'

type Rule = (facts: DoctorFacts) => readonly Diagnosis[]

export const RULES: readonly Rule[] = [
  unreadConfigs,
  brokenSettings,
  brokenProjects,
  mixedVersions,
  crashedStarts,
  oneStringCommand,
  missingProgram,
  ignoredEntries,
  oldPlaces,
  hiddenWhiteSpace,
  renamedProgram,
  wrongPackage,
  unknownFlags,
  placeholders,
  missingProject,
  unknownProject,
  exposedServers,
  exposedDashboards,
  registeredTwice,
  shadowedEntries,
  noProject,
  folderUnknown,
  renamedContext,
  wrongContext,
  unpinnedSource,
  popUpFlags,
  popUpSettings,
  outdatedSerena,
  severalVersions,
  secretArguments,
  readableSecrets,
  severalHomes,
  sharedData,
  swallowedDashes,
  twoClientsOneRoot,
  unshareable,
  oldInstances,
  unexplainedInstances,
  unusedFiles,
]
