// Which container a cgroup names.
import { expect, it } from 'vitest'
import { parseContainer } from './container.ts'

const ID = '3f9c2a7d'.repeat(8)

it.each([
  [`0::/system.slice/docker-${ID}.scope\n`, 'docker'],
  [`0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope/init\n`, 'docker'],
  [`12:pids:/docker/${ID}\n0::/\n`, 'docker'],
  [`4:memory:/docker/buildx/${ID}/x\n`, 'docker'],
  [`0::/../docker-${ID}.scope\n`, 'docker'],
  [`0::/machine.slice/libpod-${ID}.scope/container\n`, 'podman'],
  [`1:name=systemd:/libpod_parent/libpod-${ID}\n`, 'podman'],
  [`0::/user.slice/nerdctl-${ID}.scope\n`, 'nerdctl'],
  [
    `0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podab.slice/cri-containerd-${ID}.scope\n`,
    'crictl',
  ],
  [`0::/kubepods.slice/kubepods-podab.slice/crio-${ID}.scope\n`, 'crictl'],
  [`3:cpu:/kubepods/burstable/podab/${ID}\n`, 'crictl'],
])('%s', (text, program) => {
  expect(parseContainer(text)).toEqual({ program, id: ID })
})

it('reads the name of an LXC container', () => {
  expect(parseContainer('0::/lxc.payload.dev-1/init.scope\n')).toEqual({ program: 'lxc', id: 'dev-1' })
})

it.each([
  '0::/\n',
  '4:memory:/process_api/2475beb294f622c5169661a5cbf116da\n',
  '0::/user.slice/user-1000.slice/session-2.scope\n',
  `0::/system.slice/docker.service\n`,
  '0::/system.slice/docker-abc.scope\n',
  '',
])('%j names none', (text) => {
  expect(parseContainer(text)).toBeNull()
})
