// What outsiders see of `list --json`. A change of its shape is a visible diff here.
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { instanceListSchema } from './instance.ts'

it('keeps the shape of list --json', async () => {
  // The other Serena processes have a test of their own: helper-process.test.ts.
  const shape = z.toJSONSchema(z.omit(instanceListSchema, { helperProcesses: true }))
  await expect(`${JSON.stringify(shape, null, 2)}\n`).toMatchFileSnapshot('__snapshots__/list-shape.snap')
})
