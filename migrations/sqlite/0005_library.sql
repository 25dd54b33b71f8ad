-- The library: what it shows, searches and narrows down by; where runbooks were imported from; folders that are watched.

-- One row a runbook, written in the transaction that saves it.
create table library (
    -- The number that the words are kept under.
    doc integer primary key,
    runbook_id text not null unique references runbooks (id),
    -- The title without accents and case: the order of the list.
    title_key text not null,
    language text not null,
    risk text not null,
    owner text not null,
    service text not null,
    scenario text not null,
    -- The date that the author set for the next review, as YYYY-MM-DD.
    review_by text,
    -- The last day on which it counts as fresh.
    fresh_until text not null,
    -- How the words were made; 0 where they are still to be made.
    version integer not null
) strict;

insert into library (runbook_id, title_key, language, risk, owner, service, scenario, fresh_until, version)
select id, search_key, coalesce(language, ''), coalesce(highest_risk, ''), '', '', '', date(updated_at, '+365 days'), 0
from runbooks;

create index library_by_title on library (title_key, runbook_id);
create index library_unmade on library (version);

-- Each word once: as `word` wherever it stands, as `_word` in headings and names, as `__word` in the title too. Which
-- documents hold a word is all that is kept: the order of what is found follows from the marks, alike on both databases.
create virtual table library_words using fts5 (
    words, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'"
);

-- Which file a runbook was imported from. A file keeps its runbook across imports.
create table library_files (
    -- The name of the folder or archive.
    source text not null,
    path text not null,
    runbook_id text not null references runbooks (id),
    -- The text that was imported last.
    revision text not null references revisions (id),
    primary key (source, path)
) strict;

create index library_files_by_runbook on library_files (runbook_id);

create table library_imports (
    id integer primary key autoincrement,
    source text not null,
    imported_at text not null,
    imported_by blob,
    imported_by_name text,
    report text not null
) strict;

-- Folders of the server that are imported whenever they change.
create table library_watches (
    id integer primary key autoincrement,
    path text not null unique,
    source text not null,
    created_at text not null,
    created_by blob,
    created_by_name text,
    -- What was found last, absent before the first look.
    import_id integer references library_imports (id),
    -- When the folder was looked at last, whether or not anything had changed.
    looked_at text,
    -- Why it could not be read.
    failure text
) strict;

create index runbooks_by_revision on runbooks (revision);
create index incidents_by_runbook on incidents (runbook_id, drill, id);
