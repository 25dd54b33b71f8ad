-- Whether somebody may break the glass although their role alone does not let them.
alter table users add column break_glass integer not null default 0;

-- Every time that the glass was broken, as its incident's events say: for those who must be told on every page.
create table break_glass (
    incident_id integer not null references incidents (id),
    -- Counts from 1 in its incident.
    number integer not null,
    person_id blob not null references users (id),
    until_at text not null,
    closed_at text,
    reviewed_at text,
    primary key (incident_id, number)
) strict, without rowid;

create index break_glass_unreviewed on break_glass (until_at) where reviewed_at is null;
