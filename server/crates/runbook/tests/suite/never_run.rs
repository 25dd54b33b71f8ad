//! What must never be taken for something to run, however it is put.

use crate::each::each;
use crate::intros::INTROS;
use crate::typed::typed;

/// Checks that nothing is read from documents that these texts, by language, are put into.
fn nothing(texts: [&[&str]; 3], document: impl Fn(&str) -> String) {
    let mut wrong = Vec::new();
    for (language, texts) in texts.iter().enumerate() {
        let documents = texts.iter().map(|text| format!("# X\n\n{}\n\n{}", INTROS[language], document(text)));
        wrong.extend(documents.filter(|document| !typed(document).is_empty()));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// A heading, an order and a command after a bar.
fn under(text: &str) -> String {
    let (heading, command) = text.split_once(" | ").unwrap_or((text, "kubectl delete ns bad"));
    format!("## {heading}\n\n```bash\n{command}\n```\n")
}

#[test]
fn what_a_part_of_a_heading_forbids_is_shown_whatever_divides_it() {
    let headings: [&[&str]; 3] = [
        &[
            "Legacy: do not use",
            "Legacy / do not use",
            "Legacy [do not use]",
            "Dangerous: do not run",
            "Failover: deprecated",
            "[DEPRECATED] Failover",
            "⚠️ Avoid this",
            "🔥 Never do this",
            "✅ Do not use this",
        ],
        &[
            "Legado: não usar",
            "Legado / não usar",
            "Não pule esta etapa: nunca rode isto",
            "Não ignore: não execute",
            "⚠️ Evite isto",
        ],
        &["Legado: no usar", "No omita esto: nunca lo ejecute", "⚠️ Evite esto", "✅ No ejecute esto"],
    ];
    nothing(headings, under);
}

/// Signs before the words: where they end is counted in bytes.
#[test]
fn a_heading_may_begin_with_any_sign() {
    for sign in ["✅", "⚠️", "🔥", "é", "—", "1️⃣", "\u{200b}"] {
        for words in
            ["No se requieren cambios", "Nothing to do", "Não há o que fazer", "Never mind", "Do not panic", "Evite"]
        {
            let text = format!("# X\n\n## {sign} {words}\n\nLook:\n\n```bash\nuptime\n```\n");
            assert!(typed(&text).len() < 2, "{text}");
        }
    }
}

#[test]
fn a_block_that_does_what_its_heading_forbids_is_shown() {
    let headings: [&[&str]; 3] = [
        &[
            "Never delete pods | kubectl delete pods bad",
            "Never drop tables | psql -c 'drop table bad'",
            "Never restart the primary | systemctl restart primary",
            "Never push with --force | git push --force bad",
            "Do not run as root | sudo rm bad",
            "Never run with --force | git push --force bad",
            "Never run this as root | rm bad",
        ],
        &["Não apague o namespace | kubectl delete namespace bad", "Não rode com --force | git push --force bad"],
        &["No borre el namespace | kubectl delete namespace bad"],
    ];
    nothing(headings, under);
    let led = |text: &str| {
        let (heading, command) = text.split_once(" | ").unwrap();
        format!("## {heading}\n\nRemove the files:\n\n```bash\n{command}\n```\n")
    };
    let headings: [&[&str]; 3] = [
        &["Never use rm | rm -rf /srv/bad", "Do not use scp | scp a b:", "Do not use dd | dd if=a of=b"],
        &["Não use rm | rm -rf /srv/bad"],
        &["No use rm | rm -rf /srv/bad"],
    ];
    nothing(headings, led);
}

#[test]
fn a_comment_that_names_where_not_to_run_forbids_the_command_below_it() {
    let under = |text: &str| {
        let (comment, command) = text.split_once(" | ").unwrap_or((text, "kubectl delete ns bad"));
        format!("## Steps\n\n```bash\n# {comment}\n{command}\n```\n")
    };
    let comments: [&[&str]; 3] = [
        &[
            "Do not run on others",
            "Never run in other environments",
            "Do not execute in the other cluster",
            "Never apply to other clusters than staging | kubectl --context prod apply -f bad",
            "Never delete the rest of bad | kubectl delete bad --all",
            "Never restart the primary | pg_ctl restart -D /replica; pg_ctl restart -D /bad",
            "Never restart the primary | systemctl restart pg@replica pg@main",
            "Never use -9 here | kill -KILL bad",
            "Do not use -f here | git push origin +bad",
        ],
        &["Não rode em outros ambientes"],
        &["No ejecute en otros entornos"],
    ];
    nothing(comments, under);
    let sql = |condition: &str| format!("## Steps\n\n```sql\n-- never delete the {condition};\n```\n");
    let rows: [&[&str]; 3] = [
        &[
            "active ones\ndelete from t where not active is false",
            "active ones\ndelete from t where not (active = false)",
            "active ones\ndelete from t where active = false is false",
            "paid ones\ndelete from t where not status <> 'paid'",
            "paid ones\ndelete from t where unpaid = false and status <> 'paid'",
        ],
        &[],
        &[],
    ];
    nothing(rows, sql);
}

#[test]
fn nothing_runs_behind_the_place_where_reading_stopped() {
    let block = "```bash\nkubectl delete ns bad\n```\n";
    let headings = "## Heading of some length number\n\nsome words here of it\n\n".repeat(1_200);
    let text = format!("# D\n\n{headings}## What not to do\n\nSome words about it all.\n\n{block}");
    assert_eq!(typed(&text), Vec::<String>::new());

    let items: String =
        (0..1_500).map(|n| format!("  - `kubectl delete ns bad-{n} --now --wait=false --grace-period=0`\n")).collect();
    let lines: String =
        (0..1_500).map(|n| format!("run `kubectl delete ns bad-{n}` and tell the whole team\n")).collect();
    for (name, text) in [
        ("list", format!("# D\n\n- Never run these commands:\n{items}")),
        ("paragraph", format!("# D\n\nNever do what is told here\n{lines}")),
        ("quote", format!("# D\n\n> Never do this here\n{lines}")),
        ("html", format!("# D\n\n<div>\n{lines}</div>\n")),
    ] {
        assert!(text.len() > 73_000, "{name} is {} bytes", text.len());
        assert_eq!(typed(&text).len(), 0, "{name}");
        let again = format!("{text}\n\n## Steps\n\n1. Look:\n\n```bash\nuptime\n```\n");
        assert_eq!(typed(&again), ["uptime"], "{name}: the next heading begins anew");
    }
}

#[test]
fn a_command_that_a_table_calls_not_allowed_is_shown() {
    let row = |text: &str| {
        let (columns, cells) = text.split_once(" = ").unwrap();
        let rule = "|---".repeat(columns.split('|').count() + 1);
        format!("## Steps\n\n| Command | {columns} |\n{rule}|\n| `kubectl delete ns bad` | {cells} |\n")
    };
    let rows: [&[&str]; 3] = [
        &[
            "Allowed = :x:",
            "Allowed = :no_entry:",
            "Allowed = ✖",
            "Allowed = ✖️",
            "Allowed = ✕",
            "Allowed = ×",
            "Allowed = ☒",
            "Allowed = ❎",
            "Allowed = N",
            "Allowed = not allowed",
            "Safe = Not safe",
            "Allowed in staging | Allowed in prod = yes | no",
        ],
        &["Permitido = ✖", "Seguro = :x:"],
        &["Permitido = ✖", "Permitido = :x:"],
    ];
    nothing(rows, row);
}

/// What a shell could read as well, and the words around it say that no shell is meant.
#[test]
fn source_of_applications_is_shown() {
    for text in [
        "```typescript\nreadonly onChange?: (id: string) => Promise<void>;\n```\n",
        "```python\ndef read(a):\n    \"\"\"\n    Reads.\n\n    >>> a = read(1)\n    >>> a.x\n    \"\"\"\n    return a\n```\n",
        "```\nfunction order(items: Item[]): Item[]\n  - Sorts by rank\n```\n",
        "```\nfunction order(items):\n  1. Sort by rank\n```\n",
        "```\ngem \"rack\", \"~> 3\" # the newer one breaks\n```\n",
        "```\ngo 1.22\n```\n",
        "```\n/opt   /home   /srv\n```\n",
        "```\n/panel (new)\n```\n",
        "```sql\nREPLACE(url, '?', '') AS path\n```\n",
        "```\n.husky/pre-push\nscripts/lint.sh\nscripts/verify.sh\ntests/mock.mjs\n```\n",
        "| File | Line |\n|---|---|\n| `a.tsx` | `if (window.history.length > 1) { ... }` |\n",
    ] {
        assert_eq!(typed(&format!("# X\n\n1. Change it:\n\n{text}")), Vec::<String>::new(), "{text}");
    }
    assert_eq!(typed("# X\n\n```python\n# In the console:\n>>> import os\n>>> os.getpid()\n12\n```\n").len(), 2);
    assert_eq!(typed("# X\n\n```python\n    >>> import os\n    >>> os.getpid()\n    12\n```\n").len(), 2);
    assert_eq!(typed("# X\n\nRun:\n\n```\n/backup.sh /data /srv\n```\n"), ["/backup.sh /data /srv"]);
    let written = typed("# X\n\n```bash\ncat > notes.rst <<'EOF'\n``\nmore\nEOF\n```\n");
    assert!(written.len() == 1 && written[0].ends_with("EOF"), "what is written to a file is whole: {written:?}");
    assert_eq!(typed("# X\n\n```bash\nreadonly DAY=2026-11-30\n```\n"), ["readonly DAY=2026-11-30"]);
    let closed = "# X\n\n1. Look:\n   ```promql\n   rate(cpu_total{a=\"b\"}[2m])\n   ``\n   If it is high, move it or\n   mark the node.\n\n2. Go on\n";
    assert_eq!(typed(closed), ["rate(cpu_total{a=\"b\"}[2m])"]);
    let banner = "# X\n\n```\n:~$ sudo psql\npsql (11.7, server 1.12)\n\nshop=# show clients;\n```\n";
    assert!(!typed(banner).iter().any(|text| text.contains("11.7")));
    assert_eq!(typed("# X\n\nRun:\n\n```\nscripts/stop.sh\nscripts/start.sh\n```\n").len(), 2);
    assert_eq!(typed("# X\n\nRun:\n\n```\ngem install rack\ngo build ./...\n```\n").len(), 2);
    assert_eq!(typed("# X\n\n```bash\nfunction say() {\n  echo hi\n}\nsay\n```\n").len(), 1);
}

/// Code spans that look like commands and are names, code, files and what a program refuses.
#[test]
fn spans_that_only_look_like_commands_are_shown() {
    for text in [
        "- `export const LIMIT = 3` is what counts",
        "- Use `export default Page`",
        "- Set `a → b`",
        "- Check `type !== 'payment'`",
        "- Look for `BEGIN RSA` and `BEGIN PRIVATE KEY`",
        "- `at ceiling` — already there",
        "- Run `tail coverage`",
        "- Run `rm -rf /`",
        "- Run `sudo chmod -R 777 /`",
        "- Load `./step-02.md`",
        "## Hard denylist (refused outright)\n\n- `mkfs.ext4 /dev/sdb1`",
        "## Lista negra de comandos\n\n- Execute `mkfs.ext4 /dev/sdb1`",
        "## Dangerous-command sweep\n\n| Pattern | Example match |\n|---|---|\n| `mkfs` raw | `mkfs.ext4 /dev/sdb1` |",
    ] {
        assert_eq!(typed(&format!("# X\n\n{text}\n")), Vec::<String>::new(), "{text}");
    }
    let listed = "# X\n\n## Update the denylist\n\n```bash\nipset add deny 203.0.113.7\n```\n\n## IP denylist\n\n```bash\nipset list deny\n```\n";
    assert_eq!(typed(listed).len(), 2, "a list of addresses is one to work with");
    for text in ["rm -rf /tmp/x", "tail app.log", "at now", "export LIMIT=3", "chmod -R 750 /srv"] {
        assert_eq!(typed(&format!("# X\n\n- Run `{text}`\n")).len(), 1, "{text}");
    }
}

#[test]
fn a_list_of_folders_with_spaces_is_no_script() {
    let text =
        "## Places\n\n```\n/Library/Shop Data/\n/Library/Shop Data/Old/\n/Library/Logs/\n/Library/Perl/X.XX\n```\n";
    assert_eq!(typed(text), Vec::<String>::new());
}

#[test]
fn marks_beside_new_lines_are_no_prompts() {
    let text = "## Roles\n\nAdd it:\n\n```\n# shop.json\n{\n  \"access\": [\n>>>     {\n>>>       \"team\": \"new\"\n>>>     }\n  ]\n}\n```\n";
    assert_eq!(typed(text), Vec::<String>::new());
    assert_eq!(typed("Run it:\n\n```\n>>> import shop\n>>> shop.sync()\nTrue\n```\n").len(), 2);
}

#[test]
fn what_a_workflow_prints_is_not_typed() {
    let told: [&[&str]; 3] = [
        &["Before the script, the workflow prints who it is:"],
        &["Antes do script, o workflow imprime quem é:"],
        &["Antes del script, el workflow imprime quién es:"],
    ];
    each(told, 0, |lead| format!("{lead}\n\n```bash\naws sts get-caller-identity\n```\n"));
}
