//! What the library finds, and how it can be narrowed down.

use std::collections::BTreeMap;

use farol_api::clock::Timestamp;
use farol_api::id::IncidentId;
use farol_api::library::{Facet, FacetKind, FacetValue, LastRun, Library, LibraryRow};
use sqlx::FromRow;

use super::read::RunbookRow;
use super::words::Sought;
use crate::codec::count;
use crate::dialect::{Sql, search_by_index};
use crate::pool::{Db, Session, Tx, on_db};
use crate::{Store, StoreError};

/// What is asked of the library.
#[derive(Clone, Debug, Default)]
pub struct LibraryQuery {
    /// The words; all of them must be there, the last as the beginning of one.
    pub words: Option<String>,
    /// The facets chosen; an empty value is of runbooks that state none.
    pub facets: BTreeMap<FacetKind, String>,
    /// The page, from 1.
    pub page: u32,
    /// Rows on a page.
    pub rows: u32,
}

/// The most values of a facet that are told.
const VALUES: usize = 20;

/// Whether a row of `library l` is of the facets chosen: `$2` to `$7`, and `$1`, which is today.
macro_rules! chosen {
    () => {
        "(cast($2 as text) is null or l.service = $2) and (cast($3 as text) is null or l.scenario = $3) \
         and (cast($4 as text) is null or l.risk = $4) and (cast($5 as text) is null or l.language = $5) \
         and (cast($6 as text) is null or l.owner = $6) and (cast($7 as text) is null \
         or (case when l.fresh_until < $1 then 'stale' else 'fresh' end) = $7)"
    };
}

/// Documents that hold the words, as `$param` has them in the words of the database. `offset 0` keeps Postgres from
/// walking all documents by their titles and unpacking the words of each.
macro_rules! hits {
    (sqlite, $param:literal) => {
        concat!("(select rowid as doc from library_words where library_words match ", $param, ") h")
    };
    (postgres, $param:literal) => {
        concat!("(select doc, facets, fresh_until from library_words where words @@ ", $param, "::tsquery offset 0) h")
    };
}

/// How many runbooks there are of each kind, counted from rows `$of` that have it. What a kind is called is looked up once for
/// each kind, not for each runbook.
macro_rules! groups {
    ($of:literal, $from:expr) => {
        concat!(
            "select l.service, l.scenario, l.risk, l.language, l.owner, g.freshness, g.runbooks from ( select ",
            $of,
            ".facets, case when ",
            $of,
            ".fresh_until < $1 then 'stale' else 'fresh' end as freshness, count(*) as runbooks, min(",
            $of,
            ".doc) as doc from ",
            $from,
            " group by 1, 2) g join library l on l.doc = g.doc where ",
            chosen!()
        )
    };
}

const GROUPS: &str = groups!("l", "library l");
/// Postgres has the kinds beside the words: to look 10,000 runbooks up takes it several times as long as to count them.
const GROUPS_FOUND: Sql = Sql {
    sqlite: groups!("l", concat!(hits!(sqlite, "$8"), " join library l on l.doc = h.doc")),
    postgres: groups!("h", hits!(postgres, "$8")),
};

/// The first rows of one place, by title: as many as the page and those before it can show of them.
macro_rules! first {
    ($kind:ident, $param:literal, $place:literal, $unless:literal) => {
        concat!(
            " as materialized (select l.doc, ",
            $place,
            " as place from ",
            hits!($kind, $param),
            " join library l on l.doc = h.doc where ",
            chosen!(),
            $unless,
            " order by l.title_key, l.runbook_id limit $11 + $12)"
        )
    };
}

/// Documents by the place that the words stand in: 0 the title, 1 a heading or name, 2 anywhere. A word of the title
/// stands in the other places too, so that the first rows of the three hold the first of all; and where one place has as
/// many as can be shown, nobody looks in those behind it.
macro_rules! ranked {
    ($kind:ident) => {
        concat!(
            "(with titles",
            first!($kind, "$8", "0", ""),
            ", names",
            first!($kind, "$9", "1", " and (select count(*) from titles) < $11 + $12"),
            ", texts",
            first!(
                $kind,
                "$10",
                "2",
                " and (select count(*) from titles) < $11 + $12 and (select count(*) from names) < $11 + $12"
            ),
            " select l.*, h.place from (select doc, min(place) as place from (select * from titles \
             union all select * from names union all select * from texts) as places group by doc) h \
             join library l on l.doc = h.doc order by h.place, l.title_key, l.runbook_id limit $11 offset $12)"
        )
    };
}

