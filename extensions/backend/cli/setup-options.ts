// The options of `setup`, as rows of the command table.

export const SETUP_OPTIONS = [
  ['--client <id>', 'Set up only this client; can be given several times (default: all that are installed)'],
  [
    '--mode <mode>',
    'How clients run Serena: shared (through the hub), supervised (by wrap) or as-is (default: shared)',
  ],
  ['--home <folder>', 'Set up another home folder; the desktop is not changed'],
  ['--project <folder>', 'Project to test the setup in (default: that of the current folder)'],
  ['--no-desktop', 'Do not add a menu entry and do not start Serena Deck at login'],
  ['--undo', 'Remove what setup has added'],
  ['--yes', 'Do not ask for confirmation'],
  ['--json', 'Print the plan as JSON without changing anything; with --yes the result'],
] as const
