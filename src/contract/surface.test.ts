// What outsiders see: the shape of `list --json` and the route table. A change of either is a visible diff here.
import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { instanceListSchema } from './instance.ts'
import { routes } from './routes.ts'

it('keeps the shape of list --json', () => {
  expect(z.toJSONSchema(instanceListSchema)).toMatchInlineSnapshot(`
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "additionalProperties": false,
      "properties": {
        "instances": {
          "items": {
            "additionalProperties": false,
            "properties": {
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

it('keeps the route table', () => {
  const table = Object.entries(routes).map(
    ([name, { method, path, access }]) => `${name}: ${method} ${path} (${access})`,
  )
  expect(table).toMatchInlineSnapshot(`
    [
      "identity: GET /api/identity (open)",
      "session: POST /api/session (open)",
      "openUrl: POST /api/open-url (token)",
      "instances: GET /api/instances (token)",
      "sweep: POST /api/sweep (token)",
      "stream: PUT /api/streams/:streamId (token)",
      "overview: GET /api/instances/:id/overview (token)",
      "executions: GET /api/instances/:id/executions (token)",
      "stats: GET /api/instances/:id/stats (token)",
      "logs: GET /api/instances/:id/logs (token)",
      "clearLogs: POST /api/instances/:id/logs/clear (token)",
      "clearStats: POST /api/instances/:id/stats/clear (token)",
      "memory: GET /api/instances/:id/memory (token)",
      "saveMemory: PUT /api/instances/:id/memory (token)",
      "renameMemory: POST /api/instances/:id/memory/rename (token)",
      "deleteMemory: POST /api/instances/:id/memory/delete (token)",
      "languages: GET /api/instances/:id/languages (token)",
      "addLanguage: POST /api/instances/:id/languages/add (token)",
      "removeLanguage: POST /api/instances/:id/languages/remove (token)",
      "cancelExecution: POST /api/instances/:id/executions/cancel (token)",
      "setOpensOnLaunch: PUT /api/instances/:id/opens-on-launch (token)",
      "news: GET /api/instances/:id/news (token)",
      "markNewsRead: POST /api/instances/:id/news/read (token)",
      "shutdown: POST /api/instances/:id/shutdown (token)",
      "reveal: POST /api/instances/:id/reveal (token)",
      "configuration: GET /api/instances/:id/configuration (token)",
      "previewConfiguration: POST /api/instances/:id/configuration/preview (token)",
      "saveConfiguration: PUT /api/instances/:id/configuration (token)",
      "settings: GET /api/settings (token)",
      "changeOwnSettings: PUT /api/settings (token)",
      "previewHomeSettings: POST /api/settings/home/preview (token)",
      "saveHomeSettings: PUT /api/settings/home (token)",
      "registry: GET /api/registry (token)",
      "register: POST /api/registry (token)",
      "touchEntry: POST /api/registry/:id/touch (token)",
      "updateEntry: PUT /api/registry/:id (token)",
      "deregisterEntry: POST /api/registry/:id/deregister (token)",
      "planEnding: POST /api/ending/plan (token)",
      "end: POST /api/ending (token)",
      "adoptWindow: POST /api/window (token)",
      "showWindow: POST /api/window/show (token)",
      "history: GET /api/history (token)",
    ]
  `)
})