/// The rows of a page: the documents first, and only for those all that is shown of them.
macro_rules! page {
    ($documents:expr) => {
        concat!(
            "select r.id, r.revision, r.title, r.language, r.severity, r.steps, r.executable_steps, r.highest_risk, \
             r.problems, r.updated_at, r.updated_by, r.updated_by_name, p.owner, p.service, p.scenario, p.review_by, \
             p.fresh_until < $1 as stale, (select f.source || '/' || f.path from library_files f \
             where f.runbook_id = r.id order by f.source, f.path limit 1) as file, \
             run.id as run_id, run.declared_at as run_at, drill.id as drill_id, drill.declared_at as drill_at from ",
            $documents,
            " p join runbooks r on r.id = p.runbook_id \
             left join incidents run on run.id = \
             (select max(i.id) from incidents i where i.runbook_id = r.id and not i.drill) \
             left join incidents drill on drill.id = \
             (select max(i.id) from incidents i where i.runbook_id = r.id and i.drill) \
             order by p.place, p.title_key, p.runbook_id"
        )
    };
}

const PAGE: &str = page!(concat!(
    "(select l.*, 0 as place from library l where ",
    chosen!(),
    " order by l.title_key, l.runbook_id limit $8 offset $9)"
));
const PAGE_FOUND: Sql = Sql { sqlite: page!(ranked!(sqlite)), postgres: page!(ranked!(postgres)) };

#[derive(FromRow)]
struct GroupRow {
    service: String,
    scenario: String,
    risk: String,
    language: String,
    owner: String,
    freshness: String,
    runbooks: i64,
}

#[derive(FromRow)]
struct PageRow {
    #[sqlx(flatten)]
    runbook: RunbookRow,
    owner: String,
    service: String,
    scenario: String,
    review_by: Option<String>,
    stale: bool,
    file: Option<String>,
    run_id: Option<i64>,
    run_at: Option<Timestamp>,
    drill_id: Option<i64>,
    drill_at: Option<Timestamp>,
}

impl PageRow {
    fn row(self) -> Result<LibraryRow, StoreError> {
        let stated = |value: String| (!value.is_empty()).then_some(value);
        let run = |id: Option<i64>, at: Option<Timestamp>| Some(LastRun { incident: IncidentId(id?), at: at? });
        Ok(LibraryRow {
            runbook: self.runbook.summary()?,
            owner: stated(self.owner),
            service: stated(self.service),
            scenario: stated(self.scenario),
            review_by: self.review_by,
            stale: self.stale,
            file: self.file,
            last_run: run(self.run_id, self.run_at),
            last_drill: run(self.drill_id, self.drill_at),
        })
    }
}

impl Store {
    /// Finds runbooks: those with the words in the title first, then those with them in headings and names, then the
    /// others, each by title. The same on both databases.
    pub async fn library(&self, query: &LibraryQuery) -> Result<Library, StoreError> {
        let sought = query.words.as_deref().map(str::trim).filter(|words| !words.is_empty()).map(Sought::read);
        let (page, rows) = (query.page.max(1), query.rows.max(1));
        let nothing = Library { total: 0, runbooks: Vec::new(), page, pages: 0, facets: Vec::new() };
        if matches!(sought, Some(None)) {
            return Ok(nothing);
        }
        let sought = sought.flatten();
        let today = self.now().format("%Y-%m-%d").to_string();
        let mut tx = self.snapshot().await?;
        if sought.is_some() {
            search_by_index(tx.db()).await?;
        }
        let groups = groups(&mut tx, query, &today, sought.as_ref()).await?;
        let total: u64 = count("a number of runbooks", groups.iter().map(|group| group.runbooks).sum())?;
        let runbooks = page_rows(&mut tx, query, &today, sought.as_ref()).await?;
        let pages = u32::try_from(total.div_ceil(u64::from(rows))).unwrap_or(u32::MAX);
        let runbooks = runbooks.into_iter().map(PageRow::row).collect::<Result<_, _>>()?;
        Ok(Library { total, runbooks, pages, facets: facets(&groups)?, ..nothing })
    }
}

