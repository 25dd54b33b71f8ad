//! The limited subprocess. This program is its own worker, so it has no test harness: `worker` answers, `hang` reads
//! and says nothing, `die` ends at the first request, `lie` answers something else.

use std::io::{BufRead, Write};

use farol_api::risk::{Dialect, RiskClass};
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
            println!("service: 4 passed");
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
