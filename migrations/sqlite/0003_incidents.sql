-- Incidents, their events, and what follows from the events.

create table incidents (
    -- Never given twice, not even after a deletion.
    id integer primary key autoincrement,
    -- The last numbers given in this incident; counted under the row's lock, so that no reader sees a gap.
    last_seq integer not null,
    last_output_seq integer not null,
    -- What lists show; written in the transaction that appends.
    title text not null,
    severity integer not null,
    status text not null,
    is_open integer not null,
    drill integer not null,
    runbook_id text,
    runbook_title text,
    target_id text,
    declared_at text not null,
    resolved_at text,
    rto_seconds integer,
    -- Who declared it under which key: a repeated request declares no second incident.
    declared_by blob,
    idempotency_key text,
    unique (declared_by, idempotency_key)
) strict;

create index incidents_open on incidents (is_open, severity);

create table events (
    incident_id integer not null references incidents (id),
    seq integer not null,
    occurred_at text not null,
    recorded_at text not null,
    actor text not null,
    kind text not null,
    primary key (incident_id, seq)
) strict, without rowid;

create table incident_responders (
    incident_id integer not null references incidents (id),
    user_id blob not null,
    name text not null,
    joined_at text not null,
    place integer not null,
    primary key (incident_id, user_id)
) strict;

create table incident_secrets (
    incident_id integer not null references incidents (id),
    name text not null,
    sealed blob not null,
    primary key (incident_id, name)
) strict;
