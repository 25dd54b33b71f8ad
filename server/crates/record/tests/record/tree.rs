//! RFC 6962's tree against published roots and proofs, and against itself.

use farol_record::{Hash, Tree, proof};
use proptest::prelude::*;

/// The leaves of the Certificate Transparency project's own test of its Merkle tree, in hex.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// The roots that it publishes for the first 1 to 8 of them.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn hash(hex: &str) -> Hash {
    let digest: farol_api::digest::Digest = hex.parse().unwrap();
    digest.into()
}

fn published() -> Vec<Hash> {
    let byte = |hex: &str, at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let bytes = |hex: &&str| (0..hex.len()).step_by(2).map(|at| byte(hex, at)).collect::<Vec<_>>();
    LEAVES.iter().map(|hex| Hash::of_leaf(&bytes(hex))).collect()
}

#[test]
fn the_roots_are_the_published_ones() {
    let mut tree = Tree::default();
    assert_eq!(tree.root(), hash(EMPTY));
    for (leaf, root) in published().into_iter().zip(ROOTS) {
        tree.append(leaf);
        assert_eq!(tree.root(), hash(root), "{} leaves", tree.size());
    }
}

#[test]
fn the_proofs_are_the_published_ones() {
    let leaves = published();
    let [a, b, c] = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    assert_eq!(proof::inclusion(&leaves, 0).unwrap(), [hash(a), hash(b), hash(c)]);
    assert_eq!(proof::consistency(&leaves, 1).unwrap(), [hash(a), hash(b), hash(c)]);
    let six = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(proof::consistency(&leaves, 6).unwrap(), six.map(hash));
    let two = [b, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"];
    assert_eq!(proof::consistency(&leaves[..5], 2).unwrap(), two.map(hash));
}

#[test]
fn a_tree_is_put_together_again_from_its_peaks_and_from_no_others() {
    let tree: Tree = published().into_iter().take(7).collect();
    let peaks = tree.peaks();
    assert_eq!(peaks.len(), 3 * 32);
    assert_eq!(Tree::from_peaks(7, &peaks), Some(tree));
    assert_eq!(Tree::from_peaks(6, &peaks), None);
    assert_eq!(Tree::from_peaks(7, &peaks[1..]), None);
    assert_eq!(Tree::from_peaks(0, &[]), Some(Tree::default()));
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|n| Hash::of_leaf(&n.to_be_bytes())).collect()
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_in_its_place_and_no_other() {
    for size in 1..=33_usize {
        let leaves = leaves(size);
        let root = leaves.iter().copied().collect::<Tree>().root();
        for index in 0..size {
            let path = proof::inclusion(&leaves, index).unwrap();
            for claimed in 0..size {
                let holds = proof::includes(leaves[index], claimed as u64, size as u64, &path, root);
                assert_eq!(holds, claimed == index, "{index} as {claimed} of {size}");
            }
            assert!(!proof::includes(leaves[index], index as u64, index as u64, &path, root));
        }
        assert_eq!(proof::inclusion(&leaves, size), None);
    }
}

#[test]
fn every_tree_is_consistent_with_those_it_grew_from_and_no_other() {
    let leaves = leaves(33);
    let roots: Vec<Hash> = (0..=33).map(|size| leaves[..size].iter().copied().collect::<Tree>().root()).collect();
    for new in 0..=33_usize {
        for old in 0..=new {
            let path = proof::consistency(&leaves[..new], old).unwrap();
            for claimed in 0..=33_usize {
                let (from, to) = ((claimed as u64, roots[claimed]), (new as u64, roots[new]));
                // The empty tree has no proof, as the whole one has none.
                let holds = claimed == old || (path.is_empty() && (claimed == 0 || claimed == new));
                assert_eq!(proof::is_consistent(from, to, &path), holds, "{claimed} for {old} of {new}");
            }
        }
        assert_eq!(proof::consistency(&leaves[..new], new + 1), None);
    }
}

proptest! {
    #[test]
    fn a_changed_proof_proves_nothing(size in 2_usize..200, at in any::<prop::sample::Index>(),
                                      old in any::<prop::sample::Index>(), byte in 0_usize..32, bit in 0_u8..8) {
        let leaves = leaves(size);
        let root = leaves.iter().copied().collect::<Tree>().root();
        let (index, old) = (at.index(size), 1 + old.index(size - 1));
        let twist = |hash: &mut Hash| {
            let mut bytes = *hash.as_bytes();
            bytes[byte] ^= 1 << bit;
            *hash = Hash::from_bytes(bytes);
        };
        let path = proof::inclusion(&leaves, index).unwrap();
        for place in 0..path.len() {
            let mut twisted = path.clone();
            twist(&mut twisted[place]);
            prop_assert!(!proof::includes(leaves[index], index as u64, size as u64, &twisted, root));
            prop_assert!(!proof::includes(leaves[index], index as u64, size as u64, &path[..place], root));
        }
        let before = leaves[..old].iter().copied().collect::<Tree>().root();
        let path = proof::consistency(&leaves, old).unwrap();
        prop_assert!(proof::is_consistent((old as u64, before), (size as u64, root), &path));
        for place in 0..path.len() {
            let mut twisted = path.clone();
            twist(&mut twisted[place]);
            prop_assert!(!proof::is_consistent((old as u64, before), (size as u64, root), &twisted));
        }
    }
}
