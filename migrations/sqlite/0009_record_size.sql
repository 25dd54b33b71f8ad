-- How many events the tree in `peaks` has. A server of an older version that still runs appends events without a leaf:
-- the next one that knows of leaves hashes them, and says so.

alter table incidents add column hashed_size integer not null default 0;
update incidents set hashed_size = last_seq where peaks is not null;
