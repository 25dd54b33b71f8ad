//! Every method of the store, on SQLite and on a real Postgres.

/// Makes two tests of one body: on a fresh SQLite store and on a fresh Postgres store.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)*) => {
        on_both! { @with (flavor = "multi_thread", worker_threads = 2) $($(#[$meta])* async fn $name($db: TestDb) $body)* }
    };
    (@with $threads:tt $($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)*) => {
        $(
            $(#[$meta])*
            mod $name {
                use super::*;

                async fn case($db: farol_testkit::TestDb) $body

                #[tokio::test $threads]
                async fn sqlite() {
                    case(farol_testkit::TestDb::sqlite().await).await;
                }

                #[tokio::test $threads]
                async fn postgres() {
                    case(farol_testkit::TestDb::postgres().await).await;
                }
            }
        )*
    };
}

/// The same on one thread: what is asked for before the writer has its first turn is one batch.
macro_rules! on_both_in_one_batch {
    ($($body:tt)*) => {
        on_both! { @with (flavor = "current_thread") $($body)* }
    };
}

mod clock;
mod dispatch;
mod doubts;
mod erasures;
mod failures;
mod idempotency;
mod incidents;
mod invitations;
mod library;
mod lists;
mod live;
mod opening;
mod output;
mod parameters;
mod queue;
mod races;
mod record;
mod reseal;
mod runbooks;
mod scene;
mod sessions;
mod setup;
mod sweep;
mod targets;
mod together;
mod users;
