//! Every page as the server writes it: what a visitor without scripts gets, and what the Content-Security-Policy lets through.

mod common;

use std::collections::BTreeMap;

use common::{Ask, a_problem, page};
use farol_web::visit::FormEcho;

const PAGES: [&str; 34] = [
    "/",
    "/login",
    "/invitations/a-secret",
    "/incidents",
    "/incidents/new",
    "/incidents/12",
    "/incidents/13",
    "/incidents/14",
    "/incidents/12?step=scenario",
    "/incidents/12?step=recovery",
    "/incidents/12/after",
    "/incidents/12/postmortem",
    "/approvals",
    "/incidents/12/break-glass",
    "/incidents/9/break-glass",
    "/incidents/12/attempts/held",
    "/incidents/12/attempts/ended",
    "/incidents/12/attempts/erased",
    "/incidents/12/attempts/05050505-0505-0505-0505-050505050505/undo",
    "/incidents/12/steps/failover/dry-run",
    "/incidents/12/steps/cluster/dry-run",
    "/incidents/12/steps/status/dry-run",
    "/incidents/12/steps/volume/dry-run",
    "/runbooks",
    "/library/imports",
    "/library/imports/1",
    "/runbooks/new",
    "/runbooks/database-failover",
    "/runbooks/database-failover/edit",
    "/runbooks/database-failover/revisions",
    "/targets",
    "/targets/cluster-prod",
    "/people",
    "/account",
];

/// The values of an attribute, in order.
fn attributes<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    let start = format!(" {name}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split_once('"').map(|(value, _)| value)).collect()
}

/// The page without what the browser starts from.
fn visible(html: &str) -> String {
    let mut shown = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<script") {
        shown.push_str(before);
        rest = after.split_once("</script>").map_or("", |(_, after)| after);
    }
    shown.push_str(rest);
    shown.replace("<!>", "").replace("<!--<() />-->", "")
}

#[test]
fn scripts_of_one_page_are_loaded_by_that_page_alone() {
    for url in PAGES {
        let html = page(Ask::page(url)).html;
        let loads = |script: &str| html.contains(&format!("nonce=\"a-nonce\" src=\"/assets/{script}\""));
        assert_eq!(loads("search.js"), url == "/runbooks", "{url}");
        assert_eq!(loads("editor.js"), url == "/runbooks/new" || url.ends_with("/edit"), "{url}");
    }
}

#[test]
fn every_page_answers_with_a_heading_and_a_title() {
    for url in PAGES {
        let page = page(Ask::page(url));
        assert_eq!((page.status, &page.location), (200, &None), "{url}");
        let own = visible(&page.html);
        let own = own.split_once("<article").map_or(own.as_str(), |(own, _)| own);
        assert_eq!(own.matches("<h1").count(), 1, "{url} has one first heading");
        assert!(page.html.contains("<title>") && page.html.contains("· Farol</title>"), "{url} has a title");
        keep(url, "en", &page.html);
    }
}

#[test]
fn portuguese_pages_say_so_and_hold_no_english_controls() {
    for url in PAGES {
        let page = page(Ask::page(url).in_portuguese());
        assert!(page.html.contains("<html lang=\"pt-BR\">"), "{url}");
        for english in [">Save<", ">Run<", ">Skip ", ">Done<", ">Timeline<", ">Incidents<", ">Log in<", "optional"] {
            assert!(!visible(&page.html).contains(english), "{url} says {english}");
        }
        keep(url, "pt", &page.html);
    }
}

/// What is approved is the change and how it is held: the requester may have asked that it is not.
#[test]
fn an_approver_reads_how_a_change_is_held() {
    let html = visible(&page(Ask::page("/approvals")).html);
    assert!(html.contains("What it changes is held for up to 5 m "), "{html}");
    assert!(html.contains("What it changes is committed at once"), "{html}");
    let room = visible(&page(Ask::page("/incidents/15")).html);
    assert!(room.contains("Approve exactly this") && room.contains("held for up to 5 m "), "{room}");
}

