use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const LARGEST: usize = 1000;

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tarred(files: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind, bytes) in files {
        let mut header = tar::Header::new_ustar();
        // `set_path` would refuse what hostile archives hold.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        if *kind == tar::EntryType::Symlink {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn open(name: &str, bytes: Vec<u8>) -> Result<Batch, Refused> {
    unpack(name, Kind::of(name).unwrap(), &mut Cursor::new(bytes), LARGEST)
}

/// Paths with what became of them.
fn outcomes(batch: &Batch) -> Vec<(&str, Result<&str, SkipReason>)> {
    let mut all = Vec::new();
    for found in &batch.files {
        let outcome = found.content.as_ref().map(String::as_str).map_err(|why| why.reason);
        all.push((found.path.as_str(), outcome));
    }
    all.sort_by_key(|(path, _)| *path);
    all
}

#[test]
fn a_zip_gives_its_markdown_and_says_what_it_leaves() {
    let large = vec![b'a'; LARGEST + 1];
    let batch = open(
        "wiki.zip",
        zipped(&[
            ("wiki-main/a.md", b"\xef\xbb\xbf# A\r\n"),
            ("wiki-main/db\\b.MD", b"# B\n"),
            ("wiki-main/./a.md", b"# Another\n"),
            ("wiki-main/../../evil.md", b"# Evil\n"),
            ("/etc/cron.d/evil.md", b"# Evil\n"),
            ("wiki-main/large.md", &large),
            ("wiki-main/nul.md", b"# N\0"),
            ("wiki-main/run.sh", b"echo"),
            ("wiki-main/.git/README.md", b"# Hidden\n"),
            ("wiki-main/vendor/x/README.md", b"# Theirs\n"),
        ]),
    );
    let batch = batch.unwrap();
    assert_eq!((batch.source.as_str(), batch.complete), ("wiki", true));
    assert_eq!(
        outcomes(&batch),
        [
            ("/etc/cron.d/evil.md", Err(SkipReason::HostilePath)),
            ("a.md", Ok("\u{feff}# A\r\n")),
            ("a.md", Err(SkipReason::Duplicate)),
            ("db/b.MD", Ok("# B\n")),
            ("large.md", Err(SkipReason::TooLarge)),
            ("nul.md", Err(SkipReason::NotText)),
            ("run.sh", Err(SkipReason::NotMarkdown)),
            ("wiki-main/../../evil.md", Err(SkipReason::HostilePath)),
        ]
    );
}

#[test]
fn a_tar_gives_the_same_packed_or_not() {
    use tar::EntryType::{Fifo, Link, Regular, Symlink};
    let files: [(&str, tar::EntryType, &[u8]); 6] = [
        ("db/a.md", Regular, b"# A\n"),
        ("db/a.md", Regular, b"# Again\n"),
        ("db/link.md", Symlink, b""),
        ("db/hard.md", Link, b""),
        ("db/pipe.md", Fifo, b""),
        ("../../evil.md", Regular, b"# Evil\n"),
    ];
    let expected = [
        ("../../evil.md", Err(SkipReason::HostilePath)),
        ("a.md", Ok("# A\n")),
        ("a.md", Err(SkipReason::Duplicate)),
        ("hard.md", Err(SkipReason::Link)),
        ("link.md", Err(SkipReason::Link)),
        ("pipe.md", Err(SkipReason::NotAFile)),
    ];
    let bytes = tarred(&files);
    for (name, bytes) in [("x.tar", bytes.clone()), ("x.tar.gz", gzipped(&bytes)), ("X.TGZ", gzipped(&bytes))] {
        assert_eq!(outcomes(&open(name, bytes).unwrap()), expected, "{name}");
    }
}

#[test]
fn a_name_that_a_zip_holds_twice_is_said() {
    let mut bytes = zipped(&[("a.md", b"# A\n"), ("b.md", b"# B\n")]);
    for at in 0..bytes.len() - 4 {
        if &bytes[at..at + 4] == b"b.md" {
            bytes[at..at + 4].copy_from_slice(b"a.md");
        }
    }
    let batch = open("x.zip", bytes).unwrap();
    let duplicates = outcomes(&batch).into_iter().filter(|(_, outcome)| *outcome == Err(SkipReason::Duplicate));
    assert_eq!(duplicates.count(), 1, "{batch:?}");
}

#[test]
fn a_bomb_is_refused_as_a_whole() {
    // 300 MiB of zeros are some hundred kilobytes packed.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let mut header = tar::Header::new_ustar();
    header.set_path("zeros.bin").unwrap();
    header.set_size(300 << 20);
    header.set_cksum();
    encoder.write_all(&tarred(&[("a.md", tar::EntryType::Regular, b"# A\n")])[..1024]).unwrap();
    encoder.write_all(header.as_bytes()).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..300 {
        encoder.write_all(&zeros).unwrap();
    }
    let bytes = encoder.finish().unwrap();
    assert!(bytes.len() < 4 << 20);
    assert_eq!(open("bomb.tgz", bytes).unwrap_err(), file::too_much());
}

#[test]
fn an_archive_of_very_many_entries_is_refused_as_a_whole() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for n in 0..=MOST_ENTRIES {
        writer.start_file(format!("{n}.md"), stored).unwrap();
    }
    assert_eq!(open("many.zip", writer.finish().unwrap().into_inner()).unwrap_err(), file::too_many());
    let many: Vec<u8> = {
        let one = tarred(&[("a.txt", tar::EntryType::Regular, b"")]);
        one[..512].repeat(MOST_ENTRIES + 1)
    };
    assert_eq!(open("many.tar", many).unwrap_err(), file::too_many());
}

#[test]
fn a_broken_archive_gives_nothing() {
    let whole = gzipped(&tarred(&[
        ("a.md", tar::EntryType::Regular, b"# A\n"),
        ("b.md", tar::EntryType::Regular, &[b'b'; 900]),
    ]));
    for (name, bytes) in [
        ("cut.tgz", whole[..whole.len() / 2].to_vec()),
        ("no.zip", b"no archive".to_vec()),
        ("empty.zip", Vec::new()),
        ("no.tar.gz", b"no archive".to_vec()),
        ("no.tar", vec![b'x'; 2048]),
    ] {
        let refused = open(name, bytes).map(|batch| format!("{batch:?}"));
        assert!(refused.as_ref().is_err_and(|why| why.0.en.contains("cannot be read")), "{name}: {refused:?}");
    }
}
