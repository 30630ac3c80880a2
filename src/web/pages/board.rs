//! The board: the home page.

use maud::{Markup, html};

use crate::rankings::view::{BoardPage, BoardRow, FilterValue, FiltersView};
use crate::web::api::BoardParams;
use crate::web::components::confidence::{confidence, thin_data};
use crate::web::components::probability::probability;
use crate::web::layout::{Chrome, page};
use crate::web::links::Query;

pub(super) const DESCRIPTION: &str = "Every minor-league prospect ranked by a calibrated, explained probability of major-league success.";

/// Parameters that narrow the board.
const FILTERS: [&str; 10] = [
    "role",
    "position",
    "level",
    "league",
    "organisation",
    "confidence",
    "age_min",
    "age_max",
    "min_playing_time",
    "q",
];

/// A page of the board with what its links and filters need.
#[derive(Clone, Debug)]
pub struct BoardView {
    page: BoardPage,
    filters: FiltersView,
    /// The request's own parameters.
    query: Query,
}

impl BoardView {
    /// The page as asked for with `params`.
    pub fn new(page: BoardPage, filters: FiltersView, params: &BoardParams) -> Self {
        let p = params.clone();
        let query = Query::new([
            ("as_of", p.as_of),
            ("q", p.q),
            ("role", p.role),
            ("position", p.position),
            (
                "level",
                p.level.map(|level| {
                    if level == "A " {
                        "A+".to_owned()
                    } else {
                        level
                    }
                }),
            ),
            ("league", p.league),
            ("organisation", p.organisation),
            ("confidence", p.confidence),
            ("age_min", p.age_min),
            ("age_max", p.age_max),
            ("min_playing_time", p.min_playing_time),
            ("sort", p.sort),
            ("order", p.order),
            ("limit", p.limit),
            ("cursor", p.cursor),
        ]);
        Self {
            page,
            filters,
            query,
        }
    }

    fn sort(&self) -> &str {
        match self.query.get("sort") {
            "" => "rank",
            sort => sort,
        }
    }

    fn descending(&self) -> bool {
        match self.query.get("order") {
            "" => matches!(self.sort(), "probability" | "level" | "playing_time"),
            order => order == "desc",
        }
    }

    /// True while rows stand in the order in which tiers mean something.
    fn by_rank(&self) -> bool {
        self.sort() == "rank" && !self.descending()
    }

    /// The day asked for; `None` for the end of a season.
    fn day(&self) -> Option<&str> {
        Some(self.query.get("as_of")).filter(|asked| asked.contains('-'))
    }
}

