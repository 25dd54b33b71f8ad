-- The last version of each target that was deleted: one of the same name goes on from there.
create table deleted_targets (
    id text collate "C" primary key,
    version bigint not null
);
