//! The board: the home page.

use jiff::civil::Date;
use maud::{Markup, html};

use super::page::Page;
use crate::domain::AsOf;
use crate::rankings::view::{BoardPage, BoardRow, FilterValue, FiltersView};
use crate::rankings::{Order, Sort};
use crate::web::components::confidence::{confidence, thin_data};
use crate::web::components::probability::{probability, thousands};
use crate::web::extract::{Asked, BoardQuestion, FILTERS, Here, Shown};
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::links::Query;
use crate::web::whose::Public;

const DESCRIPTION: &str = "Every minor-league prospect ranked by a calibrated, explained probability of major-league success.";

pub(super) async fn show(shown: Shown, here: Here, Asked(asked): Asked<BoardQuestion>) -> Page {
    let answer = shown.answer(move |catalog| {
        let (page, filters) = (
            catalog.page(asked.as_of, &asked.query)?,
            catalog.filters(asked.as_of)?,
        );
        let frame = here.frame(
            catalog,
            format!("The board of {}", page.season),
            DESCRIPTION,
        );
        let view = BoardView {
            page,
            filters,
            asked,
        };
        Ok(Public::html(board_page(&view, &frame), Lifetime::Rankings))
    });
    answer.await
}

/// A page of the board with what its links and filters need.
#[derive(Clone, Debug)]
struct BoardView {
    page: BoardPage,
    filters: FiltersView,
    asked: BoardQuestion,
}

impl BoardView {
    /// A parameter as it was given, empty when it was not.
    fn given(&self, name: &str) -> &str {
        self.asked.given.get(name)
    }

    fn is_sorted_by(&self, sort: Sort) -> bool {
        self.asked.query.sort == sort
    }

    fn descending(&self) -> bool {
        self.asked.query.order() == Order::Descending
    }

    /// True while rows stand in the order in which tiers mean something.
    fn by_rank(&self) -> bool {
        self.is_sorted_by(Sort::Rank) && !self.descending()
    }

    /// The day asked for; `None` for the end of a season.
    fn day(&self) -> Option<Date> {
        match self.asked.as_of {
            Some(AsOf::Day(day)) => Some(day),
            _ => None,
        }
    }

    /// The list without its division into pages, as a file.
    fn all_rows(&self) -> String {
        let given = self.asked.given.with("cursor", "").with("limit", "");
        given.with("format", "csv").href("/api/prospects")
    }

    /// The whole board of the same moment.
    fn whole(&self) -> String {
        let as_of = Some(self.given("as_of").to_owned());
        Query::new([("as_of", as_of)]).href("/")
    }
}

/// The board page.
fn board_page(view: &BoardView, frame: &Frame) -> Markup {
    let page_view = &view.page;
    page(
        frame,
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
                a href=(view.asked.given.href("/api/prospects")) { "JSON" } " or "
                a href=(view.all_rows()) { "CSV of all " (thousands(page_view.total)) " rows" }
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
                    @if !view.given(name).is_empty() { input type="hidden" name=(name) value=(view.given(name)); }
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
        .filter(|name| !view.given(name).is_empty())
        .count();
    html! {
        details.filters open[active > 0] {
            summary { "Filters" @if active > 0 { " (" (active) ")" } }
            form action="/" method="get" {
                @for name in ["as_of", "sort", "order", "limit"] {
                    @if !view.given(name).is_empty() { input type="hidden" name=(name) value=(view.given(name)); }
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
                div.field { label for="f-q" { "Name contains" } input id="f-q" name="q" value=(view.given("q")) maxlength="64"; }
                div.buttons {
                    button.action type="submit" { "Apply" }
                    @if active > 0 { a href=(view.whole()) { "Clear" } }
                }
            }
        }
    }
}

fn choice(view: &BoardView, name: &str, label: &str, values: &[FilterValue]) -> Markup {
    let chosen = view.given(name);
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
            input id={ "f-" (name) } name=(name) type="number" inputmode="decimal" min="0" step=(step) value=(view.given(name));
        }
    }
}

