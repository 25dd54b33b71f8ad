-- Runbooks, their immutable revisions, and targets.

-- The bytes, named by their SHA-256, stored once whichever runbooks hold them.
create table revisions (
    id text primary key,
    source blob not null,
    created_at text not null
) strict;

-- What a reader made of a revision; replaced when a newer reader reads it.
create table readings (
    revision text primary key references revisions (id),
    reader text not null,
    runbook text not null
) strict;

create table runbooks (
    id text primary key,
    -- The newest revision and its place in the history.
    revision text not null references revisions (id),
    number integer not null,
    title text not null,
    -- Title and id without accents and case.
    search_key text not null,
    language text,
    severity text,
    steps integer not null,
    executable_steps integer not null,
    highest_risk text,
    problems integer not null,
    updated_at text not null,
    updated_by blob,
    updated_by_name text
) strict;

create table runbook_revisions (
    runbook_id text not null references runbooks (id),
    number integer not null,
    revision text not null references revisions (id),
    created_at text not null,
    created_by blob,
    created_by_name text,
    note text not null,
    primary key (runbook_id, number)
) strict;

create index runbook_revisions_by_revision on runbook_revisions (revision);

create table targets (
    id text primary key,
    description text not null,
    environment text not null,
    database_kind text,
    shell text,
    timeout_seconds integer not null,
    version integer not null,
    updated_at text not null
) strict;

create table target_credentials (
    target_id text not null references targets (id) on delete cascade,
    role text not null,
    sealed blob not null,
    primary key (target_id, role)
) strict;