/// Binds today and the facets chosen, `$1` to `$7`.
macro_rules! bind_chosen {
    ($query:expr, $asked:expr, $today:expr) => {{
        let chosen = |kind: FacetKind| $asked.facets.get(&kind).map(String::as_str);
        $query
            .bind($today)
            .bind(chosen(FacetKind::Service))
            .bind(chosen(FacetKind::Scenario))
            .bind(chosen(FacetKind::Risk))
            .bind(chosen(FacetKind::Language))
            .bind(chosen(FacetKind::Owner))
            .bind(chosen(FacetKind::Freshness))
    }};
}

async fn groups(
    tx: &mut Tx,
    asked: &LibraryQuery,
    today: &str,
    sought: Option<&Sought>,
) -> Result<Vec<GroupRow>, StoreError> {
    let db = tx.db();
    let sql = if sought.is_some() { GROUPS_FOUND.of(&db) } else { GROUPS };
    let words = sought.map(|sought| spelled(&db, sought, ""));
    let rows = on_db!(db, |c| {
        let query = bind_chosen!(sqlx::query_as(sql), asked, today);
        match words {
            Some(words) => query.bind(words).fetch_all(c).await,
            None => query.fetch_all(c).await,
        }
    })?;
    Ok(rows)
}

async fn page_rows(
    tx: &mut Tx,
    asked: &LibraryQuery,
    today: &str,
    sought: Option<&Sought>,
) -> Result<Vec<PageRow>, StoreError> {
    let (limit, offset) = (i64::from(asked.rows.max(1)), i64::from(asked.page.max(1) - 1) * i64::from(asked.rows));
    let db = tx.db();
    let sql = if sought.is_some() { PAGE_FOUND.of(&db) } else { PAGE };
    let words = sought.map(|sought| ["__", "_", ""].map(|mark| spelled(&db, sought, mark)));
    let rows = on_db!(db, |c| {
        let query = bind_chosen!(sqlx::query_as(sql), asked, today);
        let query = match words {
            Some([title, names, text]) => query.bind(title).bind(names).bind(text),
            None => query,
        };
        query.bind(limit).bind(offset).fetch_all(c).await
    })?;
    Ok(rows)
}

fn spelled(db: &Db<'_>, sought: &Sought, mark: &str) -> String {
    match db {
        Db::Sqlite(_) | Db::Direct(_) => sought.sqlite(mark),
        Db::Postgres(_) => sought.postgres(mark),
    }
}

/// Adds the groups up, by facet.
fn facets(groups: &[GroupRow]) -> Result<Vec<Facet>, StoreError> {
    let mut facets = Vec::new();
    for kind in FacetKind::ALL {
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for group in groups {
            *counts.entry(group.value(kind)).or_default() += group.runbooks;
        }
        let mut values = Vec::new();
        for (value, runbooks) in counts {
            values.push(FacetValue { value: value.to_owned(), count: count("a number of runbooks", runbooks)? });
        }
        values.sort_by(|a, b| (a.value.is_empty(), b.count, &a.value).cmp(&(b.value.is_empty(), a.count, &b.value)));
        values.truncate(VALUES);
        facets.push(Facet { kind, values });
    }
    Ok(facets)
}

impl GroupRow {
    fn value(&self, kind: FacetKind) -> &str {
        match kind {
            FacetKind::Service => &self.service,
            FacetKind::Scenario => &self.scenario,
            FacetKind::Risk => &self.risk,
            FacetKind::Language => &self.language,
            FacetKind::Owner => &self.owner,
            FacetKind::Freshness => &self.freshness,
        }
    }
}
