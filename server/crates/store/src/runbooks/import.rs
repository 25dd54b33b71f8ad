//! Importing many files at once, and what is known of those that were imported before.

use std::collections::HashSet;
use std::sync::Arc;

use farol_api::editors::Untold;
use farol_api::id::{RevisionId, RunbookId};
use farol_api::runbook::{RevisionSummary, Runbook};
use farol_api::user::Person;
use sqlx::FromRow;

use super::save::{
    insert_runbook, lock_runbook, move_runbook, update_facts, write_history, write_reading, write_source,
};
use super::{RunbookFacts, Writers, editors, index, read};
use crate::codec::{clean, count, from_word, parse};
use crate::dialect::library_grew;
use crate::pool::{Session, Tx, on_db};
use crate::{Store, StoreError};

/// What the library knows before files of a source are imported.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The files of this source.
    pub files: Vec<KnownFile>,
    /// The ids that are taken.
    pub ids: HashSet<RunbookId>,
    /// Runbooks that come from no file.
    pub loose: Vec<Loose>,
}

/// A runbook that comes from no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loose {
    /// The runbook.
    pub runbook: RunbookId,
    /// Its newest revision.
    pub newest: RevisionId,
    /// Steps of that revision.
    pub steps: usize,
    /// Its diagnostics.
    pub problems: usize,
}

/// A file that was imported before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Its path in the source.
    pub path: String,
    /// Its runbook.
    pub runbook: RunbookId,
    /// The text that was imported last.
    pub imported: RevisionId,
    /// The newest revision of the runbook; another one where somebody edited it.
    pub newest: RevisionId,
    /// Steps of the newest revision.
    pub steps: usize,
    /// Diagnostics of the newest revision.
    pub problems: usize,
    /// Whether it is still to be found out who wrote the text that was imported last.
    pub open: bool,
    /// Why nobody could be named so far.
    pub untold: Option<Untold>,
}

/// A file with a text to save.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its path in the source.
    pub path: String,
    /// The runbook that it is or becomes.
    pub runbook: RunbookId,
    /// The runbook's newest revision; absent for a new runbook.
    pub base: Option<RevisionId>,
    /// The SHA-256 of the source.
    pub revision: RevisionId,
    /// The source, byte for byte.
    pub source: Vec<u8>,
    /// What lists show of it.
    pub facts: RunbookFacts,
    /// What was read from it, with the version of the reader. A first revision does without: read again, it reads the same.
    pub reading: Option<(Runbook, String)>,
    /// Who wrote it.
    pub writers: Writers,
}

/// A file whose text is in the library, under a runbook that may have been another file's or none's.
#[derive(Clone, Debug)]
pub struct Tie {
    /// The path that the file had; absent where the runbook comes from no file.
    pub from: Option<String>,
    /// Its path in the source.
    pub path: String,
    /// Its runbook.
    pub runbook: RunbookId,
    /// Its text.
    pub revision: RevisionId,
}

/// What became of a file that was to be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileSaved {
    /// It is saved.
    Saved,
    /// Somebody changed the runbook meanwhile, or took its id.
    Conflict,
}

#[derive(FromRow)]
struct KnownRow {
    path: String,
    runbook_id: String,
    imported: String,
    newest: String,
    steps: i64,
    problems: i64,
    open: bool,
    untold: Option<String>,
}

#[derive(FromRow)]
struct LooseRow {
    runbook_id: String,
    newest: String,
    steps: i64,
    problems: i64,
}

impl LooseRow {
    fn loose(self) -> Result<Loose, StoreError> {
        Ok(Loose {
            runbook: parse("runbooks.id", &self.runbook_id)?,
            newest: parse("runbooks.revision", &self.newest)?,
            steps: count("runbooks.steps", self.steps)?,
            problems: count("runbooks.problems", self.problems)?,
        })
    }
}

impl KnownRow {
    fn known(self) -> Result<KnownFile, StoreError> {
        let untold = self.untold.as_deref();
        Ok(KnownFile {
            path: self.path,
            runbook: parse("library_files.runbook_id", &self.runbook_id)?,
            imported: parse("library_files.revision", &self.imported)?,
            newest: parse("runbooks.revision", &self.newest)?,
            steps: count("runbooks.steps", self.steps)?,
            problems: count("runbooks.problems", self.problems)?,
            open: self.open,
            untold: untold.map(|why| from_word("revision_origins.untold", why)).transpose()?,
        })
    }
}

impl Store {
    /// Returns what is known before files of a source are imported.
    pub async fn catalogue(&self, source: &str) -> Result<Catalogue, StoreError> {
        const FILES: &str = "select f.path, f.runbook_id, f.revision as imported, r.revision as newest, \
                             r.steps, r.problems, (o.revision is null or o.untold is not null) as open, o.untold \
                             from library_files f join runbooks r on r.id = f.runbook_id \
                             left join revision_origins o on o.revision = f.revision \
                             where f.source = $1 order by f.path";
        const IDS: &str = "select id from runbooks";
        const LOOSE: &str = "select r.id as runbook_id, r.revision as newest, r.steps, r.problems from runbooks r \
                             where not exists (select 1 from library_files f where f.runbook_id = r.id) order by r.id";
        let mut tx = self.snapshot().await?;
        let files: Vec<KnownRow> = on_db!(tx.db(), |c| sqlx::query_as(FILES).bind(source).fetch_all(c).await)?;
        let ids: Vec<String> = on_db!(tx.db(), |c| sqlx::query_scalar(IDS).fetch_all(c).await)?;
        let loose: Vec<LooseRow> = on_db!(tx.db(), |c| sqlx::query_as(LOOSE).fetch_all(c).await)?;
        Ok(Catalogue {
            files: files.into_iter().map(KnownRow::known).collect::<Result<_, _>>()?,
            ids: ids.iter().map(|id| parse("runbooks.id", id)).collect::<Result<_, _>>()?,
            loose: loose.into_iter().map(LooseRow::loose).collect::<Result<_, _>>()?,
        })
    }

