-- Accounts, and what leads to one.

-- Small facts about the store itself: the set-up token, who was first, a word sealed with the key.
create table store_facts (
    key text primary key,
    value text not null
);

create table users (
    id uuid primary key,
    email text not null,
    -- The e-mail in lower case: nobody should own one mailbox twice.
    email_key text collate "C" not null unique,
    -- "C" everywhere that lists are ordered by: the same order as SQLite's, whatever the cluster's locale.
    name text collate "C" not null,
    role text not null,
    locale text,
    password_hash text not null,
    created_at timestamptz not null,
    disabled_at timestamptz
);

create table sessions (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    -- SHA-256 of the cookie's secret.
    secret_hash text not null unique,
    user_agent text not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null
);

create index sessions_by_user on sessions (user_id);

create table invitations (
    id uuid primary key,
    email text not null,
    email_key text not null,
    role text not null,
    secret_hash text not null unique,
    invited_by uuid not null,
    -- The name as it was then, like everywhere in the record.
    invited_by_name text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    withdrawn_at timestamptz
);

-- The first answer to a repeated request.
create table idempotency_keys (
    user_id uuid not null,
    key text not null,
    request text not null,
    begun_at timestamptz not null,
    status bigint,
    body bytea,
    primary key (user_id, key)
);

create index idempotency_keys_by_age on idempotency_keys (begun_at);
