//! The frame around every page: head, header, banner, footer.
//!
//! Pages do not depend on the visitor's colour choice: `/theme.css`, which is
//! tiny and follows the cookie, sets it, so that pages are cached for everybody.

use maud::{DOCTYPE, Markup, html};

use super::assets::asset_url;
use super::links::encoded;

/// What the frame needs to know besides the page's own content.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// Title of the page, without the product's name.
    pub(super) title: String,
    /// One sentence for search engines and shared links.
    pub(super) description: String,
    /// Path and query of the request: where the theme links lead back to.
    pub(super) path: String,
    /// What is in the search box.
    pub(super) search: String,
    /// True for the fictional demo league: shows the banner.
    pub(super) simulated: bool,
    /// What readers are told on every page, such as the age of the data.
    pub(super) note: Option<String>,
    /// The model on trial that made the page, for a viewer of a challenge.
    pub(super) trial: Option<String>,
}

/// A whole page: `main` inside the frame.
pub(super) fn page(frame: &Frame, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(frame))
            body {
                a.skip href="#main" { "Skip to content" }
                (header(frame))
                @if frame.simulated {
                    p.banner role="note" {
                        strong { "Simulated league. " }
                        "Every player, club and number here is fictional. "
                        a href="/about#data" { "How to show real players" } "."
                    }
                }
                @if let Some(note) = &frame.note { p.banner role="status" { (note) } }
                p.landed role="status" hidden {}
                main id="main" tabindex="-1" { (main) }
                (footer(frame))
            }
        }
    }
}

fn head(frame: &Frame) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (frame.title) " · A Fine Wine Dynasty" }
            meta name="description" content=(frame.description);
            meta property="og:title" content=(frame.title);
            meta property="og:description" content=(frame.description);
            meta property="og:type" content="website";
            meta property="og:site_name" content="A Fine Wine Dynasty";
            link rel="icon" type="image/svg+xml" href=(asset_url("icon.svg"));
            link rel="stylesheet" href=(asset_url("app.css"));
            link rel="stylesheet" href="/theme.css";
            link rel="alternate" type="application/atom+xml" title="Since yesterday" href="/feed.atom";
            script type="module" src=(asset_url("app.js")) {}
        }
    }
}

fn header(frame: &Frame) -> Markup {
    let shown = frame.path.split('?').next();
    let here = |path| (shown == Some(path)).then_some("page");
    html! {
        header.top {
            a.wordmark href="/" { "A Fine Wine " span { "Dynasty" } }
            form.find role="search" action="/search" method="get" data-suggest {
                label.hidden for="find" { "Search players" }
                input id="find" type="search" name="q" value=(frame.search) placeholder="Search players"
                    autocomplete="off" maxlength="64";
                button type="submit" { "Search" }
            }
            nav.main aria-label="Main" {
                a href="/" aria-current=[here("/")] { "Board" }
                a href="/movers" aria-current=[here("/movers")] { "Since yesterday" }
                a href="/fine-wine" aria-current=[here("/fine-wine")] { "Fine wine" }
                a href="/report-card" aria-current=[here("/report-card")] { "Report card" }
                a href="/about" aria-current=[here("/about")] { "How it works" }
            }
            a.own href="/account" aria-current=[here("/account")] { "Account" }
        }
    }
}

fn footer(frame: &Frame) -> Markup {
    let back = encoded(&frame.path);
    html! {
        footer.foot {
            p { "Talent ages. Patience pays when it is informed. " a href="/about" { "What the number means" } " · "
                a href="/report-card" { "The record" } " · "
                a href="/api/openapi.json" { "API" } " · " a href="/models" { "Models" } " · " a href="/privacy" { "Privacy" } }
            @if let Some(model) = &frame.trial { p.small { "These numbers are of model " code { (model) } ", which is on trial." } }
            nav aria-label="Colours" {
                "Colours: "
                @for (to, name) in [("light", "Light"), ("dark", "Dark"), ("system", "System")] {
                    a href={ "/theme?to=" (to) "&back=" (back) } rel="nofollow" { (name) } " "
                }
            }
        }
    }
}
