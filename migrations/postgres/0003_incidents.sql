-- Incidents, their events, and what follows from the events.

create table incidents (
    -- Never given twice, not even after a deletion.
    id bigint generated always as identity primary key,
    -- The last numbers given in this incident; counted under the row's lock, so that no reader sees a gap.
    last_seq bigint not null,
    last_output_seq bigint not null,
    -- What lists show; written in the transaction that appends.
    title text not null,
    severity bigint not null,
    status text not null,
    is_open boolean not null,
    drill boolean not null,
    runbook_id text,
    runbook_title text,
    target_id text,
    declared_at timestamptz not null,
    resolved_at timestamptz,
    rto_seconds bigint,
    -- Who declared it under which key: a repeated request declares no second incident.
    declared_by uuid,
    idempotency_key text,
    unique (declared_by, idempotency_key)
);

create index incidents_open on incidents (is_open, severity);

create table events (
    incident_id bigint not null references incidents (id),
    seq bigint not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    actor text not null,
    kind text not null,
    primary key (incident_id, seq)
);

create table incident_responders (
    incident_id bigint not null references incidents (id),
    user_id uuid not null,
    name text not null,
    joined_at timestamptz not null,
    place bigint not null,
    primary key (incident_id, user_id)
);

create table incident_secrets (
    incident_id bigint not null references incidents (id),
    name text not null,
    sealed bytea not null,
    primary key (incident_id, name)
);
