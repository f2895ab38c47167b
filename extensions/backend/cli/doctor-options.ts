// The options of `doctor`, as rows of the command table.

export const DOCTOR_OPTIONS = [
  ['--json', 'Print JSON'],
  ['--fix', 'Fix the given findings, or all that are not in project files; shows each change and asks first'],
  ['--undo', 'Restore the files that the latest --fix changed'],
  ['--yes', 'Do not ask for confirmation'],
  ['--home <folder>', 'Examine another home folder, such as a backup; only --fix changes it'],
  ['--project <folder>', 'Examine the files of this project (default: that of the current folder)'],
  ['--file <path>', 'Examine the file of another client too; can be given several times'],
  [
    '--probe [name]',
    'Start all entries, or those with this name or of this client, and report how fast they answer',
  ],
  ['--ignore <id>', 'Do not report a finding again; requires --reason'],
  ['--reason <text>', 'Why the finding is ignored'],
  ['--unignore <id>', 'Report an ignored finding again'],
] as const
