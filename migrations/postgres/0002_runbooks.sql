-- Runbooks, their immutable revisions, and targets.

-- The bytes, named by their SHA-256, stored once whichever runbooks hold them.
create table revisions (
    id text primary key,
    source bytea not null,
    created_at timestamptz not null
);

-- What a reader made of a revision; replaced when a newer reader reads it.
create table readings (
    revision text primary key references revisions (id),
    reader text not null,
    runbook text not null
);

create table runbooks (
    id text collate "C" primary key,
    -- The newest revision and its place in the history.
    revision text not null references revisions (id),
    number bigint not null,
    title text not null,
    -- Title and id without accents and case.
    search_key text collate "C" not null,
    language text,
    severity text,
    steps bigint not null,
    executable_steps bigint not null,
    highest_risk text,
    problems bigint not null,
    updated_at timestamptz not null,
    updated_by uuid,
    updated_by_name text
);

create table runbook_revisions (
    runbook_id text not null references runbooks (id),
    number bigint not null,
    revision text not null references revisions (id),
    created_at timestamptz not null,
    created_by uuid,
    created_by_name text,
    note text not null,
    primary key (runbook_id, number)
);

create index runbook_revisions_by_revision on runbook_revisions (revision);

create table targets (
    id text collate "C" primary key,
    description text not null,
    environment text not null,
    database_kind text,
    shell text,
    timeout_seconds bigint not null,
    version bigint not null,
    updated_at timestamptz not null
);

create table target_credentials (
    target_id text not null references targets (id) on delete cascade,
    role text not null,
    sealed bytea not null,
    primary key (target_id, role)
);
