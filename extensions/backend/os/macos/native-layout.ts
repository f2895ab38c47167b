// Sizes and offsets of the structures that libproc and sysctl fill, by Apple's names. Headers: bsd/sys/proc_info.h, bsd/sys/sysctl.h and
// bsd/sys/proc.h of xnu; the same for Intel and Apple silicon. test/fixtures/platforms/macos/native-layouts.json has them as a compiler
// prints them from these headers.

/** `proc_pidinfo(PROC_PIDTBSDINFO)`. */
export const PROC_BSDINFO = {
  size: 136,
  pbi_flags: 0,
  pbi_status: 4,
  pbi_pid: 12,
  pbi_ppid: 16,
  /** The effective user. */
  pbi_uid: 20,
  pbi_comm: 48,
  pbi_name: 64,
  pbi_pgid: 100,
  pbi_start_tvsec: 120,
  pbi_start_tvusec: 128,
} as const

/** MAXCOMLEN: the bytes of `pbi_comm`; `pbi_name` has twice as many. */
export const COMM_BYTES = 16
export const PROC_FLAG_TRACED = 2

/** `proc_pidinfo(PROC_PIDTASKINFO)`; times in units of `mach_timebase_info`. */
export const PROC_TASKINFO = {
  size: 96,
  pti_resident_size: 8,
  pti_total_user: 16,
  pti_total_system: 24,
} as const

/** `sysctl(CTL_KERN, KERN_PROC, KERN_PROC_PID)`. */
export const KINFO_PROC = {
  size: 648,
  'kp_proc.p_starttime.tv_sec': 0,
  'kp_proc.p_starttime.tv_usec': 8,
  'kp_proc.p_flag': 32,
  'kp_proc.p_stat': 36,
  'kp_proc.p_pid': 40,
  'kp_proc.p_comm': 243,
  'kp_eproc.e_ucred.cr_uid': 420,
  'kp_eproc.e_ppid': 560,
  'kp_eproc.e_pgid': 564,
} as const

/** P_TRACED of `p_flag`. */
export const P_TRACED = 0x800

/** `proc_pidinfo(PROC_PIDVNODEPATHINFO)`: the working folder, and the root folder of a process in a chroot. */
export const PROC_VNODEPATHINFO = {
  size: 2352,
  'pvi_cdir.vip_path': 152,
  'pvi_rdir.vip_path': 1328,
} as const

export const MAXPATHLEN = 1024

/** `proc_pidinfo(PROC_PIDLISTFDS)`: one row for each descriptor. */
export const PROC_FDINFO = { size: 8, proc_fd: 0, proc_fdtype: 4 } as const

export const PROX_FDTYPE_VNODE = 1
export const PROX_FDTYPE_SOCKET = 2
export const PROX_FDTYPE_PIPE = 6

/** At the start of every answer of `proc_pidfdinfo`. */
export const PROC_FILEINFO = { fi_openflags: 0, fi_status: 4 } as const

export const FREAD = 1
export const FWRITE = 2
/** PROC_FP_CLEXEC of `fi_status`: not passed on to a program that it starts. */
export const PROC_FP_CLEXEC = 2

/** `proc_pidfdinfo(PROC_PIDFDVNODEPATHINFO)`. */
export const VNODE_FDINFOWITHPATH = {
  size: 1200,
  'pvip.vip_vi.vi_stat.vst_mode': 28,
  'pvip.vip_path': 176,
} as const

/** `proc_pidfdinfo(PROC_PIDFDPIPEINFO)`. */
export const PIPE_FDINFO = {
  size: 184,
  'pipeinfo.pipe_handle': 160,
  'pipeinfo.pipe_peerhandle': 168,
} as const

/** `proc_pidfdinfo(PROC_PIDFDSOCKETINFO)`. */
export const SOCKET_FDINFO = {
  size: 792,
  'psi.soi_so': 160,
  'psi.soi_pcb': 168,
  'psi.soi_type': 176,
  'psi.soi_family': 184,
  'psi.soi_state': 192,
  'psi.soi_kind': 256,
  'psi.soi_proto.pri_in.insi_lport': 268,
  'psi.soi_proto.pri_in.insi_laddr': 312,
  'psi.soi_proto.pri_tcp.tcpsi_state': 344,
  'psi.soi_proto.pri_un.unsi_conn_pcb': 272,
} as const

export const SOCK_STREAM = 1
export const AF_INET = 2
export const SOCKINFO_TCP = 2
export const SOCKINFO_UN = 3
export const TSI_S_LISTEN = 1
export const SOI_S_CANTRCVMORE = 0x20
export const SOI_S_ISDISCONNECTED = 0x2000
