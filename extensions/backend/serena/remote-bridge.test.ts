// Where a command line carries a Serena to, by the grammar of the program that does it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSerenaCommand } from './command-line.ts'

const SERVER = 'serena start-mcp-server --context ide'
const parsed = (line: string) => parseSerenaCommand(line.split(' '))

describe('a bridge to another place', () => {
  it.each([
    [`docker run --rm -i --name box -v /w:/w img ${SERVER}`, 'container', 'box', 'docker stop box'],
    [
      `docker run -i --rm -p 9000:24282 --network host img:1.2 uvx --from serena-agent ${SERVER}`,
      'container',
      null,
      null,
    ],
    [
      `docker --context far run -it --name=box --env A=b -eC=d -u 1000 --gpus all img ${SERVER}`,
      'container',
      'box',
      'docker stop box',
    ],
    [
      `docker container run -i --cidfile /tmp/id img ${SERVER}`,
      'container',
      null,
      'docker stop "$(cat /tmp/id)"',
    ],
    [
      'docker run -i --rm --entrypoint serena --name a img start-mcp-server',
      'container',
      'a',
      'docker stop a',
    ],
    ['docker run -i --rm --name a ghcr.io/x/serena start-mcp-server', 'container', 'a', 'docker stop a'],
    [`/bin/sh /opt/bin/docker run --rm -i --name box img ${SERVER}`, 'container', 'box', 'docker stop box'],
    [`python3 /opt/bin/docker run --rm -i --name box img ${SERVER}`, 'container', 'box', 'docker stop box'],
    [`podman --remote run --rm -i --replace --name box img ${SERVER}`, 'container', 'box', 'podman stop box'],
    [`nerdctl -n k8s.io run -i --name box img ${SERVER}`, 'container', 'box', 'nerdctl stop box'],
    [`docker exec -i -w /w -e A=b dev ${SERVER}`, 'container', 'dev', 'docker stop dev'],
    [`docker exec -i dev sh -lc ${SERVER.split(' ')[0]}`, null, null, null],
    [
      `docker compose -f x.yml -p shop run --rm -T app ${SERVER}`,
      'container',
      'app',
      'docker compose stop app',
    ],
    [`docker compose exec -T app ${SERVER}`, 'container', 'app', 'docker compose stop app'],
    [`docker-compose run --rm --name box app ${SERVER}`, 'container', 'box', 'docker stop box'],
    [
      `kubectl --context far exec -i -n dev pod/app -c main -- ${SERVER}`,
      'container',
      'pod/app',
      'kubectl exec --context far -n dev -c main pod/app -- pkill -f start-mcp-server',
    ],
    [`ssh -T -p 22 -o BatchMode=yes ana@far ${SERVER}`, 'machine', 'ana@far', null],
    [`ssh far docker exec -i dev ${SERVER}`, 'machine', 'far', null],
    [`wsl.exe -d Ubuntu --cd /w -- ${SERVER}`, 'wsl', 'Ubuntu', null],
    [`C:\\Windows\\System32\\wsl.exe -e ${SERVER}`, 'wsl', null, null],
    [`devcontainer exec --workspace-folder /w ${SERVER}`, 'container', '/w', null],
    [
      'flatpak run --command=serena org.x.App start-mcp-server',
      'sandbox',
      'org.x.App',
      'flatpak kill org.x.App',
    ],
    [`distrobox enter box -- ${SERVER}`, 'container', 'box', null],
    [`toolbox run -c box ${SERVER}`, 'container', 'box', null],
    [`limactl shell vm ${SERVER}`, 'machine', 'vm', null],
    [`/init /mnt/c/Users/ana/uvx.exe uvx.exe ${SERVER}`, 'windows', null, null],
    [
      `/init /mnt/c/Users/ana/.local/bin/uvx.exe /mnt/c/Users/ana/.local/bin/uvx.exe ${SERVER}`,
      'windows',
      null,
      null,
    ],
    [`/init /mnt/c/Windows/System32/cmd.exe cmd.exe /c ${SERVER}`, 'windows', null, null],
    [
      `/usr/bin/wsl-interop /mnt/c/x/serena.exe serena.exe start-mcp-server --context ide`,
      'windows',
      null,
      null,
    ],
    [`/mnt/c/Python/python.exe -m serena start-mcp-server`, 'windows', null, null],
    [`/init /mnt/c/x/powershell.exe powershell.exe -NoProfile -Command ${SERVER}`, 'windows', null, null],
  ])('%s', (line, place, target, stop) => {
    const found = parsed(line)
    if (place === null) return expect(found).toBeNull()
    expect(found?.role).toBe('launcher')
    expect(found?.remote).toMatchObject({ place, target, stop })
  })

  it.each([
    `docker run -i img grep ${SERVER}`,
    `docker logs ${SERVER}`,
    `docker build -t serena start-mcp-server`,
    `ssh far grep -r "${SERVER}"`,
    `kubectl logs pod -- ${SERVER}`,
    `flatpak install ${SERVER}`,
    '/init',
    '/init /mnt/c/Windows/notepad.exe notepad.exe serena start-mcp-server',
    'docker run -i --name serena start-mcp-server',
  ])('%s is none', (line) => {
    expect(parsed(line)).toBeNull()
  })

  it('reads the words of one text, and the arguments of the Serena there', () => {
    expect(
      parseSerenaCommand(['ssh', 'far', "cd /w && exec serena start-mcp-server --project 'my shop'"]),
    ).toMatchObject({ command: { project: 'my shop' }, remote: { place: 'machine', target: 'far' } })
    expect(
      parseSerenaCommand(['docker', 'exec', '-i', 'dev', 'sh', '-c', `cd /w && ${SERVER}`]),
    ).toMatchObject({
      command: { context: 'ide' },
      remote: { place: 'container', target: 'dev' },
    })
  })

  it('names the ports of this machine that lead into the container', () => {
    const ports = (...given: string[]) =>
      parsed(`docker run -i ${given.map((port) => `-p ${port}`).join(' ')} img ${SERVER}`)?.remote?.ports
    expect(ports('127.0.0.1:24282:24282', '9000:8000/tcp', '8001', '[::1]:24283:24282')).toEqual([
      24282, 9000, 24283,
    ])
  })

  it('quotes a name for the shell', () => {
    const found = parseSerenaCommand(['docker', 'exec', '-i', 'a; rm -rf x', 'serena', 'start-mcp-server'])
    expect(found?.remote?.stop).toBe("docker stop 'a; rm -rf x'")
  })

  it('has no remote place where the Serena runs here', () => {
    expect(parsed(`uvx ${SERVER}`)?.remote).toBeUndefined()
    expect(parsed(SERVER)?.remote).toBeUndefined()
  })

  it('accepts any input', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'docker',
        'run',
        'exec',
        'compose',
        'ssh',
        '--',
        '-i',
        '--name',
        '-p',
        '/init',
        '/mnt/c/x.exe',
        'kubectl',
        'flatpak',
        'wsl',
        'serena',
        'start-mcp-server',
        '-',
        '-e',
      ),
      fc.string(),
    )
    fc.assert(fc.property(fc.array(word, { maxLength: 12 }), (argv) => void parseSerenaCommand(argv)))
  })
})