/// The board page.
pub fn board_page(view: &BoardView, chrome: &Chrome) -> Markup {
    let page_view = &view.page;
    page(
        chrome,
        &html! {
            div.heading {
                div {
                    p.eyebrow { "Vintage " (page_view.season) @if let Some(day) = view.day() { ", as of " (day) } }
                    h1 { "The board" }
                    p.lead { (page_view.board_size) " prospects at the end of " (page_view.season) ", by the chance of more than 500 PA or
                        100 innings in the majors within four seasons." }
                }
                (seasons(view))
            }
            (filters(view))
            @if page_view.rows.is_empty() { (nobody(view)) } @else { (table(view)) (pages(view)) }
            p.links {
                (page_view.total) " of " (page_view.board_size) " players · model " (page_view.model) " · this list as "
                a href=(view.query.href("/api/prospects")) { "JSON" } " or "
                a href=(view.query.with("format", "csv").href("/api/prospects")) { "CSV" }
            }
        },
    )
}

fn seasons(view: &BoardView) -> Markup {
    html! {
        @if view.filters.seasons.len() > 1 {
            form.season action="/" method="get" {
                label for="as_of" { "Season" }
                select id="as_of" name="as_of" {
                    @for season in &view.filters.seasons {
                        option value=(season) selected[*season == view.page.season] { (season) }
                    }
                }
                @for name in FILTERS.iter().chain(&["sort", "order"]) {
                    @if !view.query.get(name).is_empty() { input type="hidden" name=(name) value=(view.query.get(name)); }
                }
                button type="submit" { "Show" }
            }
        }
    }
}

fn filters(view: &BoardView) -> Markup {
    let f = &view.filters;
    let active = FILTERS
        .iter()
        .filter(|name| !view.query.get(name).is_empty())
        .count();
    html! {
        details.filters open[active > 0] {
            summary { "Filters" @if active > 0 { " (" (active) ")" } }
            form action="/" method="get" {
                @for name in ["as_of", "sort", "order", "limit"] {
                    @if !view.query.get(name).is_empty() { input type="hidden" name=(name) value=(view.query.get(name)); }
                }
                (choice(view, "role", "Role", &f.roles))
                (choice(view, "position", "Position", &f.positions))
                (choice(view, "level", "Level", &f.levels))
                (choice(view, "league", "League", &f.leagues))
                (choice(view, "organisation", "Organisation", &f.organisations))
                (choice(view, "confidence", "Confidence", &f.confidences))
                (number(view, "age_min", "Age from", "0.1"))
                (number(view, "age_max", "to", "0.1"))
                (number(view, "min_playing_time", "PA or BF at least", "1"))
                div.field { label for="f-q" { "Name contains" } input id="f-q" name="q" value=(view.query.get("q")) maxlength="64"; }
                div.buttons {
                    button.action type="submit" { "Apply" }
                    @if active > 0 { a href=(Query::new([("as_of", Some(view.query.get("as_of").to_owned()))]).href("/")) { "Clear" } }
                }
            }
        }
    }
}

fn choice(view: &BoardView, name: &str, label: &str, values: &[FilterValue]) -> Markup {
    let chosen = view.query.get(name);
    html! {
        @if !values.is_empty() {
            div.field {
                label for={ "f-" (name) } { (label) }
                select id={ "f-" (name) } name=(name) {
                    option value="" { "any" }
                    @for value in values {
                        option value=(value.value) selected[value.value == chosen] { (value.value) " (" (value.count) ")" }
                    }
                }
            }
        }
    }
}

fn number(view: &BoardView, name: &str, label: &str, step: &str) -> Markup {
    html! {
        div.field {
            label for={ "f-" (name) } { (label) }
            input id={ "f-" (name) } name=(name) type="number" inputmode="decimal" min="0" step=(step) value=(view.query.get(name));
        }
    }
}

fn table(view: &BoardView) -> Markup {
    html! {
        form.compare-form action="/compare" method="get" {
            @if !view.query.get("as_of").is_empty() { input type="hidden" name="as_of" value=(view.query.get("as_of")); }
            table.board {
                caption.hidden { "Prospects at the end of " (view.page.season) }
                thead {
                    tr {
                        th.pick scope="col" { span.hidden { "Compare" } }
                        (heading(view, "rank", "Rank", "num"))
                        (heading(view, "name", "Player", ""))
                        th scope="col" { "Pos" }
                        (heading(view, "level", "Level", ""))
                        th scope="col" { "Org" }
                        (heading(view, "age", "Age", "num"))
                        (heading(view, "playing_time", "PA / BF", "num"))
                        (heading(view, "probability", "Probability", ""))
                        th scope="col" { "Confidence" }
                    }
                }
                (bodies(view))
            }
            div.tray { button.action type="submit" { "Compare" } span.small { "Tick two to five players." } }
        }
    }
}

/// A sortable head: a link to the same list in that order, or its reverse.
fn heading(view: &BoardView, sort: &str, label: &str, class: &str) -> Markup {
    let current = view.sort() == sort;
    let state = if view.descending() {
        "descending"
    } else {
        "ascending"
    };
    let usual_down = matches!(sort, "probability" | "level" | "playing_time");
    let order = match (current, view.descending(), usual_down) {
        (true, true, _) => "asc",
        (true, false, _) => "desc",
        (false, ..) => "",
    };
    let href = view
        .query
        .with("cursor", "")
        .with("sort", sort)
        .with("order", order)
        .href("/");
    html! {
        th scope="col" class=(class) aria-sort=[current.then_some(state)] {
            a href=(href) { (label) @if current { span aria-hidden="true" { (if view.descending() { " ↓" } else { " ↑" }) } } }
        }
    }
}

fn bodies(view: &BoardView) -> Markup {
    let rows = &view.page.rows;
    html! {
        @if view.by_rank() {
            @for tier in rows.chunk_by(|a, b| a.tier == b.tier) {
                tbody {
                    tr.tier { th colspan="10" scope="rowgroup" { "Tier " (tier[0].tier) span.small { " · players the model can't tell apart" } } }
                    @for row in tier { (line(view, row)) }
                }
            }
        } @else {
            tbody { @for row in rows { (line(view, row)) } }
        }
    }
}

fn line(view: &BoardView, row: &BoardRow) -> Markup {
    let dated = view.query.get("as_of");
    let href =
        Query::new([("as_of", Some(dated.to_owned()))]).href(&format!("/prospects/{}", row.id));
    html! {
        tr {
            td.pick { label { input type="checkbox" name="ids" value=(row.id); span.hidden { "Compare " (row.name) } } }
            td.rank.num { (row.rank) (change(row)) }
            th.name scope="row" {
                a href=(href) { (row.name) }
                @if row.thin_data { " " (thin_data()) }
                @if let Some(note) = &row.two_way_note { " " abbr title=(note) { "two-way" } }
            }
            td.pos { (row.position.as_deref().unwrap_or(if row.role == "pitcher" { "P" } else { "–" })) }
            td.level { (row.level) @if let Some(league) = &row.league { " " small { (league) } } }
            td.org { (row.organisation.as_deref().or(row.club.as_deref()).unwrap_or("–")) }
            td.age.num { @if let Some(age) = row.age { (format!("{age:.1}")) } @else { "–" } }
            td.time.num { (row.playing_time) small.unit { (if row.role == "pitcher" { " BF" } else { " PA" }) } }
            td.chance { (probability(row.probability, row.lower, row.upper)) }
            td.sure { (confidence(&row.confidence)) }
        }
    }
}

fn change(row: &BoardRow) -> Markup {
    html! {
        @match row.rank_change {
            Some(0) => {}
            Some(up) if up > 0 => { small.change { span.hidden { "up " } span aria-hidden="true" { "▲" } (up) } }
            Some(down) => { small.change { span.hidden { "down " } span aria-hidden="true" { "▼" } (-down) } }
            None => { small.change { "new" } }
        }
    }
}

fn pages(view: &BoardView) -> Markup {
    html! {
        nav.pages aria-label="Pages" {
            @if !view.query.get("cursor").is_empty() { a.action href=(view.query.with("cursor", "").href("/")) { "First page" } }
            @if let Some(cursor) = &view.page.next_cursor { a.action rel="next" href=(view.query.with("cursor", cursor).href("/")) { "Next page" } }
        }
    }
}

fn nobody(view: &BoardView) -> Markup {
    html! {
        div.notice {
            p { "No prospect of " (view.page.season) " passes all of these filters." }
            p { a href=(Query::new([("as_of", Some(view.query.get("as_of").to_owned()))]).href("/")) { "Show the whole board" } }
        }
    }
}
