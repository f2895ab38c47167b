// Who may open a named pipe of ours: this user alone. Node creates pipes that every user may read; its own options only add rights.
import { isOpened, loadWindowsCalls, type WindowsCalls, withHandle } from './native-calls.ts'
import { readOwnToken } from './native-process-reader.ts'

const READ_CONTROL = 0x2_0000
const WRITE_DAC = 0x4_0000
const OPEN_EXISTING = 3
const SDDL_REVISION = 1
/** DACL_SECURITY_INFORMATION and PROTECTED_DACL_SECURITY_INFORMATION (winnt.h). */
const WHOLE_DACL = 0x8000_0004

/**
 * Gives a listening pipe a protected access list with this user only, which all its instances share. Opens it once as a client. Returns
 * why that was not possible; null: done.
 */
export function restrictPipe(path: string): string | null {
  const { calls, problem } = loadWindowsCalls()
  if (calls === null) return problem
  const token = readOwnToken(calls)
  if (token === null) return 'the user of this process is not known'
  return setAccess(calls, path, `D:P(A;;FA;;;${token.sid})`)
}

function setAccess(calls: WindowsCalls, path: string, access: string): string | null {
  const failed = (name: string): string => `${name} failed (error ${calls.GetLastError()})`
  const descriptor: [number | bigint] = [0]
  if (
    calls.ConvertStringSecurityDescriptorToSecurityDescriptorW(access, SDDL_REVISION, descriptor, null) === 0
  )
    return failed('ConvertStringSecurityDescriptorToSecurityDescriptorW')
  try {
    const pipe = calls.CreateFileW(path, READ_CONTROL | WRITE_DAC, 0, null, OPEN_EXISTING, 0, 0)
    if (!isOpened(pipe)) return failed('CreateFileW')
    return withHandle(calls, pipe, (handle) =>
      calls.SetKernelObjectSecurity(handle, WHOLE_DACL, descriptor[0]) === 0
        ? failed('SetKernelObjectSecurity')
        : null,
    )
  } finally {
    calls.LocalFree(descriptor[0])
  }
}
