-- Accounts, and what leads to one.

-- Small facts about the store itself: the set-up token, who was first, a word sealed with the key.
create table store_facts (
    key text primary key,
    value text not null
) strict;

create table users (
    id blob primary key,
    email text not null,
    -- The e-mail in lower case: nobody should own one mailbox twice.
    email_key text not null unique,
    name text not null,
    role text not null,
    locale text,
    password_hash text not null,
    created_at text not null,
    disabled_at text
) strict;

create table sessions (
    id blob primary key,
    user_id blob not null references users (id) on delete cascade,
    -- SHA-256 of the cookie's secret.
    secret_hash text not null unique,
    user_agent text not null,
    created_at text not null,
    last_seen_at text not null,
    expires_at text not null
) strict;

create index sessions_by_user on sessions (user_id);

create table invitations (
    id blob primary key,
    email text not null,
    email_key text not null,
    role text not null,
    secret_hash text not null unique,
    invited_by blob not null,
    -- The name as it was then, like everywhere in the record.
    invited_by_name text not null,
    created_at text not null,
    expires_at text not null,
    accepted_at text,
    withdrawn_at text
) strict;

-- The first answer to a repeated request.
create table idempotency_keys (
    user_id blob not null,
    key text not null,
    request text not null,
    begun_at text not null,
    status integer,
    body blob,
    primary key (user_id, key)
) strict;

create index idempotency_keys_by_age on idempotency_keys (begun_at);
