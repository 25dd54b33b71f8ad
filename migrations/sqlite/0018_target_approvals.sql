-- How many other people must approve on a target at least, as JSON; null where it asks for no more than the classes do.

alter table targets add column approvals text;