#[test]
fn nothing_on_a_page_needs_a_looser_policy() {
    for url in PAGES {
        let html = page(Ask::page(url)).html;
        assert_eq!(attributes(&html, "style"), Vec::<&str>::new(), "{url} has style attributes");
        assert!(!html.contains(" onclick="), "{url}");
        let scripts = html.matches("<script").count();
        let with_nonce = html.matches("nonce=\"a-nonce\"").count();
        assert!(with_nonce >= scripts, "{url} has {scripts} scripts and {with_nonce} nonces");
    }
}

#[test]
fn every_form_posts_to_the_api_and_comes_back_to_a_page() {
    let mut seen = 0;
    for url in PAGES {
        let html = page(Ask::page(url)).html;
        for form in html.split("<form ").skip(1) {
            let form = form.split_once("</form>").map_or(form, |(form, _)| form);
            let head = form.split_once('>').map_or(form, |(head, _)| head);
            if head.contains("method=\"dialog\"") || head.contains("role=\"search\"") {
                continue;
            }
            seen += 1;
            let head = format!(" {head}");
            assert_eq!(attributes(&head, "method"), ["post"], "{url}: {head}");
            let action = attributes(&head, "action")[0];
            assert!(known_to_the_api(action.strip_prefix("/form").unwrap_or_default()), "{url}: {action}");
            assert!(form.contains("name=\"_key\" value=\"a-key\""), "{url}: {action} has its key");
            assert!(form.contains("name=\"_return\" value=\"/"), "{url}: {action} knows the way back");
        }
    }
    assert!(seen > 60, "only {seen} forms were seen");
}

/// Tells whether a path is one of `farol_api::paths`, whatever ids stand in it.
fn known_to_the_api(path: &str) -> bool {
    let source = include_str!("../../server/crates/api/src/paths.rs");
    let known =
        source.split("= \"/api").skip(1).filter_map(|rest| rest.split_once('"').map(|(path, _)| format!("/api{path}")));
    known.into_iter().any(|known| {
        let (mut known, mut path) = (known.split('/'), path.split('/'));
        loop {
            match (known.next(), path.next()) {
                (None, None) => return true,
                (Some(known), Some(part)) if known == part || known.starts_with('{') => {}
                _ => return false,
            }
        }
    })
}

#[test]
fn ids_are_unique_and_labels_name_fields() {
    for url in PAGES {
        let html = visible(&page(Ask::page(url)).html);
        let mut ids = attributes(&html, "id");
        ids.sort_unstable();
        let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        assert_eq!(twice, Vec::<&str>::new(), "{url}");
        for label in attributes(&html, "for") {
            assert!(ids.binary_search(&label).is_ok(), "{url}: a label for {label}");
        }
    }
}

#[test]
fn a_stranger_is_sent_to_log_in_and_back() {
    let page = page(Ask::page("/incidents/12?step=recovery").by_a_stranger());
    assert_eq!(page.location.as_deref(), Some("/login?return=/incidents/12%3Fstep%3Drecovery"));
}

#[test]
fn what_is_not_there_is_a_404_that_says_so() {
    for url in ["/nowhere", "/incidents/99", "/incidents/x", "/runbooks/none"] {
        let page = page(Ask::page(url));
        assert_eq!(page.status, 404, "{url}");
        assert!(visible(&page.html).contains("<h1"), "{url}");
    }
}

#[test]
fn a_refused_form_comes_back_with_the_reason_and_all_that_was_typed() {
    let values = [("title", "Checkout is <down>"), ("drill", "on"), ("severity", "sev1")];
    let echo = FormEcho {
        action: "/api/incidents".into(),
        problem: Some(a_problem(422, "title_taken")),
        answer: None,
        values: values.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
    };
    let html = visible(&page(Ask::page("/incidents/new").with_echo(echo)).html);
    assert!(html.contains("role=\"alert\"") && html.contains("Title of title_taken"));
    assert!(html.contains("value=\"Checkout is &lt;down&gt;\""), "what was typed is there, escaped");
    assert!(html.contains("value=\"sev1\" selected"), "what was chosen is chosen");
    assert!(html.contains("name=\"drill\" checked"), "what was ticked is ticked");
}

