//! Classifications a second once warm: in this process, and through the limited subprocess one by one and together.
//!
//! This program is its own subprocess, like the service's test.

use criterion::{BatchSize, Criterion, Throughput};
use farol_api::risk::Dialect;
use farol_risk::service::{Classifier, limit_self, serve};

/// What stands in runbooks.
const TYPICAL: [(Dialect, &str); 20] = [
    (Dialect::Postgres, "SELECT 1"),
    (
        Dialect::Postgres,
        "SELECT pid, now() - query_start AS duration, query FROM pg_stat_activity WHERE state != 'idle'",
    ),
    (Dialect::Postgres, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle'"),
    (Dialect::Postgres, "UPDATE orders SET state = 'new' WHERE id = 5"),
    (Dialect::Postgres, "CREATE INDEX CONCURRENTLY orders_at ON orders (created_at)"),
    (Dialect::Mysql, "SHOW FULL PROCESSLIST"),
    (Dialect::Mysql, "SELECT * FROM information_schema.processlist WHERE time > 60 ORDER BY time DESC LIMIT 10"),
    (Dialect::Mysql, "DELETE FROM sessions WHERE expires < NOW() LIMIT 1000"),
    (Dialect::Mysql, "KILL 42"),
    (Dialect::Sqlite, "PRAGMA integrity_check"),
    (Dialect::Sqlite, "SELECT count(*) FROM orders WHERE state = 'open'"),
    (Dialect::Sqlite, "VACUUM"),
    (Dialect::Shell, "kubectl get pods -n shop -l app=postgresql"),
    (Dialect::Shell, "kubectl exec -it postgresql-0 -n shop -- psql -U postgres -c \"SELECT 1\""),
    (Dialect::Shell, "systemctl status postgresql"),
    (Dialect::Shell, "aws s3 ls s3://backups/db/ --recursive | sort | tail -10"),
    (Dialect::Shell, "psql \"$DATABASE_URL\" -c 'DELETE FROM t'"),
    (Dialect::Shell, "timeout 5 env A=1 rm -rf /tmp/x"),
    (Dialect::Shell, "curl -fsS https://shop.example/health"),
    (Dialect::Shell, "alembic upgrade head"),
];

fn main() {
    if std::env::args().nth(1).as_deref() == Some("worker") {
        limit_self().expect("limits");
        serve(std::io::BufReader::new(std::io::stdin()), std::io::stdout()).expect("serve");
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    in_process(&mut criterion);
    through_the_subprocess(&mut criterion);
    criterion.final_summary();
}

fn in_process(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("in this process");
    for (name, dialect) in [
        ("postgres", Dialect::Postgres),
        ("mysql", Dialect::Mysql),
        ("sqlite", Dialect::Sqlite),
        ("shell", Dialect::Shell),
    ] {
        let texts: Vec<&str> = TYPICAL.iter().filter(|(of, _)| *of == dialect).map(|(_, text)| *text).collect();
        group.throughput(Throughput::Elements(texts.len() as u64));
        group.bench_function(name, |bench| {
            bench.iter(|| texts.iter().map(|text| farol_risk::classify(dialect, text).class).max());
        });
    }
    group.finish();
}

fn through_the_subprocess(criterion: &mut Criterion) {
    let exe = std::env::current_exe().expect("this program");
    let classifier = Classifier::spawn(exe, vec!["worker".to_owned()]).expect("start");
    let mut group = criterion.benchmark_group("subprocess");
    group.throughput(Throughput::Elements(TYPICAL.len() as u64));
    group.bench_function("one by one", |bench| {
        bench.iter(|| TYPICAL.iter().map(|(dialect, text)| classifier.classify(*dialect, text).class).max());
    });
    group.throughput(Throughput::Elements(8 * TYPICAL.len() as u64));
    group.bench_function("eight callers at once", |bench| {
        bench.iter(|| {
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        TYPICAL.iter().map(|(dialect, text)| classifier.classify(*dialect, text).class).max()
                    });
                }
            });
        });
    });
    let many: Vec<(Dialect, &str)> = TYPICAL.iter().copied().cycle().take(1000).collect();
    group.throughput(Throughput::Elements(many.len() as u64));
    group.bench_function("together", |bench| {
        bench.iter_batched(|| &many, |many| classifier.classify_many(many).len(), BatchSize::SmallInput);
    });
    group.finish();
}
