// The options of `setup`, as rows of the command table.

export const SETUP_OPTIONS = [
  ['--client <id>', 'Only this client; can be given several times (default: all that are installed)'],
  ['--mode <mode>', 'shared (through the hub), supervised (by wrap) or as-is (default: shared)'],
  ['--home <folder>', 'Another home folder; the desktop is not changed'],
  ['--project <folder>', 'The project to try it in (default: that of the working folder)'],
  ['--no-desktop', 'Do not add Serena Deck to the applications and the start at login'],
  ['--undo', 'Remove what setup has added'],
  ['--yes', 'Do not ask for confirmation'],
  ['--json', 'Print the plan as JSON without changing anything; with --yes the result'],
] as const
