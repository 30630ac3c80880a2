//! Several rows of one player, season and level: clubs he was traded between, the sum
//! a source adds to them, and the same club told twice.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Debug;

use jiff::civil::Date;

use super::shape::{Judged, Settled};
use crate::domain::{Franchise, counts_sum};

/// How a row names its club.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// One club.
    Club,
    /// None.
    Nobody,
    /// Several organisations (`COL/PHI`): their sum.
    Several,
    /// Two codes (`HFD/REA`): their sum, or a club that two organisations share.
    Shared,
    /// The sum of a player's clubs (`2TM`, `TOT`, `- - -`).
    Total,
}

/// A row of counts for a player, a season and maybe a level and a club.
pub(super) trait Stint: PartialEq + Sized {
    /// What the rows of one season at one level have in common.
    type Group: Ord + Debug;
    /// What tells them apart.
    type Club: Ord + Clone + Debug;

    /// Player, season and level.
    fn group(&self) -> Self::Group;
    /// The club and the stint.
    fn club(&self) -> Self::Club;
    /// How the club is named.
    fn named(&self) -> Named;
    /// Number of the stint with the club, 0 when it is not given.
    fn stint(&self) -> u16;
    /// Day the counts are true for.
    fn as_of(&self) -> Date;
    /// Playing time, then the counts that tell a sum.
    fn counts(&self) -> Vec<u32>;
    /// Takes the counts of another stint.
    fn add(&mut self, other: &Self);
    /// True when rows of one club may be added up: they are of different stints or
    /// sides of the ball.
    fn adds_to(&self, other: &Self) -> bool;
    /// Columns that would tell two rows of one club apart.
    const APART: &'static str;
}

/// Settles rows sorted by group.
pub(super) fn settle<S: Stint>(rows: Vec<Judged<S>>) -> Settled<S> {
    let mut settled = Settled::default();
    let mut tally = Tally::default();
    let mut group: Vec<Judged<S>> = Vec::new();
    for row in rows {
        if group
            .first()
            .is_some_and(|first| first.item.group() != row.item.group())
        {
            resolve(std::mem::take(&mut group), &mut settled, &mut tally);
        }
        group.push(row);
    }
    resolve(group, &mut settled, &mut tally);
    settled.notes.extend(tally.notes());
    settled
}

/// What was done to rows, for the notes.
#[derive(Default)]
struct Tally {
    sums: u64,
    parts: u64,
    older: u64,
    added: u64,
}

impl Tally {
    fn notes(&self) -> Vec<String> {
        let all = [
            (
                self.sums,
                "left out as sums of a player's clubs, whose own rows are there",
            ),
            (
                self.parts,
                "left out as parts of a player's sum that has more in it than they have",
            ),
            (
                self.older,
                "left out as older: the file has the same line of a later day",
            ),
            (
                self.added,
                "of further stints, or without a club, added to another of the same player, season and \
                 level (to keep clubs apart, name them in `team_id`, `team` or `org`)",
            ),
        ];
        all.iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("rows {what}: {count}"))
            .collect()
    }
}

fn resolve<S: Stint>(mut rows: Vec<Judged<S>>, settled: &mut Settled<S>, tally: &mut Tally) {
    if rows.len() > 1 {
        // The order of rows in a file must not matter.
        rows.sort_by_cached_key(|row| {
            let text: Vec<String> = row.text.iter().map(str::to_owned).collect();
            (
                row.item.club(),
                Reverse(row.item.as_of()),
                Reverse(row.item.counts()),
                text,
                row.line,
            )
        });
        rows = newest(rows, settled, tally);
        rows = without_sums(rows, settled, tally);
        rows = told_apart(rows, settled, tally);
    }
    settled.kept.extend(rows);
}

