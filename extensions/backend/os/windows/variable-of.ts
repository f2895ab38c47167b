/** Returns a variable of a Windows environment that is set and not empty; the names of variables have no case there. */
export function variableOf(env: Readonly<NodeJS.ProcessEnv>, name: string): string | undefined {
  const key = Object.keys(env).find((one) => one.toUpperCase() === name)
  return (key === undefined ? undefined : env[key]) || undefined
}
