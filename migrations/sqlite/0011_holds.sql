-- What was decided about a change that is held: `commit` or `rollback`; absent while nothing is held or decided.
alter table attempts add column hold_decided text;

-- How a committed change can be put back, sealed: the statements of the inverse step, in their order.
create table undos (
    attempt_id blob primary key references attempts (id),
    rows integer not null,
    statements blob not null
) strict;
