// The deck's labels of projects: the file, and the service that changes it.
import type { Instances } from '../instances/instances.ts'
import { createRealFolders } from '../instances/real-folders.ts'
import { hasHolderExited } from '../os/files/lock-holder.ts'
import { projectLabelsFile } from '../os/paths.ts'
import { createLabelService, type LabelService } from '../settings/label-service.ts'
import { createProjectLabels, type ProjectLabels } from '../settings/project-labels.ts'
import type { DeckBase } from './deck-base.ts'

/** Creates the labels of this user. */
export const createLabels = ({ clock, env, platform, source }: DeckBase): ProjectLabels =>
  createProjectLabels({
    file: projectLabelsFile(env, platform),
    realFolder: createRealFolders(clock.monotonic),
    hasExited: hasHolderExited(() => source.list()),
  })

/** Creates the service that changes them. */
export const createLabelParts = (
  labels: ProjectLabels,
  { current, refresh }: Pick<Instances, 'current' | 'refresh'>,
): LabelService =>
  createLabelService({
    labels,
    instance: (id) => current().instances.find((one) => one.id === id) ?? null,
    onChange: refresh,
  })
