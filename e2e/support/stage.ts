import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Farol, Person, Session } from './farol.ts';

export const APPROVER: Person = {
  name: 'Abel Nunes',
  email: 'abel@example.org',
  password: 'two pairs of eyes see more',
};

/** A runbook with a shell step that runs until it is stopped, and one that writes. */
export const waiting = (sleep: string): string => `# Replica: wait for it, then clean up

Severity: SEV2
RTO: 45 min

## Steps

1. Wait until the replica has caught up

\`\`\`bash
echo "waiting for the replica"; ${sleep}
\`\`\`

2. Remove what was counted twice

\`\`\`sql {hold=no}
DELETE FROM counted_twice WHERE id = 1;
\`\`\`

## Verification

- [ ] The counter agrees with the shop
`;

/** A runbook whose first step takes a value into a name, where not every value may stand. */
const monthly = `# Old months of the log

1. Drop the month that nobody reads any more

\`\`\`sql
DROP TABLE log_<month>;
\`\`\`
`;

/** A runbook whose only step takes a secret within an address, where it may not name another host. */
const copied = `---
parameters:
  - {name: db_password, secret: true}
---

# Nightly copy

1. Take the copy by hand

\`\`\`bash
pg_dump "postgres://app:<db-password>@db/shop" > copy.sql
\`\`\`
`;

/** Declares an incident and returns its number. */
export async function declare(session: Session, body: Record<string, unknown>): Promise<number> {
  return (await session.call('POST', '/api/incidents', body)).id;
}

/** Saves a runbook and returns its id. */
export async function runbook(session: Session, source: string, id?: string): Promise<string> {
  return (await session.call('POST', '/api/runbooks', { source, id })).id;
}

interface Node {
  id: string;
  kind: string;
  title: string;
  arms: unknown[];
}

interface Room {
  graph: { nodes: Node[] };
  state: {
    status: string;
    steps: Record<string, { status: string; attempts: string[] }>;
    attempts: Record<string, { held: boolean; status: string; request: { digest: string } }>;
  };
}

/** Reads a room. */
export function room(session: Session, incident: number): Promise<Room> {
  return session.call('GET', `/api/incidents/${incident}`);
}

/** Asks to run a step as it stands; does not wait for its end. */
export async function start(session: Session, incident: number, step: string, extra: object = {}): Promise<string> {
  const path = `/api/incidents/${incident}/steps/${step}/attempts`;
  const { digest } = await session.call('GET', path);
  return (await session.call('POST', path, { digest, ...extra })).attempt;
}

/** Waits until a step is in one of these statuses. */
export function reaches(session: Session, incident: number, step: string, statuses: string[]): Promise<void> {
  return until(session, incident, ({ state }) => statuses.includes(state.steps[step]?.status));
}

/** Waits until a room is so, through the live stream rather than by the clock. */
export async function until(session: Session, incident: number, holds: (room: Room) => boolean): Promise<void> {
  const limit = AbortSignal.timeout(60_000);
  const stream = await fetch(`${session.url}/api/incidents/${incident}/stream`, {
    headers: { cookie: session.cookie, accept: 'text/event-stream' },
    signal: limit,
  });
  const reader = stream.body!.getReader();
  try {
    for (;;) {
      if (holds(await room(session, incident))) return;
      if ((await reader.read()).done) throw new Error(`the stream of incident ${incident} ended before that came to be`);
    }
  } finally {
    await reader.cancel();
  }
}

/** Runs a step to its end. */
export async function run(session: Session, incident: number, step: string, extra: object = {}): Promise<void> {
  await start(session, incident, step, extra);
  await reaches(session, incident, step, ['succeeded', 'failed', 'timed_out']);
}

/** Approves an attempt as somebody else, and waits until what it changes is held. */
export async function hold(approver: Session, incident: number, attempt: string): Promise<void> {
  const { digest } = (await room(approver, incident)).state.attempts[attempt].request;
  await approver.call('POST', `/api/incidents/${incident}/attempts/${attempt}/approval`, { digest });
  await until(approver, incident, ({ state }) => state.attempts[attempt].held);
}

