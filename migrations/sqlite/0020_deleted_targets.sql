-- The last version of each target that was deleted: one of the same name goes on from there.
create table deleted_targets (
    id text primary key,
    version integer not null
) strict;