#[test]
fn a_problem_shows_beside_its_own_form_only() {
    let echo = |form: &str| FormEcho {
        action: "/api/incidents/12/parameters".into(),
        problem: Some(a_problem(422, "bad_value")),
        answer: None,
        values: BTreeMap::from([("_form".to_owned(), form.to_owned()), ("value".to_owned(), "x y".to_owned())]),
    };
    let html = visible(&page(Ask::page("/incidents/13").with_echo(echo("step-namespace"))).html);
    assert_eq!(html.matches("Title of bad_value").count(), 1);
    assert_eq!(html.matches("value=\"x y\"").count(), 1);
}

#[test]
fn the_link_of_an_invitation_is_shown_once_without_scripts() {
    let answer = serde_json::json!({
        "invitation": {
            "id": "04040404-0404-0404-0404-040404040404", "email": "new@example.org", "role": "viewer",
            "invited_by": { "id": "01010101-0101-0101-0101-010101010101", "name": "Marina" },
            "created_at": "2026-11-22T03:00:00Z", "expires_at": "2026-11-29T03:00:00Z"
        },
        "path": "/invitations/s3cret"
    });
    let echo =
        FormEcho { action: "/api/invitations".into(), problem: None, answer: Some(answer), values: BTreeMap::new() };
    let html = visible(&page(Ask::page("/people").with_echo(echo)).html);
    assert!(html.contains("href=\"/invitations/s3cret\""));
}

#[test]
fn an_unsaved_text_is_previewed_without_scripts_and_kept() {
    let preview = serde_json::to_value(farol_api::runbook::Preview {
        html: "<h1>Mine</h1>".into(),
        runbook: common::answers::runbook().runbook,
    });
    let echo = FormEcho {
        action: "/api/runbooks/preview".into(),
        problem: None,
        answer: preview.ok(),
        values: BTreeMap::from([
            ("source".to_owned(), "# Mine\n".to_owned()),
            ("note".to_owned(), "because".to_owned()),
        ]),
    };
    let html = visible(&page(Ask::page("/runbooks/database-failover/edit").with_echo(echo)).html);
    assert!(html.contains("# Mine\n") && html.contains("value=\"because\""));
    assert!(html.contains("<h1>Mine</h1>"));
}

#[test]
fn a_destructive_step_asks_for_the_target_and_binds_what_was_shown() {
    let html = visible(&page(Ask::page("/incidents/12")).html);
    assert!(html.contains("name=\"typed_target\""));
    assert!(html.contains(&format!("name=\"digest\" value=\"{}\"", common::fixtures::digest(0x8f))));
    assert!(html.contains("patronictl failover --master postgresql-0 --candidate \"$CANDIDATE\" --force"));
    assert!(html.contains("Do not run migrations again"), "the prohibition of the document is shown");
    assert!(html.contains("If it fails, “Call the DBA” comes next."), "what its author asks for is said");
    let html = visible(&page(Ask::page("/incidents/12").in_portuguese()).html);
    assert!(html.contains("Se falhar, o próximo é “Call the DBA”."));
}

#[test]
fn a_dry_run_of_a_block_counts_what_all_of_its_changes_touch() {
    let html = visible(&page(Ask::page("/incidents/12/steps/cluster/dry-run")).html);
    assert!(
        html.contains("It would touch 41 rows now.") && html.contains("rows_touched") && !html.contains("are shown")
    );
    let one = visible(&page(Ask::page("/incidents/12/steps/failover/dry-run")).html);
    assert!(one.contains("It would touch 39 rows now.") && one.contains("The first 2 are shown."));
}

#[test]
fn what_leads_elsewhere_says_when() {
    let html = visible(&page(Ask::page("/incidents/12")).html);
    assert!(html.contains("If the volume is full: Continue at Scenario A"));
}

