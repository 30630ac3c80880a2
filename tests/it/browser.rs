//! Every page in a real browser: phone and desktop, light and dark, with and
//! without JavaScript.

use crate::support::browser::Browser;
use crate::support::server::DemoServer;

#[test]
fn the_driver_sees_width_scheme_and_errors() {
    let Some(mut browser) = Browser::launch() else {
        return;
    };
    browser.emulate(390, 844, "dark", true);
    browser
        .open("data:text/html,<title>t</title><main>x</main><script>console.error('boo')</script>");
    assert_eq!(
        browser.evaluate("innerWidth >= 390 && matchMedia('(prefers-color-scheme: dark)').matches"),
        true
    );
    assert!(
        browser.complaints.iter().any(|text| text.contains("boo")),
        "{:?}",
        browser.complaints
    );
}

#[test]
fn every_page_fits_and_is_quiet() {
    let Some(mut browser) = Browser::launch() else {
        return;
    };
    let server = DemoServer::start();
    let [a, b, c] = top_three(&server);
    server.wait_for_report_card();
    let pages = [
        ("board", "/".to_owned()),
        (
            "board-filtered",
            "/?role=pitcher&level=AA&sort=age".to_owned(),
        ),
        ("board-empty", "/?level=AAA&age_max=15".to_owned()),
        ("board-2015", "/?as_of=2015".to_owned()),
        ("prospect", format!("/prospects/{a}")),
        ("prospect-2018", format!("/prospects/{b}?as_of=2026")),
        ("features", format!("/prospects/{a}/features")),
        ("comparables", format!("/prospects/{a}/comparables")),
        ("search", "/search?q=jose".to_owned()),
        ("search-empty", "/search".to_owned()),
        ("compare", format!("/compare?ids={a},{b},{c}")),
        ("compare-form", format!("/compare?ids={a}&ids={b}&ids={c}")),
        ("movers", "/movers".to_owned()),
        ("fine-wine", "/fine-wine".to_owned()),
        (
            "fine-wine-2020",
            "/fine-wine?as_of=2018&role=pitcher".to_owned(),
        ),
        ("about", "/about".to_owned()),
        ("models", "/models".to_owned()),
        ("report-card", "/report-card".to_owned()),
        ("report-card-season", "/report-card/2021".to_owned()),
    ];
    for (width, height) in [(390, 844), (820, 1180), (1280, 900)] {
        // Colours do not depend on scripts.
        for (scheme, scripts) in [("light", true), ("dark", true), ("light", false)] {
            browser.emulate(width, height, scheme, scripts);
            for (name, path) in &pages {
                let case = format!("{path} at {width} px, {scheme}, scripts {scripts}");
                browser.open(&server.url(path));
                check(&mut browser, &case);
                if scripts {
                    browser.screenshot(&format!("{name}-{width}-{scheme}"));
                }
            }
        }
    }
}

