-- Whether somebody may break the glass although their role alone does not let them.
alter table users add column break_glass boolean not null default false;

-- Every time that the glass was broken, as its incident's events say: for those who must be told on every page.
create table break_glass (
    incident_id bigint not null references incidents (id),
    -- Counts from 1 in its incident.
    number bigint not null,
    person_id uuid not null references users (id),
    until_at timestamptz not null,
    closed_at timestamptz,
    reviewed_at timestamptz,
    primary key (incident_id, number)
);

create index break_glass_unreviewed on break_glass (until_at) where reviewed_at is null;