/** Registers a production target over a SQLite file made for it; returns the file. */
export async function production(farol: Farol, owner: Session, id: string): Promise<string> {
  const file = join(farol.folder, `${id}.db`);
  execFileSync('sqlite3', [
    file,
    "create table counted_twice (id integer primary key, what text); insert into counted_twice (what) values ('a'), ('b')",
  ]);
  await owner.call('PUT', `/api/targets/${id}`, {
    description: 'The shop that customers use',
    environment: 'production',
    database: 'sqlite',
    credentials: ['ro', 'rw', 'admin'].map((role) => ({ role, url: `sqlite://${file}` })),
  });
  return file;
}

/** A page to look at. */
export interface Scene {
  name: string;
  path: string;
  /** Who looks; nobody is a visitor who is not logged in. */
  who: 'owner' | 'approver' | 'nobody';
  /** What is pressed before looking: disclosures that stand closed. */
  open?: boolean;
}

const step = (incident: number, id: string): string => `/incidents/${incident}?step=${encodeURIComponent(id)}`;

async function idOf(owner: Session, email: string): Promise<string> {
  const { users }: { users: { id: string; email: string }[] } = await owner.call('GET', '/api/people');
  return users.find((user) => user.email === email)!.id;
}

/** Brings a server into a state in which every page has something on it. */
export async function setStage(farol: Farol, owner: Session): Promise<{ approver: Session; scenes: Scene[] }> {
  const approver = await farol.join(owner, 'approver', APPROVER);
  await production(farol, owner, 'shop-prod');
  await runbook(owner, waiting('sleep 300'), 'replica-wait');
  const { path: invitation } = await owner.call('POST', '/api/invitations', { email: 'rita@example.org', role: 'responder' });
  const { path: passwordLink } = await owner.call('POST', `/api/people/${await idOf(owner, APPROVER.email)}/password-link`);
  const slow = await walkedHalf(owner);
  const orphans = await declare(owner, { title: 'Pedidos sem cliente no relatório', runbook: 'shop-pedidos-orfaos', target: 'demo' });
  const counter = await declare(owner, { title: 'The counter shows every sale twice', runbook: 'replica-wait', target: 'shop-prod', severity: 'sev1' });
  const held = await declare(owner, { title: 'Drill: replica falls behind', runbook: 'replica-wait', target: 'demo', drill: true });
  const failover = await declare(owner, { title: 'Leader pod is not ready', runbook: 'postgres-failover-patroni' });
  await owner.call('POST', `/api/incidents/${failover}/break-glass`, { reason: 'Nobody else of the team is awake', minutes: 15 });
  await owner.call('POST', `/api/incidents/${failover}/break-glass/1/end`, {});
  await start(owner, counter, 'remove-what-was-counted-twice', { confirmed: true, reason: 'the report goes out at six' });
  await start(owner, held, 'wait-until-the-replica-has-caught-up');
  await reaches(owner, held, 'wait-until-the-replica-has-caught-up', ['running']);
  await runbook(owner, monthly, 'old-months');
  const refused = await declare(owner, { title: 'The log fills the disk', runbook: 'old-months', target: 'shop-prod' });
  await owner.call('POST', `/api/incidents/${refused}/parameters`, { name: 'month', value: '2026-01; --' });
  await owner.call('PUT', '/api/targets/tools', { environment: 'sandbox', shell: {} });
  await runbook(owner, copied, 'copy');
  const secret = await declare(owner, { title: 'The nightly copy failed', runbook: 'copy', target: 'tools' });
  await owner.call('POST', `/api/incidents/${secret}/parameters`, { name: 'db_password', value: 'p@ss' });
  const over = await walkedToTheEnd(owner);
  const changed = await changedOnce(owner, approver);
  const kept = await attemptOf(owner, slow, 'see-how-much-one-look-up-has-to-read');
  const erased = await erasedSome(owner, over);
  const imported = await importSome(owner);
  const decision = (await room(owner, orphans)).graph.nodes.find((node) => node.kind === 'decision')!.id;
  const page = (name: string, path: string): Scene => ({ name, path, who: 'owner' });
  const scenes: Scene[] = [
    { name: 'login', path: '/login', who: 'nobody' },
    { name: 'invitation', path: invitation, who: 'nobody' },
    { name: 'password-link', path: passwordLink, who: 'nobody' },
    page('home', '/'),
    page('incidents', '/incidents'),
    page('declare', '/incidents/new?runbook=shop-slow-query&drill=1'),
    page('room-pending', step(slow, 'then-the-page-s-own-query-again')),
    page('room-output', step(slow, 'run-the-query-behind-the-page-and-look-at-how-long-it-takes')),
    page('room-rows', step(slow, 'see-how-much-one-look-up-has-to-read')),
    page('room-parameter', step(slow, 'look-up-a-single-order-any-number-from-step-1-will-do')),
    page('room-value-refused', `/incidents/${refused}`),
    page('room-secret-refused', `/incidents/${secret}`),
    page('room-review', step(slow, 'build-the-index')),
    page('room-skipped', step(slow, 'shoplatestordersslow-has-stopped-firing')),
    { ...page('room-all-open', step(slow, 'the-page-of-the-latest-orders-answers-within-50-ms')), open: true },
    page('room-decision', step(orphans, decision)),
    page('room-running', step(held, 'wait-until-the-replica-has-caught-up')),
    page('room-awaiting', step(counter, 'remove-what-was-counted-twice')),
    { ...page('room-approver', step(counter, 'remove-what-was-counted-twice')), who: 'approver' },
    page('dry-run', `/incidents/${changed.incident}/steps/${changed.step}/dry-run`),
    page('dry-run-of-a-query', `/incidents/${slow}/steps/then-the-page-s-own-query-again/dry-run`),
    page('dry-run-nothing', `/incidents/${changed.incident}/steps/wait-until-the-replica-has-caught-up/dry-run`),
    page('attempt-held', `/incidents/${changed.incident}/attempts/${changed.held}`),
    { ...page('attempt-erase', `/incidents/${slow}/attempts/${kept}`), open: true },
    page('attempt-erased', `/incidents/${over}/attempts/${erased}`),
    page('room-erased', step(over, 'see-how-much-one-look-up-has-to-read')),
    { ...page('after-erase', `/incidents/${over}/after`), open: true },
    page('attempt-committed', `/incidents/${changed.incident}/attempts/${changed.committed}`),
    page('undo', `/incidents/${changed.incident}/attempts/${changed.committed}/undo`),
    page('break-glass-over', `/incidents/${over}/break-glass`),
    page('break-glass', `/incidents/${failover}/break-glass`),
    page('room-no-target', `/incidents/${failover}`),
    page('room-resolved', `/incidents/${over}`),
    { ...page('approvals', '/approvals'), who: 'approver' },
    page('approvals-own', '/approvals'),
    page('after', `/incidents/${over}/after`),
    page('postmortem', `/incidents/${over}/postmortem`),
    page('library', '/runbooks'),
    page('library-narrowed', '/runbooks?q=postgres&language=pt'),
    page('imports', '/library/imports'),
    page('import', `/library/imports/${imported}`),
    page('library-nothing', '/runbooks?q=xyzzy'),
    page('runbook', '/runbooks/shop-slow-query'),
    page('runbook-long', '/runbooks/postgres-conexoes-esgotadas'),
    page('revisions', '/runbooks/shop-slow-query/revisions'),
    page('runbook-new', '/runbooks/new'),
    page('runbook-edit', '/runbooks/shop-slow-query/edit'),
    page('targets', '/targets'),
    page('target-new', '/targets/new'),
    page('target', '/targets/shop-prod'),
    page('people', '/people'),
    page('account', '/account'),
    page('not-found', '/no/such/page'),
  ];
  return { approver, scenes };
}

