// What the user keeps for an instance's project, in words. Pure.
import type { Instance } from '#contract/instance'
import { LEFT_ALONE } from '#contract/project-label'
import { visibleLine, visibleText } from '#contract/visible-text'

type Labeled = Pick<Instance, 'label' | 'note' | 'isLeftAlone'>

/** Returns what is added to one line about an instance: `left alone`, then the label. */
export const labelParts = ({ label, isLeftAlone }: Labeled): string[] => [
  ...(isLeftAlone ? ['left alone'] : []),
  ...(label === undefined ? [] : [visibleLine(label)]),
]

/** Returns lines of a tooltip. */
export const labelLines = ({ label, note, isLeftAlone }: Labeled): string[] => [
  ...(label === undefined ? [] : [`Label: ${visibleLine(label)}`]),
  ...(note === undefined ? [] : [`Note: ${visibleText(note)}`]),
  ...(isLeftAlone ? [`${LEFT_ALONE} It is ended only by name.`] : []),
]
