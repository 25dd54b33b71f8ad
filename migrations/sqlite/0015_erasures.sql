-- What was erased: output of attempts, and texts of entries.

-- What the leaf commits to, kept once payload and salt are gone. Absent as long as they are there.
alter table events add column digest blob;

-- Whether a chunk is no output, and says instead that what was there was erased.
alter table output_chunks add column erased integer not null default 0;

-- The number of the entry that says that the output was erased.
alter table attempts add column erased_seq integer;

-- Every erasure that an entry records. What it names is removed after the entry is committed.
create table erasures (
    incident_id integer not null references incidents (id),
    -- The entry.
    seq integer not null,
    -- When it was removed; absent until then.
    done_at text,
    primary key (incident_id, seq)
) strict, without rowid;

create index erasures_pending on erasures (incident_id, seq) where done_at is null;
