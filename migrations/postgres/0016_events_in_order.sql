-- Nothing to do: Postgres keeps rows in the order in which they came.
select 1;
