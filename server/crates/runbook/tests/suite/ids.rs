//! A step keeps its id while other parts of its document are edited.

use std::collections::{HashMap, HashSet};

use crate::pieces::text;
use farol_api::graph::{Node, NodeKind};
use farol_api::id::StepId;
use farol_api::runbook::Runbook;
use farol_runbook::parse;
use proptest::prelude::*;

/// What makes a step the same in two revisions: what it is, what it says, and where.
type Key = (u8, Option<String>, String, String);

fn key(node: &Node) -> Key {
    let sort = match node.kind {
        NodeKind::Decision => 0,
        _ => 1 + u8::from(node.command.is_some()),
    };
    let command = node.command.as_ref().map(|c| c.text.clone());
    (sort, command, node.title.clone(), node.section.join("\u{1f}"))
}

/// The steps that can be told from all others of their document, without those whose author named them.
fn single(runbook: &Runbook) -> HashMap<Key, StepId> {
    let mut found: HashMap<Key, (usize, StepId)> = HashMap::new();
    for node in &runbook.graph.nodes {
        found.entry(key(node)).or_insert((0, node.id.clone())).0 += 1;
    }
    found.into_iter().filter(|(_, (times, _))| *times == 1).map(|(key, (_, id))| (key, id)).collect()
}

/// Checks what must hold between two revisions, and returns how many steps were untouched.
fn kept(first: &Runbook, second: &Runbook) -> usize {
    let named: HashSet<StepId> =
        second.graph.nodes.iter().filter(|n| n.attributes.raw.contains_key("id")).map(|n| n.id.clone()).collect();
    let (before, after) = (single(first), single(second));
    let mut untouched = 0;
    for (key, id) in &before {
        if let Some(now) = after.get(key).filter(|now| !named.contains(*now) && !named.contains(id)) {
            assert_eq!(now, id, "{key:?}");
            untouched += 1;
        }
    }
    // An id that both revisions have belongs to what is much the same.
    let old: HashMap<&StepId, &Node> = first.graph.nodes.iter().map(|n| (&n.id, n)).collect();
    for node in second.graph.nodes.iter().filter(|n| !named.contains(&n.id)) {
        let Some(was) = old.get(&node.id) else { continue };
        let (a, b) = (key(was), key(node));
        let body = |k: &Key| k.1.clone().unwrap_or_else(|| k.2.clone());
        assert!(a.0 == b.0 && (body(&a) == body(&b) || a.2 == b.2 && a.3 == b.3), "{a:?} became {b:?}");
    }
    untouched
}