#[test]
fn a_step_with_a_gap_asks_for_it_and_offers_no_run() {
    let html = visible(&page(Ask::page("/incidents/13")).html);
    assert!(html.contains("name=\"name\" value=\"namespace\"") && html.contains("name=\"name\" value=\"candidate\""));
    assert!(!html.contains("name=\"digest\""));
}

#[test]
fn another_persons_request_can_be_approved_with_its_digest() {
    let html = visible(&page(Ask::page("/incidents/14")).html);
    assert!(html.contains("/approval\""));
    assert!(html.contains(&format!("name=\"digest\" value=\"{}\"", common::fixtures::digest(0x8f))));
}

#[test]
fn null_is_not_an_empty_text() {
    let html = visible(&page(Ask::page("/incidents/12?step=status")).html);
    assert!(html.contains("<td class=\"null\">NULL</td>"));
    assert!(html.contains("<td class=\"num r\">341</td>"), "numbers stand flush right");
}

/// With `FAROL_PAGES=FOLDER`, keeps what was rendered, to be looked at.
fn keep(url: &str, locale: &str, html: &str) {
    let Some(folder) = std::env::var_os("FAROL_PAGES") else { return };
    let name = url.trim_matches('/').replace(['/', '?', '='], "-");
    let name = if name.is_empty() { "home".to_owned() } else { name };
    let file = std::path::Path::new(&folder).join(format!("{name}.{locale}.html"));
    std::fs::write(file, html).expect("the folder can be written");
    for path in [
        "/api/me",
        "/api/incidents/12",
        "/api/incidents/12/steps/failover/attempts",
        "/api/home",
        "/api/runbooks",
        "/api/targets",
    ] {
        let file = std::path::Path::new(&folder).join(format!("{}.json", path.trim_matches('/').replace('/', "-")));
        std::fs::write(file, common::answers::answer("GET", path).1).expect("the folder can be written");
    }
}

/// What verifies, undoes, sets or needs a step is no use to a responder in a file that only the reader knows.
#[test]
fn a_runbook_says_what_is_known_of_its_steps() {
    let html = visible(&page(Ask::page("/runbooks/database-failover")).html);
    let of = |id: &str| {
        let (_, rest) = html.split_once(&format!("id=\"step-{id}\"")).unwrap_or_else(|| panic!("no step {id}"));
        rest.split_once("</li>").map_or(rest, |(row, _)| row).to_owned()
    };
    let (looked_at, looks) = (of("status"), of("recovery"));
    assert!(looked_at.contains("Verified by") && looked_at.contains("#step-recovery"), "{looked_at}");
    assert!(looked_at.contains("Sets") && looked_at.contains("<code>$LEADER</code>"), "{looked_at}");
    assert!(looks.contains("Verifies") && looks.contains("#step-status"), "{looks}");
    assert!(html.contains("PostgresDown"), "alerts are named");
    let (_, samples) = html.split_once("id=\"page.samples\"").expect("samples have a table");
    assert!(samples.contains("<code>db.example.com</code>") && samples.contains("<td>host</td>"), "{samples}");
}

#[test]
fn an_admin_is_asked_to_type_the_incident_and_what_was_erased_is_said_to_be() {
    let html = visible(&page(Ask::page("/incidents/12/attempts/ended")).html);
    assert!(html.contains("Type INC-12 to confirm") && html.contains("name=\"typed\""), "{html}");
    assert!(html.contains("action=\"/form/api/incidents/12/erasures\""));
    let said = "Erased by Olga Owner on 2026-11-21 at ";
    let html = visible(&page(Ask::page("/incidents/12/attempts/erased")).html);
    assert!(html.contains(said) && html.contains("a customer asked for it"), "{html}");
    assert!(!html.contains("name=\"typed\"") && !html.contains("class=\"rows\""), "and nothing of it is there");
    let html = visible(&page(Ask::page("/incidents/12/attempts/erased").in_portuguese()).html);
    assert!(html.contains("Apagado por Olga Owner em 21/11/2026 às "), "{html}");
    let html = visible(&page(Ask::page("/incidents/12/after")).html);
    assert!(html.contains("Erase the text of an entry"), "{html}");
}