#[test]
fn a_visitor_can_search_and_choose_colours() {
    let Some(mut browser) = Browser::launch() else {
        return;
    };
    let server = DemoServer::start();
    browser.emulate(1280, 900, "light", true);
    browser.open(&server.url("/"));
    browser.evaluate("document.querySelector('#find').value='jos'; document.querySelector('#find').dispatchEvent(new Event('input', {bubbles: true}))");
    assert!(
        browser.wait_for("document.querySelectorAll('.suggestions li').length > 0"),
        "no suggestions appeared"
    );
    assert_eq!(
        browser.evaluate("document.querySelector('#find').getAttribute('aria-expanded')"),
        "true"
    );
    browser.evaluate("dispatchEvent(new Event('x')); document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true}))");
    assert_eq!(
        browser.evaluate("document.querySelectorAll('tr[aria-current]').length"),
        1
    );
    browser.open(&server.url("/theme?to=dark&back=/about"));
    assert_eq!(browser.evaluate("location.pathname"), "/about");
    assert_eq!(
        browser.evaluate("getComputedStyle(document.documentElement).colorScheme"),
        "dark"
    );
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn the_operators_pages_fit_too() {
    let Some(mut browser) = Browser::launch() else {
        return;
    };
    let server = DemoServer::start();
    browser.emulate(1280, 900, "light", true);
    browser.open(&server.url("/admin"));
    let sign_in = format!(
        "const form = document.querySelector('main form'); \
         form.querySelector('input[type=password]').value = '{}'; form.submit()",
        server.operator_token()
    );
    browser.evaluate(&sign_in);
    assert!(
        browser.wait_for("document.querySelector('main a[href=\"/admin/alerts\"]') !== null"),
        "the token opens no door"
    );
    for (width, height) in [(390, 844), (1280, 900)] {
        for scheme in ["light", "dark"] {
            browser.emulate(width, height, scheme, true);
            // The demo has no sources, so no jobs either.
            for page in ["", "/alerts"] {
                browser.open(&server.url(&format!("/admin{page}")));
                check(
                    &mut browser,
                    &format!("/admin{page} at {width} px, {scheme}"),
                );
                let name = page.trim_start_matches('/');
                browser.screenshot(&format!("admin-{name}-{width}-{scheme}"));
            }
        }
    }
}

/// Fills a form of the page in and sends it.
fn submit(browser: &mut Browser, action: &str, fields: &[(&str, &str)]) {
    let mut script = format!("const form = document.querySelector('form[action=\"{action}\"]');");
    for (name, value) in fields {
        script += &format!("form.querySelector('[name={name}]').value = '{value}';");
    }
    browser.evaluate(&format!("{script} form.submit()"));
}

#[test]
fn the_pages_of_accounts_fit_and_are_quiet() {
    const PASSWORD: &str = "correct horse battery staple";
    let Some(mut browser) = Browser::launch() else {
        return;
    };
    let server = DemoServer::start_with(&["--accounts", "open"]);
    let (setup, sizes) = (server.setup_path(), [(390, 844), (1280, 900)]);
    let look = |browser: &mut Browser, pages: &[(&str, &str)]| {
        for (width, height) in sizes {
            for scheme in ["light", "dark"] {
                browser.emulate(width, height, scheme, true);
                for (name, path) in pages {
                    browser.open(&server.url(path));
                    check(browser, &format!("{path} at {width} px, {scheme}"));
                    browser.screenshot(&format!("{name}-{width}-{scheme}"));
                }
            }
        }
    };
    let strangers = [
        ("setup", setup.as_str()),
        ("sign-in", "/sign-in"),
        ("register", "/register"),
        ("forgot", "/forgot"),
        ("privacy", "/privacy"),
    ];
    look(&mut browser, &strangers);
    browser.open(&server.url(&setup));
    let first = [
        ("mail", "ann@example.org"),
        ("name", "Ann Gram"),
        ("password", PASSWORD),
    ];
    submit(&mut browser, &setup, &first);
    let inside = "location.pathname === '/account' && document.querySelector('h1') !== null";
    assert!(browser.wait_for(inside), "the setup link opens no door");
    browser.open(&server.url("/account/second-factor"));
    submit(
        &mut browser,
        "/account/second-factor",
        &[("password", PASSWORD)],
    );
    assert!(browser.wait_for("document.querySelector('figure.code svg') !== null"));
    browser.open(&server.url("/admin/users"));
    let friend = [("mail", "bob@example.org"), ("name", "Bob Beamon")];
    submit(&mut browser, "/admin/users/invite", &friend);
    assert!(browser.wait_for("document.querySelector('pre.token') !== null"));
    let own = [
        ("account", "/account"),
        ("second-factor", "/account/second-factor"),
        ("tokens", "/account/tokens"),
        ("activity", "/account/activity"),
        ("delete", "/account/delete"),
        ("admin-users", "/admin/users"),
        ("admin-audit", "/admin/audit"),
    ];
    look(&mut browser, &own);
}

fn check(browser: &mut Browser, case: &str) {
    assert_eq!(browser.complaints, Vec::<String>::new(), "{case}");
    let wide = browser
        .evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert_eq!(wide, 0, "{case}: scrolls sideways");
    assert_eq!(
        browser.evaluate("document.querySelectorAll('main, h1').length"),
        2,
        "{case}"
    );
    assert_eq!(
        browser.evaluate("document.querySelector('.banner') !== null"),
        true,
        "{case}: not labelled as simulated"
    );
    assert_eq!(
        browser.evaluate("document.querySelectorAll('[style], script:not([src])').length"),
        0,
        "{case}"
    );
}

fn top_three(server: &DemoServer) -> [u64; 3] {
    let response = server.get("/api/prospects?limit=3");
    let body = response.split_once("\r\n\r\n").expect("a body").1;
    let page: serde_json::Value = serde_json::from_str(body).expect("JSON");
    [0, 1, 2].map(|at| page["rows"][at]["id"].as_u64().expect("an id"))
}
