// The unit tests that are not run as win32, and why: each of these files needs something that only the other systems have.

const UNITS = {
  'has its own sources and system calls': ['os/linux/**', 'os/macos/**', 'os/plain/**'],
  'expects modes, links, FIFOs or signals of Unix': [
    'access/backend-record',
    'access/target',
    'connect/client-session',
    'demo/**',
    'doctor/fix-apply',
    'doctor/share-service',
    'ending/act',
    'history/history-file',
    'hub/hub-client',
    'hub/http/{http-secrets,session-store}',
    'instances/{real-folders,removed-parts}',
    'os/files/write-file',
    'os/kernel-lock',
    'os/windows/{query-program,windows-source}',
    'registry/{publish-view,read-registry,write-entry}',
    'serena/{launch-command,log-head}',
    'settings/{own-settings,project-labels}',
    'window/runtime/{disks,find-runtime}',
  ],
  'expects paths of Linux': [
    'cli/doctor-text',
    'clients/configs/{client-fixtures,server-entries,share-entry}',
    'doctor/{healthy-homes,planted-faults,single-faults}',
    'hub/http/http-hello',
    'instances/{home-memory,scheduler}',
    'jump/editors',
    'window/native-runtime',
  ],
}

export const NOT_ON_WINDOWS: string[] = Object.values(UNITS)
  .flat()
  .map((name) => `extensions/backend/${name}${name.endsWith('**') ? '' : '.test.ts'}`)
