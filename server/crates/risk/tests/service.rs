//! The limited subprocess. This program is its own worker, so it has no test harness: `worker` answers, `hang` reads
//! and says nothing, `die` ends at the first request, `lie` answers something else.

use std::io::{BufRead, Write};

use farol_api::risk::{Dialect, RiskClass};
use farol_risk::Table;
use farol_risk::service::{Classifier, limit_self, serve};

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => {
            limit_self().expect("limits");
            serve(std::io::BufReader::new(std::io::stdin()), std::io::stdout()).expect("serve");
        }
        Some("hang") => loop {
            std::thread::park();
        },
        Some("die") => {
            std::io::stdin().lock().read_line(&mut String::new()).expect("a request");
        }
        Some("lie") => {
            std::io::stdin().lock().read_line(&mut String::new()).expect("a request");
            std::io::stdout().write_all(b"{\"class\":\"read\"}\n").expect("an answer");
        }
        _ => {
            it_answers_as_the_library_does();
            it_is_replaced_when_it_was_killed();
            failures_are_unknown();
            hostile_texts_leave_it_usable();
            many_are_answered_in_their_order();
            one_that_hurts_costs_its_own_verdict();
            callers_at_once_get_each_their_own();
            a_teams_commands_survive_a_replacement();
            println!("service: 8 passed");
        }
    }
}

fn start(role: &str) -> Classifier {
    Classifier::spawn(std::env::current_exe().expect("this program"), vec![role.to_owned()]).expect("start")
}

fn it_answers_as_the_library_does() {
    let classifier = start("worker");
    for (dialect, text) in [
        (Dialect::Postgres, "DELETE FROM t"),
        (Dialect::Shell, "echo \"é\n\"; rm x"),
        (Dialect::Sqlite, "PRAGMA query_only=OFF"),
    ] {
        assert_eq!(classifier.classify(dialect, text), farol_risk::classify(dialect, text));
    }
    let long = format!("SELECT '{}'", "x".repeat(60_000));
    assert_eq!(classifier.classify(Dialect::Postgres, &long).class, RiskClass::Read);
}

fn it_is_replaced_when_it_was_killed() {
    let classifier = start("worker");
    let first = classifier.process_id().expect("a worker");
    assert_eq!(classifier.classify(Dialect::Mysql, "SELECT 1").class, RiskClass::Read);
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(first.cast_signed()), nix::sys::signal::Signal::SIGKILL)
        .expect("kill");
    assert_eq!(classifier.classify(Dialect::Mysql, "SELECT 1").class, RiskClass::Read);
    assert_ne!(classifier.process_id(), Some(first));
}

fn failures_are_unknown() {
    for (role, reason) in [("hang", "too long"), ("die", "died"), ("lie", "failed")] {
        let verdict = start(role).classify(Dialect::Postgres, "SELECT 1");
        assert_eq!(verdict.class, RiskClass::Unknown, "{role}");
        assert!(verdict.why.en.contains(reason), "{role}: {}", verdict.why.en);
    }
    assert!(Classifier::spawn("/nonexistent/farol".into(), Vec::new()).is_err());
}

fn hostile_texts_leave_it_usable() {
    let classifier = start("worker");
    for text in ["1+".repeat(30_000), "NOT ".repeat(15_000), "if ".repeat(20_000), "\0".to_owned(), "(".repeat(1 << 20)]
    {
        for dialect in [Dialect::Postgres, Dialect::Mysql, Dialect::Shell] {
            assert_eq!(
                classifier.classify(dialect, &text).class,
                RiskClass::Unknown,
                "{dialect:?} {:?}",
                &text[..4.min(text.len())]
            );
        }
    }
    assert_eq!(classifier.classify(Dialect::Postgres, "SELECT 1").class, RiskClass::Read);
}

fn many_are_answered_in_their_order() {
    let classifier = start("worker");
    let texts = [
        (Dialect::Postgres, "SELECT 1"),
        (Dialect::Shell, "rm x"),
        (Dialect::Sqlite, "\0"),
        (Dialect::Mysql, "UPDATE t SET a = 1 WHERE b = 'é\n'"),
    ];
    let many: Vec<(Dialect, &str)> = texts.iter().copied().cycle().take(1003).collect();
    let verdicts = classifier.classify_many(&many);
    assert_eq!(verdicts.len(), many.len());
    for ((dialect, text), verdict) in many.iter().zip(verdicts) {
        assert_eq!(verdict, farol_risk::classify(*dialect, text));
    }
    assert!(classifier.classify_many(&[]).is_empty());
    let long = format!("SELECT '{}'", "\u{1}".repeat(60_000));
    let verdicts = classifier.classify_many(&[(Dialect::Postgres, &long), (Dialect::Sqlite, &long)]);
    assert!(verdicts.iter().all(|verdict| verdict.class == RiskClass::Read), "{verdicts:?}");
}

fn callers_at_once_get_each_their_own() {
    let classifier = start("worker");
    let bomb = "1+".repeat(30_000);
    std::thread::scope(|scope| {
        for caller in 0..8 {
            let (classifier, bomb) = (&classifier, &bomb);
            scope.spawn(move || {
                for turn in 0..50 {
                    let text = format!("DELETE FROM t{caller} WHERE id = {turn}");
                    let verdict = classifier.classify(Dialect::Sqlite, &text);
                    assert_eq!(verdict, farol_risk::classify(Dialect::Sqlite, &text));
                    let text = format!("SELECT {turn}; DROP TABLE t{caller}");
                    assert_eq!(classifier.classify(Dialect::Postgres, &text).class, RiskClass::Destructive);
                }
                if caller == 3 {
                    assert_eq!(classifier.classify(Dialect::Postgres, bomb).class, RiskClass::Unknown);
                }
            });
        }
    });
}

fn one_that_hurts_costs_its_own_verdict() {
    let classifier = start("worker");
    let bomb = "1+".repeat(30_000);
    let verdicts = classifier.classify_many(&[
        (Dialect::Postgres, "SELECT 1"),
        (Dialect::Postgres, &bomb),
        (Dialect::Shell, &bomb),
        (Dialect::Postgres, "DROP TABLE t"),
    ]);
    let classes: Vec<RiskClass> = verdicts.iter().map(|verdict| verdict.class).collect();
    assert_eq!(classes[0], RiskClass::Read);
    assert_eq!(classes[1], RiskClass::Unknown);
    assert_eq!(classes[3], RiskClass::Destructive);
    let verdicts = start("die").classify_many(&[(Dialect::Postgres, "SELECT 1"), (Dialect::Shell, "ls")]);
    assert!(verdicts.iter().all(|verdict| verdict.class == RiskClass::Unknown));
}

fn a_teams_commands_survive_a_replacement() {
    let table = Table::extended("shopctl\tread\tstatus").expect("a table");
    let exe = std::env::current_exe().expect("this program");
    let classifier = Classifier::spawn_with(exe.clone(), vec!["worker".to_owned()], &table).expect("start");
    assert_eq!(classifier.classify(Dialect::Shell, "shopctl status").class, RiskClass::Read);
    let process = classifier.process_id().expect("a worker").cast_signed();
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(process), nix::sys::signal::Signal::SIGKILL).expect("kill");
    assert_eq!(classifier.classify(Dialect::Shell, "shopctl status").class, RiskClass::Read);
    assert_eq!(classifier.classify(Dialect::Shell, "shopctl burn").class, RiskClass::Unknown);
    assert!(Classifier::spawn_with(exe, vec!["lie".to_owned()], &table).is_err());
}
