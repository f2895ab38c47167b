// Moving clients over to the hub: the change to each client's configuration, which the user sees before it is written.
import * as z from 'zod/mini'

const shareFileSchema = z.object({
  client: z.string(),
  file: z.string(),
  /** It is in the project's folder, where other people may use it as well. */
  isInProject: z.boolean(),
  /** The names of the servers that change. */
  servers: z.array(z.string()),
  /** Each line starts with ` `, `+` or `-`; values of unchanged lines are masked. */
  diff: z.array(z.string()),
  /** Identifies the state on disk that was read. */
  etag: z.string(),
  /** Sent with the change, as proof that this diff was shown. */
  hash: z.string(),
  /** Why it cannot be changed; null: it can. */
  problem: z.nullable(z.string()),
})
export type ShareFile = z.infer<typeof shareFileSchema>

export const sharePreviewSchema = z.object({
  /** Those that start a Serena for this project without the hub; empty: none is found. */
  files: z.array(shareFileSchema),
})

export const shareRequestSchema = z.object({ file: z.string(), etag: z.string(), hash: z.string() })

export const unshareRequestSchema = z.object({ file: z.string() })