    /// Saves files of a source in one transaction, and answers for each in their order.
    ///
    /// A caller that goes away meanwhile takes nothing back.
    pub async fn import_files(
        &self,
        source: &str,
        author: Option<&Person>,
        note: &str,
        files: &Arc<[NewFile]>,
    ) -> Result<Vec<FileSaved>, StoreError> {
        let (store, files) = (self.clone(), Arc::clone(files));
        let (source, author, note) = (source.to_owned(), author.cloned(), clean(note));
        self.write_in_one_go(async move {
            let mut tx = store.begin_here().await?;
            let mut saved = Vec::with_capacity(files.len());
            for file in files.iter() {
                let created_at = store.now();
                let (created_by, note) = (author.clone(), note.clone());
                let mut summary =
                    RevisionSummary { id: file.revision.clone(), number: 1, created_at, created_by, note };
                let done = match &file.base {
                    None => insert(&mut tx, file, &summary).await?,
                    Some(base) => advance(&mut tx, file, base, &mut summary).await?,
                };
                if done == FileSaved::Saved {
                    editors::write(&mut tx, &file.revision, &file.writers).await?;
                    tie(&mut tx, &source, &file.path, &file.runbook, &file.revision).await?;
                }
                saved.push(done);
            }
            store.commit_here(tx).await?;
            Ok(saved)
        })
        .await
    }

    /// Remembers which runbooks files are whose texts are in the library, in one transaction.
    pub async fn tie_files(&self, source: &str, ties: &[Tie]) -> Result<(), StoreError> {
        const FORGET: &str = "delete from library_files where source = $1 and path = $2";
        let mut tx = self.begin().await?;
        for one in ties {
            if let Some(from) = &one.from {
                on_db!(tx.db(), |c| {
                    let query = sqlx::query(FORGET).bind(source).bind(from);
                    query.execute(c).await.map(drop)
                })?;
            }
            tie(&mut tx, source, &one.path, &one.runbook, &one.revision).await?;
        }
        self.commit(tx).await
    }

    /// Prepares searches for a library that has just grown.
    pub async fn library_grew(&self) -> Result<(), StoreError> {
        let mut reader = self.reader().await?;
        Ok(library_grew(reader.db()).await?)
    }

    /// Returns the files of a runbook: the source's name and the path in it.
    pub async fn files_of(&self, id: &RunbookId) -> Result<Vec<(String, String)>, StoreError> {
        const SQL: &str = "select source, path from library_files where runbook_id = $1 order by source, path";
        let mut reader = self.reader().await?;
        Ok(on_db!(reader.db(), |c| sqlx::query_as(SQL).bind(id.as_str()).fetch_all(c).await)?)
    }

    /// Finds the runbook of a file.
    pub async fn runbook_of(&self, source: &str, path: &str) -> Result<Option<RunbookId>, StoreError> {
        const SQL: &str = "select runbook_id from library_files where source = $1 and path = $2";
        let mut reader = self.reader().await?;
        let found: Option<String> = on_db!(reader.db(), |c| {
            let query = sqlx::query_scalar(SQL).bind(source).bind(path);
            query.fetch_optional(c).await
        })?;
        found.map(|id| parse("library_files.runbook_id", &id)).transpose()
    }
}

async fn insert(tx: &mut Tx, file: &NewFile, summary: &RevisionSummary) -> Result<FileSaved, StoreError> {
    write_source(tx, summary, &file.source).await?;
    if !insert_runbook(tx, &file.runbook, summary, &file.facts).await? {
        return Ok(FileSaved::Conflict);
    }
    write_history(tx, &file.runbook, summary).await?;
    index::write(tx, file.runbook.as_str(), summary.created_at, &file.facts).await?;
    Ok(FileSaved::Saved)
}

async fn advance(
    tx: &mut Tx,
    file: &NewFile,
    base: &RevisionId,
    summary: &mut RevisionSummary,
) -> Result<FileSaved, StoreError> {
    lock_runbook(tx, &file.runbook).await?;
    let newest = read::newest_number(tx, &file.runbook).await?;
    let before = match newest {
        Some(newest) => read::find_revision(tx, &file.runbook, newest).await?,
        None => None,
    };
    let Some(before) = before.filter(|before| before.id == *base) else { return Ok(FileSaved::Conflict) };
    summary.number = before.number + 1;
    write_source(tx, summary, &file.source).await?;
    if let Some((reading, reader)) = &file.reading {
        write_reading(tx, &summary.id, reader, reading).await?;
    }
    move_runbook(tx, &file.runbook, summary).await?;
    write_history(tx, &file.runbook, summary).await?;
    update_facts(tx, &summary.id, &file.facts).await?;
    Ok(FileSaved::Saved)
}

async fn tie(
    tx: &mut Tx,
    source: &str,
    path: &str,
    runbook: &RunbookId,
    revision: &RevisionId,
) -> Result<(), StoreError> {
    const SQL: &str = "insert into library_files (source, path, runbook_id, revision) values ($1, $2, $3, $4) \
                       on conflict (source, path) do update \
                       set runbook_id = excluded.runbook_id, revision = excluded.revision";
    on_db!(tx.db(), |c| {
        let query = sqlx::query(SQL).bind(source).bind(path).bind(runbook.as_str()).bind(revision.as_str());
        query.execute(c).await.map(drop)
    })?;
    Ok(())
}
