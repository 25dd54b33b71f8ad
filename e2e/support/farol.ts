import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const program = resolve(process.env.FAROL_BIN ?? join(root, 'target/debug/farol'));
const site = resolve(process.env.FAROL_SITE ?? join(root, 'target/site'));

/** Somebody's name and way in. */
export interface Person {
  name: string;
  email: string;
  password: string;
}

export const OWNER: Person = {
  name: 'Olga Ferreira',
  email: 'olga@example.org',
  password: 'a lighthouse never sleeps',
};

/** A running `farol serve --demo` on an empty store of its own. */
export class Farol {
  private constructor(
    readonly process: ChildProcess,
    /** A folder that goes away with the server. */
    readonly folder: string,
    /** For example http://127.0.0.1:40123, without a slash at the end. */
    readonly url: string,
    /** The one-time token of the first owner. */
    readonly token: string,
  ) {}

  /** Starts a server; it is ready when it has printed its token. */
  static async start(): Promise<Farol> {
    for (const [what, path] of [
      ['the server (FAROL_BIN)', program],
      ['the front end (FAROL_SITE)', join(site, 'manifest.json')],
    ]) {
      if (!existsSync(path)) throw new Error(`${what} is not there: ${path}; \`make test-browser\` builds it`);
    }
    const folder = await mkdtemp(join(tmpdir(), 'farol-e2e-'));
    const server = spawn(program, ['serve', '--demo'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        FAROL_DATA: join(folder, 'data'),
        FAROL_LISTEN: '127.0.0.1:0',
        FAROL_SITE: site,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    server.stderr.on('data', (text) => (log += text));
    let url = '';
    for await (const line of createInterface(server.stdout)) {
      url ||= line.match(/listens on (\S+)/)?.[1] ?? '';
      const token = line.match(/one-time token: (\S+?)\)/)?.[1];
      if (token) return new Farol(server, folder, url, token);
    }
    throw new Error(`farol ended before it was ready:\n${log}`);
  }

  /** Makes the first owner and returns a way in. */
  async setUp(person: Person = OWNER): Promise<Session> {
    return this.enter('POST', '/api/setup', { token: this.token, ...person });
  }

  /** Logs somebody in. */
  async logIn({ email, password }: Person): Promise<Session> {
    return this.enter('POST', '/api/session', { email, password });
  }

  /** Invites somebody with a role and takes the invitation up for them. */
  async join(owner: Session, role: string, person: Person): Promise<Session> {
    const invited = await owner.call('POST', '/api/invitations', { email: person.email, role });
    const secret = String(invited.path).split('/').pop();
    return this.enter('POST', `/api/invitations/${secret}/acceptance`, { name: person.name, password: person.password });
  }

  private async enter(method: string, path: string, body: unknown): Promise<Session> {
    const answer = await send(this.url, method, path, body, '');
    const cookie = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('__Host-'));
    if (!answer.ok || !cookie) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return new Session(this.url, cookie.split(';')[0]);
  }

  /** Stops the server and waits until it is gone. */
  async stop(): Promise<void> {
    const gone = this.process.exitCode === null ? once(this.process, 'exit') : undefined;
    this.process.kill('SIGTERM');
    await gone;
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A logged-in way to the API, for what a journey needs and is not about. */
export class Session {
  constructor(
    readonly url: string,
    readonly cookie: string,
  ) {}

  /** Calls the API, and fails with its own words where it refuses. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async call(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await send(this.url, method, path, body, this.cookie);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

function send(url: string, method: string, path: string, body: unknown, cookie: string): Promise<Response> {
  const headers: Record<string, string> = { origin: url, 'idempotency-key': crypto.randomUUID() };
  if (cookie) headers.cookie = cookie;
  if (body !== undefined) headers['content-type'] = 'application/json';
  return fetch(url + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
}
