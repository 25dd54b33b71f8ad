-- A token is a session that a program holds: it is sent in a header, never as a cookie, and may do less than its person.
-- Absent for browsers. A token's name stands where a browser's own words do.
alter table sessions add column scope text;
