#!/usr/bin/env node
// The command line: parses, calls the command, turns what went wrong into a sentence and an exit code.
import { runCli } from './cli/run-cli.ts'
import { processTerminal } from './cli/terminal.ts'

process.exitCode = await runCli(process.argv.slice(2), processTerminal())
