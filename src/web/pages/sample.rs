//! Views made by hand, for the tests of pages.

use maud::Markup;
use scraper::{Html, Selector};

use crate::rankings::view::{
    BoardRow, ComparableView, ComparablesView, ExplanationView, FeatureView, GroupView,
    ProspectView, StatsView,
};
use crate::web::layout::Frame;

/// A page as a browser reads it.
pub(in crate::web::pages) struct Drawn(Html);

impl Drawn {
    pub(in crate::web::pages) fn of(page: &Markup) -> Self {
        Self(Html::parse_document(&page.0))
    }

    /// The texts of what `selector` finds inside the page's own part.
    pub(in crate::web::pages) fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(&format!("main {selector}")).expect("a selector");
        let found = self.0.select(&selector);
        found
            .map(|element| element.text().collect::<String>().trim().to_owned())
            .collect()
    }

    pub(in crate::web::pages) fn count(&self, selector: &str) -> usize {
        self.texts(selector).len()
    }

    /// The values of an attribute, in order.
    pub(in crate::web::pages) fn values(&self, selector: &str, attribute: &str) -> Vec<String> {
        let selector = Selector::parse(&format!("main {selector}")).expect("a selector");
        let found = self.0.select(&selector);
        found
            .filter_map(|element| element.value().attr(attribute).map(str::to_owned))
            .collect()
    }

    /// Everything the page's own part says.
    pub(in crate::web::pages) fn said(&self) -> String {
        let main = Selector::parse("main").expect("a selector");
        self.0.select(&main).flat_map(|main| main.text()).collect()
    }
}

pub(in crate::web::pages) fn frame() -> Frame {
    Frame {
        title: "Page".into(),
        description: "A page.".into(),
        path: "/page?a=1".into(),
        search: String::new(),
        simulated: false,
        note: None,
        trial: None,
    }
}

/// The hitter at `rank`; three of them make a tier.
pub(in crate::web::pages) fn row(rank: u32) -> BoardRow {
    BoardRow {
        rank,
        id: 100 + rank,
        name: format!("Ada <{rank}>"),
        role: "hitter".into(),
        position: Some("SS".into()),
        level: "AA".into(),
        league: None,
        organisation: Some("BOX".into()),
        club: None,
        age: Some(21.5),
        playing_time: 400,
        probability: 0.5,
        lower: 0.4,
        upper: 0.6,
        confidence: "high".into(),
        thin_data: rank == 2,
        tier: rank.div_ceil(3),
        rank_change: Some(0),
        two_way_note: None,
    }
}

pub(in crate::web::pages) fn explanation() -> ExplanationView {
    let feature = |label, value, log_odds| FeatureView {
        name: "f",
        label,
        group: "Power",
        unit: "per PA",
        value,
        percentile: value,
        log_odds,
    };
    ExplanationView {
        id: 101,
        season: 2024,
        role: "hitter".into(),
        model: "2021-test".into(),
        probability: 0.5,
        lower: 0.4,
        upper: 0.6,
        confidence: "high".into(),
        log_odds: 0.0,
        base_log_odds: -1.0,
        base_probability: 0.27,
        groups: vec![GroupView {
            group: "Power",
            log_odds: 1.0,
            from: 0.27,
            to: 0.5,
        }],
        features: vec![
            feature("Isolated power", Some(0.25), 1.2),
            feature("Walk rate", None, -0.2),
        ],
    }
}

pub(in crate::web::pages) fn comparables(count: u32) -> ComparablesView {
    let one = |n: u32| ComparableView {
        id: 200 + n,
        name: format!("Ben {n}"),
        season: 2015,
        age: Some(21.0),
        level: "AA".into(),
        distance: 0.1,
        success: n == 0,
        pa: 600,
        ip: "0.0".into(),
        outcome: "Succeeded".into(),
    };
    ComparablesView {
        id: 101,
        season: 2024,
        role: "hitter".into(),
        probability: 0.5,
        count,
        successes: count.min(1),
        debuts: count.min(1),
        success_share: (count > 0).then(|| 1.0 / f64::from(count)),
        comparables: (0..count).map(one).collect(),
    }
}

/// A player of the board, or one who is not on it for a reason.
pub(in crate::web::pages) fn prospect(rank: Option<u32>) -> ProspectView {
    ProspectView {
        as_of: None,
        season: 2024,
        simulated: false,
        id: 100 + rank.unwrap_or(0),
        mlbam_id: None,
        name: format!("Ada <{}>", rank.unwrap_or(0)),
        birth_date: Some("2003-03-01".into()),
        draft: None,
        board: rank.map(row),
        not_ranked_because: rank.is_none().then(|| "He is in the majors.".to_owned()),
        explanation: rank.map(|_| explanation()),
        narrative: vec!["What lifts him is his power.".into()],
        timeline: None,
        comparables: None,
        rates: Vec::new(),
        stats: StatsView::default(),
        outcome: None,
    }
}
