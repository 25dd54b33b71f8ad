-- What runbooks are counted by, beside their words: a search that finds many need not look each of them up.

alter table library_words
    add column facets bigint not null default 0,
    add column fresh_until text collate "C" not null default '';

update library_words w set facets = l.facets, fresh_until = l.fresh_until from library l where l.doc = w.doc;
