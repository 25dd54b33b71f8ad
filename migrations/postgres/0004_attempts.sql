-- Attempts, which are the job queue too, and their output.

create table attempts (
    id uuid primary key,
    incident_id bigint not null references incidents (id),
    step text not null,
    target_id text not null,
    -- awaiting, queued, claimed, dispatching, running, finished. From dispatching on there is no way back.
    state text not null,
    -- What runs, sealed, and its digest in the clear.
    spec bytea not null,
    digest text not null,
    requested_at timestamptz not null,
    expires_at timestamptz not null,
    queued_at timestamptz,
    dispatched_at timestamptz,
    finished_at timestamptz,
    cancel_requested boolean not null default false,
    worker text,
    lease_until timestamptz,
    -- Grows with every claim; every write of a worker names the one it was given.
    fencing_token bigint not null default 0
);

create index attempts_by_state on attempts (state, queued_at);
create index attempts_by_incident on attempts (incident_id);

create table output_chunks (
    incident_id bigint not null references incidents (id),
    seq bigint not null,
    attempt_id uuid not null references attempts (id),
    at timestamptz not null,
    content text not null,
    primary key (incident_id, seq)
);

create index output_chunks_by_attempt on output_chunks (attempt_id, seq);