/// Drops repeats, and of one club's rows those of earlier days.
fn newest<S: Stint>(
    rows: Vec<Judged<S>>,
    settled: &mut Settled<S>,
    tally: &mut Tally,
) -> Vec<Judged<S>> {
    let mut kept: Vec<Judged<S>> = Vec::with_capacity(rows.len());
    for row in rows {
        let alike = |held: &&Judged<S>| {
            held.item.club() == row.item.club() && held.item.stint() == row.item.stint()
        };
        let earlier = kept.iter().find(alike);
        match earlier {
            Some(held) if held.item.as_of() > row.item.as_of() => {
                settled.left_out += 1;
                tally.older += 1;
            }
            Some(_)
                if kept
                    .iter()
                    .filter(alike)
                    .any(|held| held.item.counts() == row.item.counts()) =>
            {
                settled.duplicates += 1;
            }
            _ => kept.push(row),
        }
    }
    kept
}

/// Leaves out the sums, or, where a sum has more in it than the rows of the clubs, those.
fn without_sums<S: Stint>(
    rows: Vec<Judged<S>>,
    settled: &mut Settled<S>,
    tally: &mut Tally,
) -> Vec<Judged<S>> {
    let (mut sums, mut parts): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| row.item.named() == Named::Total);
    // A sum that does not say so is told by what it adds up to.
    while let Some(at) = (0..parts.len()).find(|&at| is_sum(&parts, at)) {
        sums.push(parts.remove(at));
    }
    refuse_doubtful(&mut parts, settled);
    if sums.is_empty() {
        return parts;
    }
    let time = |row: &Judged<S>| row.item.counts().first().copied().unwrap_or(0);
    // The last of equals, as they are sorted: any would do.
    let best = (0..sums.len())
        .max_by_key(|&at| time(&sums[at]))
        .unwrap_or(0);
    let sum = sums.swap_remove(best);
    settled.left_out += sums.len() as u64;
    tally.sums += sums.len() as u64;
    if !parts.is_empty() && !counts_sum(time(&sum), parts.iter().map(time)) {
        settled.left_out += 1;
        tally.sums += 1;
        return parts;
    }
    settled.left_out += parts.len() as u64;
    tally.parts += parts.len() as u64;
    vec![sum]
}

/// True when a row that names no club, or several, has everything in it that the
/// other rows have.
fn is_sum<S: Stint>(rows: &[Judged<S>], at: usize) -> bool {
    let others = || {
        rows.iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .map(|(_, row)| row)
    };
    if others().next().is_none() {
        return false;
    }
    let own = rows[at].item.counts();
    let mut sum = vec![0u32; own.len()];
    for row in others() {
        for (sum, count) in sum.iter_mut().zip(row.item.counts()) {
            *sum += count;
        }
    }
    let named = others().any(|row| row.item.named() == Named::Club);
    match rows[at].item.named() {
        Named::Nobody | Named::Shared => {
            own == sum && (named || rows.len() > 2) && own.iter().any(|&count| count > 0)
        }
        Named::Several => own.first() >= sum.first() && named,
        Named::Club | Named::Total => false,
    }
}

/// A row without a club that could be a sum with a club missing, or a club of its own,
/// is asked about.
fn refuse_doubtful<S: Stint>(rows: &mut Vec<Judged<S>>, settled: &mut Settled<S>) {
    let named: Vec<(u32, Vec<u32>)> = rows
        .iter()
        .filter(|row| row.item.named() == Named::Club)
        .map(|row| (row.line, row.item.counts()))
        .collect();
    let Some((line, _)) = named.first() else {
        return;
    };
    let line = *line;
    let doubtful = |row: &Judged<S>| {
        row.item.named() == Named::Nobody
            && row.item.counts().iter().enumerate().all(|(at, count)| {
                *count >= named.iter().map(|(_, counts)| counts[at]).sum::<u32>()
            })
    };
    let mut at = 0;
    while at < rows.len() {
        if doubtful(&rows[at]) {
            let row = rows.remove(at);
            let reason = format!(
                "it names no club and may be the sum of other rows (as line {line}) or a club of its own: \
                 name the club in {}, or `TOT` for a sum",
                S::APART
            );
            settled.refused.push((row.line, row.text, reason));
        } else {
            at += 1;
        }
    }
}

