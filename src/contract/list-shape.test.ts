// What outsiders see of `list --json`. A change of its shape is a visible diff here.
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { instanceListSchema } from './instance.ts'

it('keeps the shape of list --json', () => {
  // The other Serena processes have a test of their own: helper-process.test.ts.
  expect(z.toJSONSchema(z.omit(instanceListSchema, { helperProcesses: true }))).toMatchInlineSnapshot(`
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "additionalProperties": false,
      "properties": {
        "instances": {
          "items": {
            "additionalProperties": false,
            "properties": {
              "address": {
                "type": "string",
              },
              "colour": {
                "enum": [
                  "green",
                  "yellow",
                  "red",
                  "blue",
                  "grey",
                ],
                "type": "string",
              },
              "context": {
                "type": [
                  "string",
                  "null",
                ],
              },
              "cpuPercent": {
                "type": [
                  "number",
                  "null",
                ],
              },
              "flagNotes": {
                "items": {
                  "additionalProperties": false,
                  "properties": {
                    "advice": {
                      "type": "string",
                    },
                    "flag": {
                      "enum": [
                        "probably-orphaned",
                        "disconnected",
                        "collision",
                        "duplicate",
                        "stuck",
                        "slow",
                        "finishing",
                        "flapping",
                        "exposed",
                        "outdated",
                      ],
                      "type": "string",
                    },
                    "more": {
                      "type": "string",
                    },
                    "others": {
                      "items": {
                        "type": "string",
                      },
                      "type": "array",
                    },
                    "othersCount": {
                      "type": "number",
                    },
                    "text": {
                      "type": "string",
                    },
                    "unused": {
                      "type": [
                        "string",
                        "null",
                      ],
                    },
                  },
                  "required": [
                    "flag",
                    "text",
                    "more",
                    "advice",
                    "others",
                    "unused",
                  ],
                  "type": "object",
                },
                "type": "array",
              },
              "flags": {
                "items": {
                  "enum": [
                    "probably-orphaned",
                    "disconnected",
                    "collision",
                    "duplicate",
                    "stuck",
                    "slow",
                    "finishing",
                    "flapping",
                    "exposed",
                    "outdated",
                  ],
                  "type": "string",
                },
                "type": "array",
              },
              "id": {
                "type": "string",
              },
              "lastActivityAt": {
                "type": [
                  "string",
                  "null",
                ],
              },
              "memoryBytes": {
                "type": [
                  "number",
                  "null",
                ],
              },
              "memoryKind": {
                "anyOf": [
                  {
                    "enum": [
                      "pss",
                      "rss",
                    ],
                    "type": "string",
                  },
                  {
                    "type": "null",
                  },
                ],
              },
              "modes": {
                "items": {
                  "type": "string",
                },
                "type": "array",
              },
              "owner": {
                "anyOf": [
                  {
                    "additionalProperties": false,
                    "properties": {
                      "detail": {
                        "type": [
                          "string",
                          "null",
                        ],
                      },
                      "name": {
                        "type": "string",
                      },
                      "pid": {
                        "type": "number",
                      },
                    },
                    "required": [
                      "pid",
                      "name",
                      "detail",
                    ],
                    "type": "object",
                  },
                  {
                    "type": "null",
                  },
                ],
              },
              "pid": {
                "type": [
                  "number",
                  "null",
                ],
              },
              "port": {
                "type": [
                  "number",
                  "null",
                ],
              },
              "processCount": {
                "type": "number",
              },
              "project": {
                "anyOf": [
                  {
                    "additionalProperties": false,
                    "properties": {
                      "name": {
                        "type": "string",
                      },
                      "path": {
                        "type": [
                          "string",
                          "null",
                        ],
                      },
                    },
                    "required": [
                      "name",
                      "path",
                    ],
                    "type": "object",
                  },
                  {
                    "type": "null",
                  },
                ],
              },
              "quietSince": {
                "type": [
                  "string",
                  "null",
                ],
              },
              "serenaVersion": {
                "type": [
                  "string",
                  "null",
                ],
              },
              "sources": {
                "items": {
                  "enum": [
                    "process",
                    "port",
                    "dashboard",
                    "registry",
                    "push",
                  ],
                  "type": "string",
                },
                "type": "array",
              },
              "startedAt": {
                "type": [
                  "string",
                  "null",
                ],
              },
              "state": {
                "enum": [
                  "unknown",
                  "dead",
                  "suspended",
                  "orphaned",
                  "leftover",
                  "hung",
                  "starting",
                  "no-dashboard",
                  "live",
                  "idle",
                ],
                "type": "string",
              },
              "title": {
                "type": "string",
              },
              "transport": {
                "type": [
                  "string",
                  "null",
                ],
              },
              "verdict": {
                "additionalProperties": false,
                "properties": {
                  "certainty": {
                    "enum": [
                      "certain",
                      "probable",
                      "unknown",
                    ],
                    "type": "string",
                  },
                  "evidence": {
                    "items": {
                      "type": "string",
                    },
                    "type": "array",
                  },
                },
                "required": [
                  "certainty",
                  "evidence",
                ],
                "type": "object",
              },
            },
            "required": [
              "id",
              "pid",
              "startedAt",
              "port",
              "title",
              "state",
              "colour",
              "flags",
              "verdict",
              "project",
              "context",
              "modes",
              "transport",
              "serenaVersion",
              "owner",
              "memoryBytes",
              "memoryKind",
              "cpuPercent",
              "processCount",
              "lastActivityAt",
              "sources",
            ],
            "type": "object",
          },
          "type": "array",
        },
        "notices": {
          "items": {
            "additionalProperties": false,
            "properties": {
              "id": {
                "type": "string",
              },
              "level": {
                "enum": [
                  "info",
                  "warning",
                ],
                "type": "string",
              },
              "text": {
                "type": "string",
              },
            },
            "required": [
              "id",
              "level",
              "text",
            ],
            "type": "object",
          },
          "type": "array",
        },
        "schema": {
          "const": 1,
          "type": "number",
        },
        "serenaHomes": {
          "items": {
            "type": "string",
          },
          "type": "array",
        },
        "sweptAt": {
          "type": "string",
        },
      },
      "required": [
        "schema",
        "sweptAt",
        "serenaHomes",
        "instances",
        "notices",
      ],
      "type": "object",
    }
  `)
})
