// What the user keeps for a project: a label, a note, and whether its instances are left alone.
import * as z from 'zod/mini'

const MAX_LABEL = 60
const MAX_NOTE = 2000

/** One line; null: none. */
const labelText = z.nullable(z.string().check(z.minLength(1), z.maxLength(MAX_LABEL), z.regex(/^[^\r\n]*$/)))
const noteText = z.nullable(z.string().check(z.minLength(1), z.maxLength(MAX_NOTE)))

export const projectLabelSchema = z.object({
  label: labelText,
  note: noteText,
  /** Its instances are ended only by name: never with all zombies, as unused, or by pruning. */
  isLeftAlone: z.boolean(),
})
export type ProjectLabel = z.infer<typeof projectLabelSchema>

export const NO_LABEL: ProjectLabel = { label: null, note: null, isLeftAlone: false }

/** Given keys are changed, null removes a text. */
export const projectLabelChangeSchema = z.partial(projectLabelSchema)
export type ProjectLabelChange = z.infer<typeof projectLabelChangeSchema>

/** Why an instance is not ended together with others. */
export const LEFT_ALONE = 'Its project is set to be left alone.'
