// Changes what the user keeps for the project of an instance.
import { AppError } from '#contract/errors'
import type { Instance } from '#contract/instance'
import type { ProjectLabel, ProjectLabelChange } from '#contract/project-label'
import type { ProjectLabels } from './project-labels.ts'

export interface LabelService {
  /** Errors: `instance-not-found`, `place-not-known` (no project folder is known), and those of the file. */
  set(instanceId: string, change: ProjectLabelChange): Promise<ProjectLabel>
}

export interface LabelServiceDeps {
  labels: Pick<ProjectLabels, 'change'>
  instance: (instanceId: string) => Pick<Instance, 'project'> | null
  /** The list is published again. */
  onChange: () => void
}

/** Creates the service of one deck. */
export function createLabelService({ labels, instance, onChange }: LabelServiceDeps): LabelService {
  return {
    async set(id, change) {
      const shown = instance(id)
      if (!shown) throw new AppError('instance-not-found', { target: 'unknown id' })
      const { path = null, name = '' } = shown.project ?? {}
      if (path === null) throw new AppError('place-not-known')
      const label = await labels.change({ name, path }, change)
      onChange()
      return label
    },
  }
}
