-- What makes an incident's record provable: hashes of its events, signed checkpoints, and the keys that sign.

-- Hash of the event's leaf, and the random bytes that its payload's digest is salted with. Absent in rows that were
-- written before there were any, until the incident is next appended to, signed or exported.
alter table events add column leaf bytea;
alter table events add column salt bytea;
-- Whether it was hashed later than it was written.
alter table events add column late boolean not null default false;

-- The roots of the perfect subtrees over all leaves, 32 bytes each: an append needs no other leaf. Absent as above.
alter table incidents add column peaks bytea;
-- How many of its events a checkpoint covers.
alter table incidents add column signed_size bigint not null default 0;

create index incidents_unsigned on incidents (id) where last_seq > signed_size;

create table checkpoints (
    incident_id bigint not null references incidents (id),
    size bigint not null,
    -- Who signed it, as NAME+ID.
    key text not null,
    -- The signed note, whole.
    note text not null,
    -- The tree's peaks then, so that the next one is checked from here on.
    peaks bytea not null,
    signed_at timestamptz not null,
    primary key (incident_id, size, key)
);

create table signing_keys (
    -- NAME+ID.
    label text primary key,
    name text not null,
    public bytea not null,
    -- The private half, sealed with the vault's key.
    sealed bytea not null,
    is_current boolean not null,
    made_at timestamptz not null,
    retired_at timestamptz
);

-- One key signs.
create unique index signing_keys_current on signing_keys (is_current) where is_current;
