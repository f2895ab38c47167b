// What outsiders see of the other Serena processes in `list --json`. A change of its shape is a visible diff here.
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { helperProcessSchema } from './helper-process.ts'
import { instanceListSchema } from './instance.ts'

it('keeps the shape of an entry', () => {
  expect(z.toJSONSchema(helperProcessSchema)).toMatchInlineSnapshot(`
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "additionalProperties": false,
      "properties": {
        "cpuPercent": {
          "type": [
            "number",
            "null",
          ],
        },
        "kind": {
          "enum": [
            "project-server",
            "indexing",
            "hook",
            "dashboard-viewer",
            "tray-manager",
            "command",
          ],
          "type": "string",
        },
        "memoryBytes": {
          "type": [
            "number",
            "null",
          ],
        },
        "pid": {
          "type": "number",
        },
        "processCount": {
          "type": "number",
        },
        "startedAt": {
          "type": "string",
        },
        "title": {
          "type": "string",
        },
      },
      "required": [
        "pid",
        "kind",
        "title",
        "startedAt",
        "memoryBytes",
        "cpuPercent",
        "processCount",
      ],
      "type": "object",
    }
  `)
})

it('accepts a list of a backend that knows none', () => {
  const list = { schema: 1, sweptAt: 'now', serenaHomes: [], instances: [], notices: [] }
  expect(instanceListSchema.parse(list)).toEqual(list)
})