fn table(view: &BoardView) -> Markup {
    html! {
        form.compare-form action="/compare" method="get" {
            @if !view.given("as_of").is_empty() { input type="hidden" name="as_of" value=(view.given("as_of")); }
            table.board {
                caption.hidden { "Prospects at the end of " (view.page.season) }
                thead {
                    tr {
                        th.pick scope="col" { span.hidden { "Compare" } }
                        (heading(view, Sort::Rank, "Rank", "num"))
                        (heading(view, Sort::Name, "Player", ""))
                        th scope="col" { "Pos" }
                        (heading(view, Sort::Level, "Level", ""))
                        th scope="col" { "Org" }
                        (heading(view, Sort::Age, "Age", "num"))
                        (heading(view, Sort::PlayingTime, "PA / BF", "num"))
                        (heading(view, Sort::Probability, "Probability", ""))
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
fn heading(view: &BoardView, sort: Sort, label: &str, class: &str) -> Markup {
    let current = view.is_sorted_by(sort);
    let state = if view.descending() {
        "descending"
    } else {
        "ascending"
    };
    let order = match (current, view.descending()) {
        (true, true) => "asc",
        (true, false) => "desc",
        (false, _) => "",
    };
    let given = view.asked.given.with("cursor", "");
    let href = given
        .with("sort", sort.as_str())
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
    let dated = view.given("as_of");
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
            @if !view.given("cursor").is_empty() { a.action href=(view.asked.given.with("cursor", "").href("/")) { "First page" } }
            @if let Some(cursor) = &view.page.next_cursor { a.action rel="next" href=(view.asked.given.with("cursor", cursor).href("/")) { "Next page" } }
        }
    }
}

fn nobody(view: &BoardView) -> Markup {
    html! {
        div.notice {
            p { "No prospect of " (view.page.season) " passes all of these filters." }
            p { a href=(view.whole()) { "Show the whole board" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;

    use super::{BoardView, board_page};
    use crate::rankings::view::{BoardPage, FilterValue, FiltersView};
    use crate::web::extract::{BoardQuestion, Question};
    use crate::web::pages::sample::{Drawn, frame, row};

    fn drawn(query: &str, rows: u32) -> Drawn {
        let uri: Uri = format!("/?{query}").parse().expect("an address");
        let role = FilterValue {
            value: "hitter".into(),
            count: 6,
        };
        let view = BoardView {
            page: BoardPage {
                season: 2024,
                model: "2021-test".into(),
                simulated: false,
                total: 9811,
                board_size: 9900,
                rows: (1..=rows).map(row).collect(),
                next_cursor: Some("next".into()),
            },
            filters: FiltersView {
                season: 2024,
                seasons: vec![2024],
                roles: vec![role],
                positions: Vec::new(),
                levels: Vec::new(),
                leagues: Vec::new(),
                organisations: Vec::new(),
                confidences: Vec::new(),
                sorts: Vec::new(),
                age_range: None,
                max_playing_time: 400,
            },
            asked: BoardQuestion::read(&uri).expect("a question"),
        };
        Drawn::of(&board_page(&view, &frame()))
    }

    #[test]
    fn rows_stand_in_tiers_while_they_are_in_order_of_rank() {
        let board = drawn("", 6);
        assert_eq!(board.count("tr.tier"), 2);
        assert_eq!(board.texts("th.name a")[0], "Ada <1>");
        assert_eq!(board.values("[aria-sort]", "aria-sort"), ["ascending"]);
        let by_age = drawn("sort=age&order=desc", 6);
        assert_eq!(by_age.count("tr.tier"), 0);
        assert_eq!(by_age.values("[aria-sort]", "aria-sort"), ["descending"]);
    }

    #[test]
    fn links_keep_what_was_asked_and_files_hold_every_row() {
        let board = drawn("role=hitter&level=A+&limit=20&cursor=here", 3);
        let next = board.values("a[rel=next]", "href");
        assert_eq!(next, ["/?role=hitter&level=A%2B&limit=20&cursor=next"]);
        let files = board.values("p.links a", "href");
        assert_eq!(files[1], "/api/prospects?role=hitter&level=A%2B&format=csv");
        assert_eq!(board.texts("p.links a")[1], "CSV of all 9,811 rows");
        assert_eq!(
            board.values("select[name=role] option[selected]", "value"),
            ["hitter"]
        );
    }

    #[test]
    fn an_empty_list_leads_to_the_whole_board() {
        let board = drawn("as_of=2020&role=hitter", 0);
        assert_eq!(board.count("table"), 0);
        assert_eq!(board.values("div.notice a", "href"), ["/?as_of=2020"]);
    }
}
