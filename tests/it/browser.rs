//! The browser driver sees what a visitor would.

use crate::support::browser::Browser;

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
