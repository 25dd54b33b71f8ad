//! Who wrote a revision: whoever saved it here, and whom the Git repository of its file names.

use std::collections::{BTreeMap, HashMap};

use farol_api::editors::{Editors, Untold};
use farol_api::id::{RevisionId, RunbookId, UserId};
use farol_api::user::Person;
use uuid::Uuid;

use crate::codec::{email_key, from_word, sha256, word};
use crate::pool::{Session, Tx, on_db};
use crate::{Store, StoreError};

/// What a file's surroundings say of who wrote its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writers {
    /// These people, each with the addresses that are theirs.
    Told(Vec<Vec<String>>),
    /// Nobody can be named.
    Untold(Untold),
    /// Whoever imports it answers for it, and nothing else was asked.
    Importer,
}

impl Store {
    /// Returns who wrote a revision: whoever saved these bytes in any runbook, and whom their file's repository names. Accounts
    /// are looked at now: somebody who joined later counts.
    pub async fn editors(&self, revision: &RevisionId) -> Result<Editors, StoreError> {
        const SAVED: &str = "select distinct created_by, created_by_name from runbook_revisions \
                             where revision = $1 and created_by is not null order by created_by_name";
        const IMPORTED: &str = "select count(*) from runbook_revisions where revision = $1 and note like 'import: %'";
        const WRITERS: &str = "select number, address from revision_writers where revision = $1 order by number";
        const USERS: &str = "select id, name, email_key from users order by name, email_key";
        const ORIGIN: &str = "select untold from revision_origins where revision = $1";
        let mut tx = self.snapshot().await?;
        let id = revision.as_str();
        let saved: Vec<(Uuid, String)> = on_db!(tx.db(), |c| sqlx::query_as(SAVED).bind(id).fetch_all(c).await)?;
        let mut people: Vec<Person> = saved.into_iter().map(|(id, name)| Person { id: UserId(id), name }).collect();
        people.dedup_by_key(|person| person.id);
        let rows: Vec<(i64, String)> = on_db!(tx.db(), |c| sqlx::query_as(WRITERS).bind(id).fetch_all(c).await)?;
        let mut writers: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        rows.into_iter().for_each(|(number, address)| writers.entry(number).or_default().push(address));
        let mut strangers = 0;
        if !writers.is_empty() {
            let users: Vec<(Uuid, String, String)> = on_db!(tx.db(), |c| sqlx::query_as(USERS).fetch_all(c).await)?;
            let known: HashMap<String, Person> = users
                .into_iter()
                .map(|(id, name, address)| (hashed(&address), Person { id: UserId(id), name }))
                .collect();
            for addresses in writers.values() {
                let found: Vec<&Person> = addresses.iter().filter_map(|address| known.get(address)).collect();
                strangers += usize::from(found.is_empty());
                for person in found {
                    if people.iter().all(|there| there.id != person.id) {
                        people.push(person.clone());
                    }
                }
            }
        }
        if !people.is_empty() || strangers > 0 {
            let untold = people.is_empty().then_some(Untold::Strangers);
            return Ok(Editors { people, strangers, untold });
        }
        let origin: Option<Option<String>> =
            on_db!(tx.db(), |c| sqlx::query_scalar(ORIGIN).bind(id).fetch_optional(c).await)?;
        let untold = match origin.flatten() {
            Some(why) => Some(from_word("revision_origins.untold", &why)?),
            None => {
                let imported: i64 = on_db!(tx.db(), |c| sqlx::query_scalar(IMPORTED).bind(id).fetch_one(c).await)?;
                (imported > 0).then_some(Untold::Unrecorded)
            }
        };
        Ok(Editors { people, strangers, untold })
    }

    /// Returns the newest texts of a runbook but one, newest first: what its authors began from.
    pub async fn earlier_texts(
        &self,
        id: &RunbookId,
        but: &RevisionId,
        limit: u32,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        const SQL: &str = "select r.source from runbook_revisions h join revisions r on r.id = h.revision \
                           where h.runbook_id = $1 and h.revision <> $2 order by h.number desc limit $3";
        let mut reader = self.reader().await?;
        Ok(on_db!(reader.db(), |c| {
            let query = sqlx::query_scalar(SQL).bind(id.as_str()).bind(but.as_str()).bind(i64::from(limit));
            query.fetch_all(c).await
        })?)
    }

    /// Remembers who wrote texts that are in the library, where that was found out later.
    pub async fn tell_writers(&self, told: &[(RevisionId, Writers)]) -> Result<(), StoreError> {
        if told.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        for (revision, writers) in told {
            write(&mut tx, revision, writers).await?;
        }
        self.commit(tx).await
    }
}

/// Writes who wrote a text. What one copy of it tells is kept where another tells nothing.
pub(super) async fn write(tx: &mut Tx, revision: &RevisionId, writers: &Writers) -> Result<(), StoreError> {
    const UNTOLD: &str = "insert into revision_origins (revision, untold) values ($1, $2) \
                          on conflict (revision) do update set untold = excluded.untold \
                          where revision_origins.untold is not null";
    const LAST: &str = "select coalesce(max(number), 0) from revision_writers where revision = $1";
    const KNOWN: &str = "select count(*) from revision_writers where revision = $1 and address = $2";
    const NAME: &str = "insert into revision_writers (revision, number, address) values ($1, $2, $3)";
    let untold = match writers {
        Writers::Importer => return Ok(()),
        Writers::Told(_) => None,
        Writers::Untold(why) => Some(word(why)?),
    };
    let id = revision.as_str();
    on_db!(tx.db(), |c| sqlx::query(UNTOLD).bind(id).bind(untold).execute(c).await.map(drop))?;
    let Writers::Told(people) = writers else { return Ok(()) };
    let mut number: i64 = on_db!(tx.db(), |c| sqlx::query_scalar(LAST).bind(id).fetch_one(c).await)?;
    for addresses in people {
        number += 1;
        for address in addresses.iter().map(|address| hashed(address)) {
            let known: i64 = on_db!(tx.db(), |c| sqlx::query_scalar(KNOWN).bind(id).bind(&address).fetch_one(c).await)?;
            if known == 0 {
                on_db!(tx.db(), |c| {
                    let query = sqlx::query(NAME).bind(id).bind(number).bind(&address);
                    query.execute(c).await.map(drop)
                })?;
            }
        }
    }
    Ok(())
}

fn hashed(address: &str) -> String {
    sha256(email_key(address).as_bytes()).into()
}
