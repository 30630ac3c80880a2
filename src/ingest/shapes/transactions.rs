//! Roster transactions: who was put on a 40-man roster, optioned, outrighted or
//! released, and when.

use jiff::civil::Date;

use super::shape::Shape;
use crate::domain::{ProspectId, Transaction, TransactionKind};
use crate::ingest::plausible::check;
use crate::ingest::report::Options;
use crate::ingest::row::Row;
use crate::store::{Change, StoreError, WriteTx};

/// A row about one player on one day.
#[derive(PartialEq)]
pub(crate) struct Transactions {
    player: ProspectId,
    transaction: Transaction,
}

/// Words a file may say, the MLB Stats API's code of the same, and what it does. Two
/// moves of one day happened in this order: who is released may sign again, and who is
/// added may be optioned.
const EVENTS: &[(&str, &str, TransactionKind)] = &[
    ("release", "REL", TransactionKind::Release),
    ("nontender", "NT", TransactionKind::Release),
    ("electfa", "DFA", TransactionKind::Other),
    ("retire", "RET", TransactionKind::Retirement),
    ("dfa", "DES", TransactionKind::Other),
    ("outright", "OUT", TransactionKind::Demotion),
    ("mlfa", "MLF", TransactionKind::Signing),
    ("sign", "SGN", TransactionKind::Signing),
    ("invite", "NRI", TransactionKind::Other),
    ("camp", "ASG", TransactionKind::Assignment),
    ("trade", "TR", TransactionKind::Trade),
    ("waiver", "CLW", TransactionKind::Claim),
    ("rule5", "R5", TransactionKind::Claim),
    ("select", "SE", TransactionKind::Promotion),
    ("recall", "CU", TransactionKind::Promotion),
    ("option", "OPT", TransactionKind::Demotion),
    ("rehab", "RHB", TransactionKind::Assignment),
    ("dl", "SC", TransactionKind::InjuredList),
    ("restrict", "RES", TransactionKind::Other),
    ("suspend", "SU", TransactionKind::Other),
];

/// Before it no source has transactions of players of today.
const FIRST: i16 = 1965;

impl Shape for Transactions {
    const REQUIRED: &'static [&'static str] = &["date", "mlbam_id", "event"];
    type Key = (ProspectId, Date, u32);

    fn parse(row: &Row<'_>, _options: &Options) -> Result<Self, String> {
        let day = row.certain_date("date")?.ok_or("`date` is empty")?;
        check((FIRST..=2100).contains(&day.year()), || {
            format!("the year of {day} is impossible")
        })?;
        let number = row.need("event", number)?;
        let (_, code, kind) = EVENTS[number];
        Ok(Self {
            player: row.player()?,
            transaction: Transaction {
                // Below every number the MLB Stats API gives.
                id: number as u32,
                day,
                kind,
                code: code.to_owned(),
                from: None,
                to: None,
            },
        })
    }

    fn key(&self) -> Self::Key {
        (self.player, self.transaction.day, self.transaction.id)
    }

    fn put(rows: &[&Self], tx: &mut WriteTx) -> Result<Vec<Change>, StoreError> {
        let rows = rows.iter().map(|row| (row.player, row.transaction.clone()));
        tx.put_transactions(&rows.collect::<Vec<_>>())
    }
}

/// Place in [`EVENTS`] of a word or a code.
fn number(text: &str) -> Result<usize, String> {
    let said = |(word, code, _): &(&str, &str, _)| {
        text.eq_ignore_ascii_case(word) || text.eq_ignore_ascii_case(code)
    };
    // `dfa` is the word of one event and, in capitals, the code of another.
    let by_word = EVENTS.iter().position(|event| event.0 == text);
    let by_word = by_word.or_else(|| EVENTS.iter().position(|event| event.1 == text));
    by_word
        .or_else(|| EVENTS.iter().position(said))
        .ok_or_else(|| {
            let words: Vec<_> = EVENTS.iter().map(|event| event.0).collect();
            format!("not an event: expected one of {}", words.join(", "))
        })
}

#[cfg(test)]
mod tests {
    use super::{EVENTS, number};

    #[test]
    fn words_and_codes_name_events_and_the_word_comes_first() {
        let code = |text: &str| EVENTS[number(text).expect("an event")].1;
        assert_eq!(
            [code("select"), code("SE"), code("Recall")],
            ["SE", "SE", "CU"]
        );
        assert_eq!([code("dfa"), code("DFA")], ["DES", "DFA"]);
        assert!(number("promoted").is_err_and(|why| why.contains("select")));
    }
}
