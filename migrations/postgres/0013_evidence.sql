-- What the target of an attempt can be asked by, should its end not be seen: on Postgres the number of its transaction. Absent
-- where there is nothing to ask, and once the end is known or the target was asked.
alter table attempts add column evidence text;

create index attempts_in_doubt on attempts (finished_at) where evidence is not null;
