// Placeholders in configurations. Each client says which of them it replaces; what is left reaches Serena as it is.

/** `${X}` */
export const ENV_BRACES = /^\$\{[A-Za-z_]\w*\}$/
/** `${X:-default}` */
export const ENV_DEFAULT = /^\$\{[A-Za-z_]\w*:-[^}]*\}$/
/** `$X` */
export const ENV_BARE = /^\$[A-Za-z_]\w*$/
/** `${env:X}` */
export const ENV_COLON = /^\$\{env:[^}]+\}$/
/** `%X%` */
export const ENV_PERCENT = /^%[A-Za-z_]\w*%$/
/** `${workspaceFolder}` and what else the editors know. */
export const WORKSPACE_VARIABLE =
  /^\$\{(workspaceFolder(Basename)?(:[^}]*)?|userHome|pathSeparator|\/|cwd|execPath)\}$/
/** `${input:X}`, `${config:X}`, `${command:X}` */
export const EDITOR_VARIABLE = /^\$\{(input|config|command):[^}]+\}$/
/** `{env:X}`, `{file:P}` */
export const CURLY_VARIABLE = /^\{(env|file):[^}]+\}$/
/** `${file:P}` */
export const FILE_VARIABLE = /^\$\{file:[^}]+\}$/
/** `${{ secrets.X }}` */
export const SECRET_VARIABLE = /^\$\{\{[^}]*\}\}$/
/** `$(command)` */
export const COMMAND_OUTPUT = /^\$\([^)]*\)$/
