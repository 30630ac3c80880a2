//! The HTML of the pages: what assistive technology and other programs rely on.

use scraper::{Html, Selector};

use crate::support::server::DemoServer;

#[test]
fn pages_are_accessible_by_construction() {
    let server = DemoServer::start();
    let board = Page::of(&server, "/");
    assert_eq!(board.count("table.board [aria-sort]"), 1);
    assert_eq!(board.count("table.board caption"), 1);
    assert_eq!(board.count("table.board tbody tr:not(.tier)"), 50);
    assert_eq!(board.count("table.board th[scope=row] a"), 50);
    assert_eq!(
        board.count("a.skip[href='#main']") + board.count("main#main"),
        2
    );
    assert_eq!(board.count("a[rel=next]"), 1);
    assert!(
        board.count("td.chance svg[aria-hidden=true]") == 50 && board.count(".confidence") == 50
    );

    let sorted = Page::of(&server, "/?sort=age&order=desc");
    assert_eq!(sorted.count("th[aria-sort=descending]"), 1);
    assert_eq!(
        sorted.count("tr.tier"),
        0,
        "tiers mean nothing in another order"
    );

    let href = board.first_attribute("th.name a", "href");
    let prospect = Page::of(&server, &href);
    assert_eq!(prospect.count("figure.waterfall svg[role=img] > title"), 1);
    assert_eq!(prospect.count("figure.waterfall svg[role=img] > desc"), 1);
    assert_eq!(prospect.count("figure.waterfall details table caption"), 1);

    // A debut is shown as long as it lies ahead: a chart, and a row of its own.
    assert_eq!(
        prospect.count("figure.timeline svg[role=img] > desc") + 1,
        prospect.count("table.when tbody tr")
    );
    let alike = Page::of(&server, &prospect.first_attribute("a.action", "href"));
    assert_eq!(alike.count("table.alike tbody tr"), 20);

    server.wait_for_report_card();
    let card = Page::of(&server, "/report-card");
    assert_eq!(card.count("figure.reliability svg[role=img] > title"), 1);
    assert_eq!(card.count("figure.reliability svg[role=img] > desc"), 1);
    assert_eq!(card.count("figure.reliability details table caption"), 1);
    assert_eq!(card.count("table"), card.count("table > caption"));
    assert!(card.texts(".answer > p").len() >= 3);
    assert_eq!(card.count("form.lookup[action='/search'] input[name=q]"), 1);
    let hit = card.first_attribute("th a[href$='#said']", "href");
    assert_eq!(Page::of(&server, &hit).count("h1"), 1);

    for (path, status) in [
        ("/report-card/1999", "404"),
        ("/prospects/4", "404"),
        ("/prospects/x", "404"),
        ("/compare?ids=1", "400"),
        ("/?role=pilot", "400"),
        ("/nowhere", "404"),
    ] {
        let response = server.get(path);
        assert!(
            response.starts_with(&format!("HTTP/1.1 {status}")),
            "{path}: {}",
            &response[..40.min(response.len())]
        );
        assert!(
            response.contains("<h1>") && !response.contains("problem+json"),
            "{path}"
        );
    }
}

#[test]
fn what_a_visitor_types_is_never_markup() {
    let server = DemoServer::start();
    let response = server.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E");
    assert!(!response.contains("<script>alert"), "{response}");
    assert!(response.contains("&lt;script&gt;"));
}

struct Page(Html);

impl Page {
    fn of(server: &DemoServer, path: &str) -> Self {
        let response = server.get(path);
        assert!(
            response.starts_with("HTTP/1.1 200"),
            "{path}: {}",
            &response[..60.min(response.len())]
        );
        Self(Html::parse_document(
            response.split_once("\r\n\r\n").expect("a body").1,
        ))
    }

    fn count(&self, selector: &str) -> usize {
        self.0
            .select(&Selector::parse(selector).expect("a selector"))
            .count()
    }

    fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        self.0
            .select(&selector)
            .map(|element| element.text().collect())
            .collect()
    }

    fn first_attribute(&self, selector: &str, name: &str) -> String {
        let selector = Selector::parse(selector).expect("a selector");
        let element = self.0.select(&selector).next().expect("an element");
        element
            .value()
            .attr(name)
            .expect("the attribute")
            .to_owned()
    }
}
