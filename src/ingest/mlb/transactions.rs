//! Roster transactions.

use serde_json::Value;

use super::clubs::Clubs;
use super::drift::Shape;
use super::sport::Sport;
use super::wire::{self, Object, object, text};
use crate::domain::{ProspectId, Season, Severity, Transaction, TransactionClub, TransactionKind};

/// A transaction.
pub(super) static TRANSACTION: Shape = Shape {
    what: "transaction",
    relied: &["id", "person", "date", "typeCode"],
    known: &[
        "description",
        "effectiveDate",
        "fromTeam",
        "resolutionDate",
        "toTeam",
        "typeDesc",
        "isConditional",
    ],
    severity: Severity::Critical,
};

/// Reads a transaction. `None` when no club of it is of affiliated ball: the
/// answer includes colleges and foreign leagues.
pub(super) fn read(
    row: &Value,
    clubs: &Clubs,
) -> Result<Option<(ProspectId, Transaction)>, String> {
    let row = row.as_object().ok_or("not an object")?;
    let id = wire::id(row)?;
    let (player, _) = wire::person(row, "person")?;
    let given = wire::date(row, "date")?;
    let day = given.map_or_else(|| wire::date(row, "effectiveDate"), |day| Ok(Some(day)))?;
    let day = day.ok_or("no date")?;
    let season = Season(u16::try_from(day.year()).map_err(|error| error.to_string())?);
    let from = club(row, "fromTeam", season, clubs)?;
    let to = club(row, "toTeam", season, clubs)?;
    let ours = |club: &Option<TransactionClub>| {
        club.as_ref()
            .is_some_and(|club| clubs.get(season, club.id).is_some())
    };
    if clubs.has_season(season) && !ours(&from) && !ours(&to) {
        return Ok(None);
    }
    let code = text(row, "typeCode").to_owned();
    let kind = kind(&code, text(row, "description"), from.as_ref(), to.as_ref());
    Ok(Some((
        player,
        Transaction {
            id,
            day,
            kind,
            code,
            from,
            to,
        },
    )))
}

fn club(
    row: &Object,
    key: &str,
    season: Season,
    clubs: &Clubs,
) -> Result<Option<TransactionClub>, String> {
    let Some(team) = object(row, key) else {
        return Ok(None);
    };
    let id = wire::id(team)?;
    let sport = clubs.get(season, id).and_then(|club| club.sport);
    Ok(Some(TransactionClub {
        id,
        name: text(team, "name").to_owned(),
        level: sport.and_then(Sport::level),
        major: sport == Some(Sport::Majors),
    }))
}

/// What the code, the clubs' levels and, for the injured list, the text say.
fn kind(
    code: &str,
    description: &str,
    from: Option<&TransactionClub>,
    to: Option<&TransactionClub>,
) -> TransactionKind {
    match code {
        "SC" => status(description),
        // A rehabilitating player keeps his place.
        "ASG" if description.contains("rehab") => TransactionKind::Assignment,
        "ASG" | "LON" | "RTN" => moved(from, to, TransactionKind::Assignment),
        "OPT" | "OUT" => moved(from, to, TransactionKind::Demotion),
        "CU" | "SE" => moved(from, to, TransactionKind::Promotion),
        "REL" => TransactionKind::Release,
        "RET" => TransactionKind::Retirement,
        "TR" => TransactionKind::Trade,
        "CLW" | "PUR" | "R5" | "R5M" => TransactionKind::Claim,
        "SFA" | "SGN" => TransactionKind::Signing,
        _ => TransactionKind::Other,
    }
}

/// The direction between two clubs, where both levels are known and differ.
fn moved(
    from: Option<&TransactionClub>,
    to: Option<&TransactionClub>,
    otherwise: TransactionKind,
) -> TransactionKind {
    let height = |club: Option<&TransactionClub>| {
        let club = club?;
        match (club.major, club.level) {
            (true, _) => Some(u8::MAX),
            (false, level) => Some(level? as u8),
        }
    };
    match height(from).zip(height(to)) {
        Some((from, to)) if from < to => TransactionKind::Promotion,
        Some((from, to)) if from > to => TransactionKind::Demotion,
        Some(_) => TransactionKind::Assignment,
        None => otherwise,
    }
}

