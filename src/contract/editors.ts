// Editors that can open the folder of a project. The names are those of the owners of instances.

export const EDITOR_NAMES = {
  vscode: 'VS Code',
  'vscode-insiders': 'VS Code Insiders',
  vscodium: 'VSCodium',
  cursor: 'Cursor',
  windsurf: 'Windsurf',
  zed: 'Zed',
  idea: 'IntelliJ IDEA',
  pycharm: 'PyCharm',
  webstorm: 'WebStorm',
  phpstorm: 'PhpStorm',
  goland: 'GoLand',
  rubymine: 'RubyMine',
  clion: 'CLion',
  rider: 'Rider',
  sublime: 'Sublime Text',
} as const
export type EditorId = keyof typeof EDITOR_NAMES
export const EDITOR_IDS = Object.keys(EDITOR_NAMES) as [EditorId, ...EditorId[]]
