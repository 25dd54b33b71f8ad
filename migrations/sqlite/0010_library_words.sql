-- Nothing to do here: this is about an index that only Postgres has.
select 1;