/** Commits a change, asks what it would do again, and leaves it held a second time. */
async function changedOnce(owner: Session, approver: Session): Promise<{ incident: number; step: string; held: string; committed: string }> {
  const source = waiting('sleep 300').replace(' {hold=no}\nDELETE FROM counted_twice', "\nUPDATE counted_twice SET what = 'x'");
  await runbook(owner, source, 'counted-twice');
  const incident = await declare(owner, { title: 'Sales are counted twice', runbook: 'counted-twice', target: 'shop-prod' });
  const id = 'remove-what-was-counted-twice';
  const changes = async (): Promise<string> => {
    const attempt = await start(owner, incident, id, { confirmed: true, reason: 'the report goes out at six' });
    await hold(approver, incident, attempt);
    return attempt;
  };
  const committed = await changes();
  await owner.call('POST', `/api/incidents/${incident}/attempts/${committed}/hold`, { commit: true });
  await reaches(owner, incident, id, ['succeeded']);
  await owner.call('POST', `/api/incidents/${incident}/steps/${id}/reopened`, { reason: 'one more came in' });
  for (const way of ['rows', 'explain']) {
    const path = `/api/incidents/${incident}/steps/${id}/attempts`;
    const { digest } = await owner.call('GET', `${path}?way=${way}`);
    const { attempt } = await owner.call('POST', path, { digest, way });
    await until(owner, incident, ({ state }) => state.attempts[attempt].status === 'finished');
  }
  return { incident, step: id, held: await changes(), committed };
}

