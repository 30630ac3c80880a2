//! The bytes of every record, frozen in `frozen.txt`: a line per table and version of
//! its record, with the row of the value made here.
//!
//! Rows like these are in people's stores. When [`the_bytes_of_every_record_are_those_frozen`]
//! is red, the shape of a record has changed, and [`ADVICE`] says what to do.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::jobs::JobRecord;
use super::numbers::{Number, Numbered, all_numbers};
use super::shape::{Form, Record};
use crate::store::codec;
use crate::store::tables::TABLE_KINDS;

mod samples;

use samples::{Sample, samples};

const ADVICE: &str = "Stores in use have rows of the frozen shape. If the change was not \
meant, take it back. If it was: raise the record's VERSION, keep reading the old shape in \
Record::of_earlier (or write a migration step in store/file/migrate.rs), leave the old line \
of src/store/record/frozen.txt, add the new one, and freeze a store that holds it: \
`cargo test --test it freeze -- --ignored`.";

/// Table, version and row of every line of the file.
fn frozen() -> Vec<(&'static str, u8, Vec<u8>)> {
    let lines = include_str!("frozen.txt").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut parts = line.split(' ');
            let mut next = || parts.next().expect("table, version, row");
            let (table, version, row) = (next(), next(), next());
            (table, version.parse().expect("a version"), bytes(row))
        })
        .collect()
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<u8> = hexadecimal
        .chars()
        .map(|digit| digit.to_digit(16).expect("a digit") as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn line(sample: &Sample) -> String {
    let row: String = sample
        .row
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{} {} {row}", sample.table, sample.version)
}

#[test]
fn the_bytes_of_every_record_are_those_frozen() {
    let frozen = frozen();
    let changed: Vec<String> = samples()
        .iter()
        .filter(|sample| !frozen.contains(&(sample.table, sample.version, sample.row.clone())))
        .map(line)
        .collect();
    assert!(
        changed.is_empty(),
        "the rows of these tables are now\n{}\n{ADVICE}",
        changed.join("\n")
    );
}

#[test]
fn every_row_ever_frozen_is_read() {
    let samples = samples();
    for (table, version, row) in frozen() {
        let sample = samples.iter().find(|sample| sample.table == table);
        let sample = sample.unwrap_or_else(|| panic!("no sample of {table}"));
        let read = (sample.read)(&row);
        let same = read.unwrap_or_else(|error| panic!("{table} {version}: {error}. {ADVICE}"));
        assert!(same || version < sample.version, "{table} {version}");
    }
}

#[test]
fn there_is_a_sample_of_every_table() {
    let sampled: BTreeSet<&str> = samples().iter().map(|sample| sample.table).collect();
    let tables: BTreeSet<&str> = TABLE_KINDS.iter().map(|(name, _)| *name).collect();
    assert_eq!(sampled, tables);
}

/// A row with these bytes as its record.
fn row(version: u8, body: &[u8]) -> Vec<u8> {
    let mut row = vec![version];
    row.extend(body);
    let sum = blake3::hash(&row);
    row.extend(&sum.as_bytes()[..4]);
    row
}

#[test]
fn a_row_of_another_shape_is_refused_not_misread() {
    for sample in samples() {
        let body = &sample.row[1..sample.row.len() - 4];
        assert_eq!(row(sample.version, body), sample.row);
        if sample.is_opaque {
            continue;
        }
        let longer = row(sample.version, &[body, &[0]].concat());
        let said = (sample.read)(&longer).expect_err(sample.table);
        assert!(said.contains("left over"), "{}: {said}", sample.table);
        if let Some((_, shorter)) = body.split_last() {
            let shorter = row(sample.version, shorter);
            assert!((sample.read)(&shorter).is_err(), "{}", sample.table);
        }
        let newer = row(sample.version + 1, body);
        let said = (sample.read)(&newer).expect_err(sample.table);
        assert!(said.contains("newer afwd"), "{}: {said}", sample.table);
    }
}

/// A job as it would be with one more field.
#[derive(Serialize)]
struct JobWithMore {
    job: JobRecord,
    more: Option<u8>,
}

#[test]
fn a_field_added_to_a_job_does_not_read_as_a_job() {
    let job = JobRecord::of(&samples::job());
    let wider = codec::seal(1, &JobWithMore { job, more: None }).expect("encodes");
    assert!(JobRecord::decode(&wider).is_err());
}

/// A record that has changed its shape.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wider {
    name: String,
    weight: Option<u16>,
}

impl Record for Wider {
    const VERSION: u8 = 2;

    fn of_earlier(version: u8, body: &[u8]) -> Result<Self, String> {
        match version {
            1 => {
                let name = codec::read_body(body)?;
                Ok(Self { name, weight: None })
            }
            other => Err(codec::unknown_version(other)),
        }
    }
}

#[test]
fn a_row_is_read_by_the_version_it_has() {
    let first = codec::seal(1, &"Ana Gram").expect("encodes");
    let name = "Ana Gram".to_owned();
    let old = Wider {
        name: name.clone(),
        weight: None,
    };
    assert_eq!(Wider::decode(&first), Ok(old));
    let weight = Some(90);
    let new = Wider { name, weight };
    let second = new.encode().expect("encodes");
    assert_eq!(second[0], 2);
    assert_eq!(Wider::decode(&second), Ok(new));
}

/// Levels with one that came later, in the middle.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Widened {
    Low,
    Between,
    High,
}

impl Numbered for Widened {
    fn number(self) -> u8 {
        match self {
            Self::Low => 0,
            Self::High => 1,
            Self::Between => 2,
        }
    }

    fn of_number(number: u8) -> Result<Self, String> {
        [Self::Low, Self::High, Self::Between]
            .get(usize::from(number))
            .copied()
            .ok_or_else(|| number.to_string())
    }
}

#[test]
fn a_value_put_between_others_moves_none_of_them() {
    for value in [Widened::Low, Widened::Between, Widened::High] {
        let stored = codec::seal(1, &Number(value)).expect("encodes");
        assert_eq!(stored[1], value.number());
        let (_, body) = codec::open(&stored).expect("an envelope");
        assert_eq!(codec::read_body(body), Ok(Number(value)));
    }
    assert_eq!(
        Number(Widened::High).0.number(),
        1,
        "as before there was one between"
    );
}

#[test]
fn a_number_is_given_once_and_for_ever() {
    let all = all_numbers();
    let mut said = String::new();
    for (name, value, number) in all {
        said += &format!("{name} {value} {number}\n");
    }
    assert_eq!(
        said,
        include_str!("numbers.txt"),
        "a stored number means another value now, or none: new values take new numbers, at the \
         end of their enum's lines in src/store/record/numbers.txt"
    );
}
