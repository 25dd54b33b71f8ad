-- Attempts, which are the job queue too, and their output.

create table attempts (
    id blob primary key,
    incident_id integer not null references incidents (id),
    step text not null,
    target_id text not null,
    -- awaiting, queued, claimed, dispatching, running, finished. From dispatching on there is no way back.
    state text not null,
    -- What runs, sealed, and its digest in the clear.
    spec blob not null,
    digest text not null,
    requested_at text not null,
    expires_at text not null,
    queued_at text,
    dispatched_at text,
    finished_at text,
    cancel_requested integer not null default 0,
    worker text,
    lease_until text,
    -- Grows with every claim; every write of a worker names the one it was given.
    fencing_token integer not null default 0
) strict;

create index attempts_by_state on attempts (state, queued_at);
create index attempts_by_incident on attempts (incident_id);

create table output_chunks (
    incident_id integer not null references incidents (id),
    seq integer not null,
    attempt_id blob not null references attempts (id),
    at text not null,
    content text not null,
    primary key (incident_id, seq)
) strict, without rowid;

create index output_chunks_by_attempt on output_chunks (attempt_id, seq);