/// One edit of a document in sections.
#[derive(Clone, Debug)]
enum Edit {
    Insert(usize, String),
    Delete(usize),
    Move(usize, usize),
    Replace(usize, String),
    /// The section's steps in another order.
    Reverse(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = 0..8usize;
    prop_oneof![
        (at.clone(), text()).prop_map(|(at, text)| Edit::Insert(at, text)),
        at.clone().prop_map(Edit::Delete),
        (at.clone(), at.clone()).prop_map(|(from, to)| Edit::Move(from, to)),
        (at.clone(), text()).prop_map(|(at, text)| Edit::Replace(at, text)),
        at.prop_map(Edit::Reverse),
    ]
}

fn apply(sections: &mut Vec<(String, Vec<String>)>, edit: &Edit) {
    let count = sections.len();
    match edit {
        Edit::Insert(at, text) => {
            sections.insert(at % (count + 1), ("## Nova\n\n".to_owned(), vec![text.clone(), "\n\n".to_owned()]))
        }
        Edit::Delete(at) if count > 1 => drop(sections.remove(at % count)),
        Edit::Move(from, to) if count > 1 => {
            let section = sections.remove(from % count);
            sections.insert(to % count, section);
        }
        Edit::Replace(at, text) if count > 0 => sections[at % count].1 = vec![text.clone(), "\n\n".to_owned()],
        Edit::Reverse(at) if count > 0 => sections[at % count].1.reverse(),
        _ => {}
    }
}

fn whole(sections: &[(String, Vec<String>)]) -> String {
    let mut text =
        "# Fila de pedidos com atraso\n\nO que fazer quando a fila não anda, para quem está de plantão.\n\n".to_owned();
    for (heading, steps) in sections {
        text.push_str(heading);
        text.push_str(&steps.concat());
    }
    text
}

/// Sections of steps that can be told apart, and of which some are alike; `é🙂` is in all of them.
fn sections() -> impl Strategy<Value = Vec<(String, Vec<String>)>> {
    let step = prop_oneof![
        (0..6u8).prop_map(|n| format!("- Verificar a réplica {n} da região é🙂\n\n")),
        (0..6u8).prop_map(|n| format!("```bash\n# Reiniciar é🙂\nsystemctl restart fila-{n}\n```\n\n")),
        (0..6u8).prop_map(|n| format!("```sql\nselect {n} from pedidos where regiao = 'é🙂';\n```\n\n")),
        (0..6u8).prop_map(|n| format!("- [ ] Alarme {n} em silêncio é🙂\n\n")),
    ];
    proptest::collection::vec(proptest::collection::vec(step, 1..5), 1..6).prop_map(|all| {
        let heading = |i: usize| format!("## Parte {i} é🙂\n\n");
        all.into_iter().enumerate().map(|(i, steps)| (heading(i), steps)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn untouched_steps_keep_their_ids(sections in sections(), edits in proptest::collection::vec(edit(), 1..4), windows in any::<bool>()) {
        let mut sections = sections;
        let mut first = parse(&whole(&sections), None);
        for edit in &edits {
            apply(&mut sections, edit);
            let text = whole(&sections);
            let text = if windows { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text };
            let second = parse(&text, Some(&first));
            kept(&first, &second);
            first = second;
        }
    }

    #[test]
    fn ids_hold_in_any_text_that_is_edited(before in text(), middle in text(), after in text(), new in text()) {
        let first = parse(&format!("{before}\n\n{middle}\n\n{after}"), None);
        for text in [format!("{before}\n\n{new}\n\n{middle}\n\n{after}"), format!("{before}\n\n{after}"), format!("{middle}\n\n{before}\n\n{after}")] {
            let second = parse(&text, Some(&first));
            kept(&first, &second);
            prop_assert_eq!(&parse(&text, Some(&second)), &second, "reading again changes nothing");
        }
    }
}

/// What the properties go by is not empty: each edit leaves steps untouched, and all of them keep their ids.
#[test]
fn each_edit_leaves_the_other_sections_alone() {
    let sections: Vec<_> = (0..4)
        .map(|i| {
            let steps = vec![
                format!("```bash\n# Reiniciar\nsystemctl restart fila-{i}\n```\n\n"),
                format!("- Verificar a réplica {i} da região\n\n"),
            ];
            (format!("## Parte {i}\n\n"), steps)
        })
        .collect();
    let first = parse(&whole(&sections), None);
    for (edit, untouched) in [
        (Edit::Insert(1, "```bash\n# Reiniciar\nuptime\n```\n\n- Verificar a réplica 9\n".to_owned()), 8),
        (Edit::Delete(1), 6),
        (Edit::Move(3, 0), 8),
        (Edit::Replace(2, "- Avisar a equipe de plantão\n".to_owned()), 6),
        (Edit::Reverse(2), 7),
    ] {
        for windows in [false, true] {
            let mut edited = sections.clone();
            apply(&mut edited, &edit);
            let text = whole(&edited);
            let text = if windows { text.replace('\n', "\r\n") } else { text };
            assert_eq!(kept(&first, &parse(&text, Some(&first))), untouched, "{edit:?}");
        }
    }
}

/// A step that is gone leaves its id to nobody, even where the one after it has its title and was edited.
#[test]
fn an_edited_step_does_not_take_the_id_of_one_that_is_gone() {
    let text = |commands: &[&str]| {
        let blocks = commands.iter().map(|command| format!("Rode:\n\n```bash\n{command}\n```\n\n"));
        format!("# Fila\n\n{}", blocks.collect::<String>())
    };
    let first = parse(&text(&["uptime", "systemctl stop fila", "df -h"]), None);
    let titles: HashSet<&str> = first.graph.nodes.iter().map(|n| n.title.as_str()).collect();
    assert_eq!(titles.len(), 1, "{titles:?}");
    let ids = |runbook: &Runbook| runbook.graph.nodes.iter().map(|n| n.id.clone()).collect::<Vec<_>>();
    let before = ids(&first);
    let second = ids(&parse(&text(&["systemctl stop fila-2", "df -h"]), Some(&first)));
    assert!(!before.contains(&second[0]), "{before:?} {second:?}");
    assert_eq!(second[1], before[2]);
    let edited = ids(&parse(&text(&["uptime", "systemctl stop fila-2", "df -h"]), Some(&first)));
    assert_eq!(edited, before, "one that was edited where it stands keeps its own");
}