/// Adds up stints nothing tells apart, and refuses what contradicts.
fn told_apart<S: Stint>(
    rows: Vec<Judged<S>>,
    settled: &mut Settled<S>,
    tally: &mut Tally,
) -> Vec<Judged<S>> {
    let mut kept: BTreeMap<S::Club, Judged<S>> = BTreeMap::new();
    for row in rows {
        match kept.get_mut(&row.item.club()) {
            None => {
                kept.insert(row.item.club(), row);
            }
            Some(held) if held.item.named() == Named::Nobody || held.item.adds_to(&row.item) => {
                held.item.add(&row.item);
                held.rows += row.rows;
                tally.added += 1;
            }
            Some(held) => {
                let reason = format!(
                    "contradicts line {} of the file, which is of the same player, season, level and club; \
                     if they are of two clubs or stints, tell them apart by {}",
                    held.line,
                    S::APART
                );
                settled.refused.push((row.line, row.text, reason));
            }
        }
    }
    kept.into_values().collect()
}

/// True for what sources write for the clubs of a traded player together.
pub(in crate::ingest) fn is_total(text: &str) -> bool {
    let text = text.trim();
    if text == "- - -" {
        return true;
    }
    // What most rows have is told by its first letter.
    if !text.starts_with(|c: char| c.is_ascii_digit() || "acmostvACMOSTV".contains(c)) {
        return false;
    }
    let word: String = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = word.split_at(digits);
    let counted = matches!(
        rest,
        "tm" | "tms"
            | "team"
            | "teams"
            | "club"
            | "clubs"
            | "org"
            | "orgs"
            | "lg"
            | "lgs"
            | "league"
            | "leagues"
    );
    if !number.is_empty() {
        return counted && number.parse::<u8>().is_ok_and(|clubs| clubs > 1);
    }
    matches!(
        rest,
        "tot"
            | "total"
            | "totals"
            | "mult"
            | "multi"
            | "multiple"
            | "multipleteams"
            | "multipleclubs"
            | "various"
            | "combined"
            | "allteams"
            | "twoteams"
            | "threeteams"
            | "overall"
            | "teamtotal"
            | "seasontotal"
    )
}

/// True for two codes in one cell (`HFD/REA`).
pub(super) fn is_pair(text: &str) -> bool {
    let code = |part: &str| {
        (2..=4).contains(&part.trim().len())
            && part.trim().bytes().all(|b| b.is_ascii_alphanumeric())
    };
    text.contains(['/', ',', '&', '+']) && text.split(['/', ',', '&', '+']).all(code)
}

/// Organisations of a text that names several, all of them known: `COL/PHI`.
pub(super) fn several(text: &str) -> Option<Vec<&'static Franchise>> {
    const SIGNS: [char; 6] = ['/', ',', '&', '+', ';', '|'];
    if !text.contains(SIGNS) {
        return None;
    }
    let parts: Vec<&str> = text.split(SIGNS).collect();
    (parts.len() > 1)
        .then(|| parts.iter().map(|part| Franchise::named(part)).collect())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::{is_total, several};

    #[test]
    fn sums_are_told_by_their_club() {
        for text in [
            "2TM",
            "3TM",
            "2 Tms",
            "2 Teams",
            "TOT",
            "Total",
            "- - -",
            "2LG",
            "Multiple Teams",
            "tot",
            "2-Tm",
        ] {
            assert!(is_total(text), "{text}");
        }
        for text in ["", "NYY", "1TM", "---", "TOR", "Toledo", "2", "51s"] {
            assert!(!is_total(text), "{text}");
        }
        let codes =
            |text| several(text).map(|all| all.iter().map(|one| one.code).collect::<Vec<_>>());
        assert_eq!(codes("COL/PHI"), Some(vec!["COL", "PHI"]));
        assert_eq!(
            (codes("VSL BOS/SD"), codes("COL"), codes("HFD/REA")),
            (None, None, None)
        );
    }
}
