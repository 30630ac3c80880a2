//! Stat lines as tables.

use maud::{Markup, html};

use crate::rankings::view::{BattingView, MlbView, PitchingView, StatsView};

/// The tables that have a line, the player's own side first.
pub(in crate::web) fn lines(stats: &StatsView, pitcher: bool) -> Markup {
    let (batting, pitching) = (batting(&stats.batting), pitching(&stats.pitching));
    html! {
        @if pitcher { (pitching) (batting) } @else { (batting) (pitching) }
        (mlb(&stats.mlb))
    }
}

fn batting(lines: &[BattingView]) -> Markup {
    let heads = ["G", "PA", "AVG", "OBP", "SLG", "HR", "SB", "K %", "BB %"];
    table(
        "Minor-league batting, newest first",
        lines.is_empty(),
        &heads,
        html! {
            @for line in lines {
                tr {
                    (place(line.season, &line.level, line.club.as_deref(), line.league.as_deref(), line.age))
                    td.num { (line.g) } td.num { (line.pa) }
                    td.num { (average(line.avg)) } td.num { (average(line.obp)) } td.num { (average(line.slg)) }
                    td.num { (line.hr) } td.num { (line.sb) }
                    td.num { (share(line.k_rate)) } td.num { (share(line.bb_rate)) }
                }
            }
        },
    )
}

fn pitching(lines: &[PitchingView]) -> Markup {
    let heads = ["G", "GS", "IP", "ERA", "WHIP", "HR", "SV", "K %", "BB %"];
    table(
        "Minor-league pitching, newest first",
        lines.is_empty(),
        &heads,
        html! {
            @for line in lines {
                tr {
                    (place(line.season, &line.level, line.club.as_deref(), line.league.as_deref(), line.age))
                    td.num { (line.g) } td.num { (line.gs) } td.num { (line.ip) }
                    td.num { (decimal(line.era)) } td.num { (decimal(line.whip)) }
                    td.num { (line.hr) } td.num { (line.sv) }
                    td.num { (share(line.k_rate)) } td.num { (share(line.bb_rate)) }
                }
            }
        },
    )
}

fn mlb(lines: &[MlbView]) -> Markup {
    html! {
        @if !lines.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Major-league seasons" {
                table.lines {
                    caption { "Major-league seasons" }
                    thead {
                        tr {
                            th scope="col" { "Season" }
                            @for head in ["PA", "HR", "SO", "BB", "IP", "SO (P)", "BB (P)"] { th.num scope="col" { (head) } }
                        }
                    }
                    tbody {
                        @for line in lines {
                            tr {
                                th scope="row" { (line.season) }
                                td.num { (line.pa) } td.num { (line.hr) } td.num { (line.so) } td.num { (line.bb) }
                                td.num { (line.ip) } td.num { (line.p_so) } td.num { (line.p_bb) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn table(caption: &str, empty: bool, heads: &[&str], rows: Markup) -> Markup {
    html! {
        @if !empty {
            div.scroll tabindex="0" role="region" aria-label=(caption) {
                table.lines {
                    caption { (caption) }
                    thead {
                        tr {
                            th scope="col" { "Season" } th scope="col" { "Level" } th scope="col" { "Club" }
                            th.num scope="col" { "Age" }
                            @for head in heads { th.num scope="col" { (head) } }
                        }
                    }
                    tbody { (rows) }
                }
            }
        }
    }
}

fn place(
    season: u16,
    level: &str,
    club: Option<&str>,
    league: Option<&str>,
    age: Option<f32>,
) -> Markup {
    html! {
        th scope="row" { (season) }
        td { (level) }
        td { (club.unwrap_or("–")) @if let Some(league) = league { " " small { (league) } } }
        td.num { (age.map_or("–".to_owned(), |age| format!("{age:.1}"))) }
    }
}

fn average(value: Option<f32>) -> String {
    value.map_or("–".to_owned(), |value| {
        let text = format!("{value:.3}");
        text.strip_prefix('0').unwrap_or(&text).to_owned()
    })
}

fn decimal(value: Option<f32>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.2}"))
}

fn share(value: Option<f32>) -> String {
    value.map_or("–".to_owned(), |value| format!("{:.1}", value * 100.0))
}
