-- Events stand in the order in which they came, and are found by an index. Stored by incident, one commit for events of
-- many incidents wrote a page for each of them; now it writes the few pages at the end.

create table events_in_order (
    incident_id integer not null references incidents (id),
    seq integer not null,
    occurred_at text not null,
    recorded_at text not null,
    actor text not null,
    kind text not null,
    leaf blob,
    salt blob,
    late integer not null default 0,
    digest blob
) strict;

insert into events_in_order (incident_id, seq, occurred_at, recorded_at, actor, kind, leaf, salt, late, digest)
select incident_id, seq, occurred_at, recorded_at, actor, kind, leaf, salt, late, digest
from events order by recorded_at, incident_id, seq;

drop table events;
alter table events_in_order rename to events;

create unique index events_by_incident on events (incident_id, seq);
