//! Transactions of the fake source, made from the stints.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::clubs::{Club, MAJOR};
use super::league::{League, Player, Stint};

/// One player in this many is hurt during a stint.
const HURT: u32 = 9;
/// Days on the injured list.
const OUT: i64 = 15;

/// Every transaction from the first to the last day.
pub(crate) fn between(league: &League, from: Date, to: Date) -> Vec<Value> {
    let all = league
        .players
        .iter()
        .flat_map(|player| of(player, league.last_season));
    let mut found: Vec<Move> = all.filter(|one| (from..=to).contains(&one.day)).collect();
    found.sort_by_key(|one| (one.day, one.id));
    found.iter().map(Move::body).collect()
}

struct Move<'a> {
    id: u32,
    day: Date,
    code: &'static str,
    player: &'a Player,
    from: Option<Club>,
    to: Club,
    text: String,
}

impl Move<'_> {
    fn body(&self) -> Value {
        let team = |club: Club| json!({"id": club.id(), "name": club.name()});
        let mut body = json!({
            "id": self.id, "person": {"id": self.player.id, "fullName": self.player.name},
            "toTeam": team(self.to), "date": self.day, "effectiveDate": self.day,
            "resolutionDate": self.day, "typeCode": self.code, "typeDesc": "Of the fake source",
            "description": self.text,
        });
        if let Some(from) = self.from {
            body["fromTeam"] = team(from);
        }
        body
    }
}

fn of(player: &Player, last_season: u16) -> Vec<Move<'_>> {
    let mut moves = Vec::new();
    let mut before: Option<&Stint> = None;
    for stint in &player.stints {
        if let Some(before) = before.filter(|before| before.club != stint.club) {
            push(
                &mut moves,
                player,
                stint.from,
                code(player, before.club, stint),
                Some(before.club),
                stint.club,
            );
        } else if before.is_none() {
            push(&mut moves, player, stint.from, "SGN", None, stint.club);
        }
        if (player.id + u32::from(stint.season)).is_multiple_of(HURT) {
            hurt(&mut moves, player, stint);
        }
        before = Some(stint);
    }
    if let Some(last) = before.filter(|last| last.season < last_season) {
        let day = jiff::civil::date(last.season as i16, 11, 5);
        push(&mut moves, player, day, "REL", None, last.club);
    }
    moves
}

fn code(player: &Player, from: Club, stint: &Stint) -> &'static str {
    match (from.rung, stint.club.rung) {
        _ if from.organisation != stint.club.organisation => "TR",
        (_, MAJOR) if player.debut == Some(stint.from) => "SE",
        (_, MAJOR) => "CU",
        (MAJOR, _) => "OPT",
        _ => "ASG",
    }
}

fn hurt<'a>(moves: &mut Vec<Move<'a>>, player: &'a Player, stint: &Stint) {
    let days = stint.from.until(stint.to).map_or(0, |span| span.get_days()) / 3;
    let out = stint.from.saturating_add(jiff::Span::new().days(days));
    let back = out.saturating_add(jiff::Span::new().days(OUT));
    for (day, text) in [
        (out, "placed him on the 7-day injured list."),
        (back, "activated him from the 7-day injured list."),
    ] {
        push(moves, player, day, "SC", None, stint.club);
        if let Some(last) = moves.last_mut() {
            last.text = format!("{} {text}", stint.club.name());
        }
    }
}

fn push<'a>(
    moves: &mut Vec<Move<'a>>,
    player: &'a Player,
    day: Date,
    code: &'static str,
    from: Option<Club>,
    to: Club,
) {
    moves.push(Move {
        // A career has fewer than a hundred moves.
        id: player.id * 100 + moves.len() as u32,
        day,
        code,
        player,
        from,
        to,
        text: format!("{} made a move ({code}).", to.name()),
    });
}
