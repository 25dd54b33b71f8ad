//! What the library and its imports show.

use farol_api::id::IncidentId;
use farol_api::library::{
    Facet, FacetKind, FacetValue, FileOutcome, Import, ImportReport, ImportedFile, Imports, LastRun, Library,
    LibraryRow, SkipReason, Watch,
};
use farol_api::runbook::RunbookSummary;

use super::fixtures::{at, marina};

pub fn shelf(runbooks: Vec<RunbookSummary>) -> Library {
    let row = |runbook: RunbookSummary| LibraryRow {
        owner: Some("Database on-call".into()),
        service: Some("orders".into()),
        scenario: Some("failover".into()),
        review_by: Some("2027-06-30".into()),
        stale: runbook.problems > 0,
        file: Some("team/database.md".into()),
        last_run: Some(LastRun { incident: IncidentId(12), at: at(-3000, 0) }),
        last_drill: None,
        runbook,
    };
    let value = |value: &str, count| FacetValue { value: value.into(), count };
    let facets = vec![
        Facet { kind: FacetKind::Service, values: vec![value("orders", 2), value("", 1)] },
        Facet { kind: FacetKind::Risk, values: vec![value("read", 1), value("destructive", 1)] },
        Facet { kind: FacetKind::Freshness, values: vec![value("fresh", 2), value("stale", 1)] },
    ];
    let total = runbooks.len() as u64;
    Library {
        total,
        page: 1,
        pages: u32::from(total > 0),
        facets: if total > 0 { facets } else { Vec::new() },
        runbooks: runbooks.into_iter().map(row).collect(),
    }
}

pub fn import() -> Import {
    let file = |path: &str, outcome, reason: Option<SkipReason>| ImportedFile {
        path: path.into(),
        outcome,
        runbook: (reason.is_none()).then(|| "database-failover".parse().expect("a slug")),
        steps: 4,
        problems: 1,
        reason,
        note: None,
    };
    let report = ImportReport {
        source: "team".into(),
        files: vec![
            file("../etc/passwd.md", FileOutcome::Skipped, Some(SkipReason::HostilePath)),
            file("database.md", FileOutcome::New, None),
        ],
        new: 1,
        skipped: 1,
        gone: vec!["old.md".into()],
        ..ImportReport::default()
    };
    Import { id: 1, at: at(-100, 0), by: Some(marina()), report }
}

pub fn imports() -> Imports {
    let watch = Watch {
        id: 1,
        path: "/srv/runbooks".into(),
        source: "runbooks".into(),
        since: at(-2000, 0),
        by: Some(marina()),
        looked_at: Some(at(-10, 0)),
        import: Some(1),
        failure: None,
    };
    Imports { imports: vec![import()], watches: vec![watch], roots: vec!["/srv".into()], upload_bytes: 64 << 20 }
}
