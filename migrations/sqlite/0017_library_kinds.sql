-- Nothing to do here: this is about a table that only Postgres has in this form.
select 1;