/** The latest attempt of a step. */
export async function attemptOf(session: Session, incident: number, step: string): Promise<string> {
  return (await room(session, incident)).state.steps[step].attempts.at(-1)!;
}

/** Erases the rows of a step and a note, and returns the step's attempt. */
async function erasedSome(owner: Session, incident: number): Promise<string> {
  const attempt = await attemptOf(owner, incident, 'see-how-much-one-look-up-has-to-read');
  const noted = await owner.call('POST', `/api/incidents/${incident}/notes`, { text: 'Ana Souza cannot see her order 4711' });
  const whole = { reason: 'a customer asked for it (ticket 4711)', typed: `INC-${incident}` };
  await owner.call('POST', `/api/incidents/${incident}/erasures`, { attempt, ...whole });
  await owner.call('POST', `/api/incidents/${incident}/erasures`, { seq: noted.events[0].seq, ...whole });
  return attempt;
}

/** Imports a folder in which not everything can be taken, and returns the report's number. */
async function importSome(owner: Session): Promise<number> {
  const form = new FormData();
  const add = (path: string, text: string | Buffer): void => form.append('files', new Blob([text]), path);
  add('ops/filas/fila-parada.md', '---\nowner: Mensageria\nreview_by: 2001-01-31\n---\n# Fila parada\n\n1. Veja a fila\n\n```sql\nselect 1;\n```\n');
  add('ops/about.md', '# What these files are\n\nNothing to do here.\n');
  add('ops/a-folder-with-a-very-long-name/and-another-one-in-it/operacao-que-ninguem-lembra.md', Buffer.from('# Opera\xe7\xe3o\n', 'latin1'));
  add('ops/logo.png', Buffer.from([0]));
  const headers = { cookie: owner.cookie, origin: owner.url };
  const answer = await fetch(`${owner.url}/api/library/imports`, { method: 'POST', headers, body: form });
  if (!answer.ok) throw new Error(`import: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).id;
}

/** An incident in the middle: some steps ran, one was skipped, a note was written. */
async function walkedHalf(owner: Session): Promise<number> {
  const incident = await declare(owner, { title: 'The page of the latest orders takes seconds', runbook: 'shop-slow-query', target: 'demo' });
  const base = `/api/incidents/${incident}`;
  await owner.call('POST', `${base}/milestones`, { milestone: 'acknowledged' });
  await run(owner, incident, 'run-the-query-behind-the-page-and-look-at-how-long-it-takes');
  await run(owner, incident, 'see-how-much-one-look-up-has-to-read');
  await owner.call('POST', `${base}/steps/shoplatestordersslow-has-stopped-firing/skipped`, { reason: 'the alert is muted tonight' });
  await owner.call('POST', `${base}/notes`, { text: 'Customers write in the chat that **checkout** works.' });
  return incident;
}

/** An incident that is over, with a post-mortem begun. */
async function walkedToTheEnd(owner: Session): Promise<number> {
  const incident = await declare(owner, { title: 'Latest orders were slow on Friday', runbook: 'shop-slow-query', target: 'demo', severity: 'sev3' });
  const base = `/api/incidents/${incident}`;
  for (const milestone of ['detected', 'acknowledged', 'mitigated']) {
    await owner.call('POST', `${base}/milestones`, { milestone });
  }
  await run(owner, incident, 'see-how-much-one-look-up-has-to-read');
  await owner.call('POST', `${base}/steps/list-the-indexes-of-the-table/failed`, { reason: 'the console closed' });
  await owner.call('POST', `${base}/data-age`, { minutes: 0 });
  await owner.call('POST', `${base}/status`, { status: 'resolved', reason: 'answers within 20 ms again' });
  await owner.call('POST', `${base}/postmortem/sections`, {
    section: 'summary',
    text: 'A table without an index was read **once for each order**.\n\n- found by the plan\n- mended by `CREATE INDEX`',
  });
  await owner.call('POST', `${base}/postmortem/action-items`, { text: 'Index every reference in its migration', owner: 'Rita', due: '2030-01-31' });
  return incident;
}
