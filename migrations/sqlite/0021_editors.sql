-- Who wrote a text that came from a file, as the Git repository around it says.

-- What was found out about a text's authors. Texts that were imported before anybody asked have no row.
create table revision_origins (
    revision text primary key references revisions (id),
    -- Why nobody can be named; null where somebody is, or saved it here.
    untold text
) strict;

-- The people whom the repository names. One person may have several addresses.
create table revision_writers (
    revision text not null references revisions (id),
    -- Counts the people of one text.
    number integer not null,
    -- SHA-256 of the address in lower case: addresses of people without an account are not kept.
    address text not null,
    primary key (revision, number, address)
) strict;
