//! Signed notes, against what others signed.

use farol_record::{Checkpoint, Hash, Note, PublicKey, SecretKey, Tree};

/// The example in the documentation of Go's `golang.org/x/mod/sumdb/note`, from which the format comes.
const VERIFIER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n\n\
                    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

#[test]
fn a_note_that_others_signed_is_read() {
    let key: PublicKey = VERIFIER.parse().unwrap();
    assert_eq!((key.label(), key.to_string()), ("PeterNeumann+c74f20a3".into(), VERIFIER.into()));
    let note = Note::read(NOTE).unwrap();
    assert_eq!(note.is_signed_by(&key), Some(true));
    let changed = Note::read(&NOTE.replace("answer", "Answer")).unwrap();
    assert_eq!(changed.is_signed_by(&key), Some(false));
    let other = SecretKey::new("PeterNeumann", &[1; 32]).unwrap();
    assert_eq!(note.is_signed_by(other.public()), None);
}

#[test]
fn what_is_signed_here_is_read_here_and_says_what_it_stands_for() {
    let secret = SecretKey::new("farol/a", &[7; 32]).unwrap();
    let key: PublicKey = secret.public().to_string().parse().unwrap();
    assert_eq!(&key, secret.public());
    let tree: Tree = [Hash::of_leaf(b"a"), Hash::of_leaf(b"b")].into_iter().collect();
    let checkpoint = Checkpoint::of("farol/a/incidents/3".into(), &tree);
    let signed = checkpoint.sign(&secret);
    let note = Note::read(&signed).unwrap();
    assert_eq!(note.is_signed_by(&key), Some(true));
    assert_eq!(Checkpoint::read(note.text()), Some(checkpoint));
    assert!(!format!("{secret:?}").contains("7, 7"));
}

#[test]
fn several_may_sign_one_note() {
    let (a, b) = (SecretKey::new("a", &[1; 32]).unwrap(), SecretKey::new("b", &[2; 32]).unwrap());
    let checkpoint = Checkpoint::of("a/incidents/1".into(), &[Hash::of_leaf(b"x")].into_iter().collect());
    let second = checkpoint.sign(&b);
    let both = format!("{}{}", checkpoint.sign(&a), second.rsplit_once("\n\n").unwrap().1);
    let note = Note::read(&both).unwrap();
    assert_eq!((note.is_signed_by(a.public()), note.is_signed_by(b.public())), (Some(true), Some(true)));
}

#[test]
fn what_is_no_note_no_key_and_no_checkpoint_is_none() {
    for text in
        ["", "text", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n— name AAAA\n", "a\tb\n\n— n AAAAAAAAAAA=\n"]
    {
        assert!(Note::read(text).is_err(), "{text:?}");
    }
    let (unended, dashed) = (NOTE.trim_end(), NOTE.replace('—', "-"));
    assert!(Note::read(unended).is_err() && Note::read(&dashed).is_err());
    for text in
        ["", "a", "a+b+c", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", &VERIFIER[..60]]
    {
        assert!(text.parse::<PublicKey>().is_err(), "{text}");
    }
    assert!(SecretKey::new("two words", &[1; 32]).is_none() && SecretKey::new("a+b", &[1; 32]).is_none());
    let root = Hash::of(b"").to_base64();
    for text in ["o\n01\n", "o\n1\n", "\n1\nROOT\n", "o\n01\nROOT\n", "o\n-1\nROOT\n", "o\n1\nROOT", "o\n1\nAA==\n"] {
        assert_eq!(Checkpoint::read(&text.replace("ROOT", &root)), None, "{text:?}");
    }
    assert!(Checkpoint::read(&format!("o\n1\n{root}\nan extension\n")).is_some());
}
