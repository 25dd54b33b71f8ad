-- One number for all that a runbook is narrowed down by. Counting runbooks by it is faster than by six texts.

alter table library add column facets integer not null default 0;

-- Until a runbook's is made it is alone of its kind. Those that are made are never negative.
update library set facets = -doc;
