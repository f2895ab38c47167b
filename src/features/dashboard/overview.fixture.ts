// An overview of a Serena, as tests use it.
import type { Overview } from '#contract/details'

export const overview: Overview = {
  serenaVersion: '2.1.0',
  newerSerenaVersion: '2.2.0',
  project: { name: 'shop', path: '/home/ana/shop', languages: ['python'], isTrusted: false },
  context: { name: 'claude-code', description: 'For Claude Code', path: null },
  modes: [],
  agentInterface: 'tools',
  languageBackend: 'LSP',
  languageServers: ['python'],
  encoding: 'utf-8',
  client: null,
  activeTools: ['read_file'],
  availableTools: Array.from({ length: 20 }, (_, at) => `tool_${at}`),
  facades: null,
  memories: [],
  registeredProjects: [
    { name: 'a-first', path: null, isActive: false },
    { name: 'shop', path: '/home/ana/shop', isActive: true },
  ],
  availableModes: [],
  availableContexts: [],
  toolCalls: [{ tool: 'read_file', calls: 3 }],
  opensDashboardOnLaunch: 'undecided',
  otherFacts: [{ name: 'Mood', value: 'good' }],
}
