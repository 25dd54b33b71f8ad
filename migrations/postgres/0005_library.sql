-- The library: what it shows, searches and narrows down by; where runbooks were imported from; folders that are watched.

-- One row a runbook, written in the transaction that saves it.
create table library (
    -- The number that the words are kept under.
    doc bigint generated always as identity primary key,
    runbook_id text collate "C" not null unique references runbooks (id),
    -- The title without accents and case: the order of the list.
    title_key text collate "C" not null,
    language text collate "C" not null,
    risk text collate "C" not null,
    owner text collate "C" not null,
    service text collate "C" not null,
    scenario text collate "C" not null,
    -- The date that the author set for the next review, as YYYY-MM-DD.
    review_by text collate "C",
    -- The last day on which it counts as fresh.
    fresh_until text collate "C" not null,
    -- How the words were made; 0 where they are still to be made.
    version bigint not null
);

insert into library (runbook_id, title_key, language, risk, owner, service, scenario, fresh_until, version)
select id, search_key, coalesce(language, ''), coalesce(highest_risk, ''), '', '', '',
    to_char((updated_at at time zone 'utc') + interval '365 days', 'YYYY-MM-DD'), 0
from runbooks;

create index library_by_title on library (title_key, runbook_id);
create index library_unmade on library (version);

-- Each word once: as `word` wherever it stands, as `_word` in headings and names, as `__word` in the title too. Which
-- documents hold a word is all that is kept: the order of what is found follows from the marks, alike on both databases.
create table library_words (
    doc bigint primary key references library (doc),
    words tsvector not null
);

-- Without the list of pending entries, that every search would have to go through.
create index library_words_by_word on library_words using gin (words) with (fastupdate = off);

-- Which file a runbook was imported from. A file keeps its runbook across imports.
create table library_files (
    -- The name of the folder or archive.
    source text collate "C" not null,
    path text collate "C" not null,
    runbook_id text collate "C" not null references runbooks (id),
    -- The text that was imported last.
    revision text not null references revisions (id),
    primary key (source, path)
);

create index library_files_by_runbook on library_files (runbook_id);

create table library_imports (
    id bigint generated always as identity primary key,
    source text not null,
    imported_at timestamptz not null,
    imported_by uuid,
    imported_by_name text,
    report text not null
);

-- Folders of the server that are imported whenever they change.
create table library_watches (
    id bigint generated always as identity primary key,
    path text not null unique,
    source text not null,
    created_at timestamptz not null,
    created_by uuid,
    created_by_name text,
    -- What was found last, absent before the first look.
    import_id bigint references library_imports (id),
    -- When the folder was looked at last, whether or not anything had changed.
    looked_at timestamptz,
    -- Why it could not be read.
    failure text
);

create index runbooks_by_revision on runbooks (revision);
create index incidents_by_runbook on incidents (runbook_id, drill, id);