/// A status change. The list was called the disabled list until 2018.
fn status(description: &str) -> TransactionKind {
    let text = description.to_ascii_lowercase();
    let listed = text.contains("injured list") || text.contains("disabled list");
    match (
        listed,
        text.contains("activated") || text.contains("reinstated"),
    ) {
        (true, true) => TransactionKind::Activation,
        (true, false) => TransactionKind::InjuredList,
        (false, _) => TransactionKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::read;
    use crate::domain::{Level, Season, TransactionKind};
    use crate::ingest::mlb::clubs::Clubs;

    fn clubs() -> Clubs {
        let mut clubs = Clubs::default();
        for (id, sport) in [(121, 1), (500, 11), (501, 12), (502, 12)] {
            let row =
                json!({"id": id, "name": "Foxes", "abbreviation": "FOX", "sport": {"id": sport}});
            clubs.add(Season(2026), &row).expect("a club");
        }
        clubs
    }

    fn row(code: &str, from: u32, to: u32, description: &str) -> Value {
        json!({
            "id": 9, "person": {"id": 7}, "date": "07/01/2026", "typeCode": code,
            "fromTeam": {"id": from, "name": "A"}, "toTeam": {"id": to, "name": "B"},
            "description": description,
        })
    }

    #[test]
    fn codes_and_levels_say_what_happened() {
        for (code, from, to, description, wanted) in [
            ("ASG", 501, 500, "", TransactionKind::Promotion),
            ("ASG", 500, 501, "", TransactionKind::Demotion),
            ("ASG", 501, 502, "", TransactionKind::Assignment),
            ("ASG", 501, 77, "", TransactionKind::Assignment),
            (
                "ASG",
                121,
                500,
                "sent him on a rehab assignment",
                TransactionKind::Assignment,
            ),
            ("OPT", 121, 500, "", TransactionKind::Demotion),
            ("OUT", 77, 500, "", TransactionKind::Demotion),
            ("CU", 500, 121, "", TransactionKind::Promotion),
            (
                "SC",
                77,
                500,
                "placed him on the 7-day injured list",
                TransactionKind::InjuredList,
            ),
            (
                "SC",
                77,
                500,
                "activated him from the 7-day injured list",
                TransactionKind::Activation,
            ),
            (
                "SC",
                77,
                500,
                "roster status changed",
                TransactionKind::Other,
            ),
            ("REL", 77, 500, "", TransactionKind::Release),
            ("TR", 500, 77, "", TransactionKind::Trade),
            ("XYZ", 500, 77, "", TransactionKind::Other),
        ] {
            let read = read(&row(code, from, to, description), &clubs());
            let (_, transaction) = read.expect("a transaction").expect("ours");
            assert_eq!(transaction.kind, wanted, "{code} {from} {to} {description}");
        }
    }

    #[test]
    fn levels_are_those_of_the_season() {
        let read = read(&row("ASG", 501, 121, ""), &clubs()).expect("a transaction");
        let (player, transaction) = read.expect("ours");
        let (from, to) = (transaction.from.expect("from"), transaction.to.expect("to"));
        assert_eq!(
            (player.0, from.level, to.major),
            (7, Some(Level::DoubleA), true)
        );
    }

    #[test]
    fn colleges_are_left_out_and_nonsense_is_refused() {
        assert_eq!(read(&row("SC", 77, 78, ""), &clubs()), Ok(None));
        for key in ["id", "person", "date"] {
            let mut row = row("SC", 500, 501, "");
            row[key] = json!("?");
            assert!(read(&row, &clubs()).is_err(), "{key}");
        }
    }
}
