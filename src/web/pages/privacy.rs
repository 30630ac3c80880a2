//! What is kept about readers, and for how long. The same for everybody, so it is kept.

use axum::extract::State;
use maud::{Markup, html};

use crate::auth::{AUDIT_KEPT, SESSION_IDLE, SESSION_LONGEST};
use crate::web::error::WebError;
use crate::web::extract::Here;
use crate::web::layout::{Frame, page};
use crate::web::lifetime::Lifetime;
use crate::web::state::AppState;
use crate::web::whose::Public;

pub(super) async fn show(State(state): State<AppState>, here: Here) -> Result<Public, WebError> {
    let about = "What this site keeps about its readers, and for how long.";
    let framed = state
        .shown(None)
        .ask(move |catalog| here.frame(catalog, "Privacy".to_owned(), about));
    Ok(Public::html(
        privacy_page(&framed.await?),
        Lifetime::Profile,
    ))
}

/// The page.
fn privacy_page(frame: &Frame) -> Markup {
    let days = |span: jiff::SignedDuration| span.as_hours() / 24;
    page(
        frame,
        &html! {
            article.prose {
                h1 { "Privacy" }
                p.lead { "Whoever reads without an account leaves nothing here but a line in the server's log, without an address." }
                h2 { "What is kept of an account" }
                dl {
                    dt { "Who you are" }
                    dd { "Your mail address, encrypted with a key that is in no backup; the name you gave; how you like your pages. Until you delete the account." }
                    dt { "What lets you in" }
                    dd { "A hash of your password, the encrypted seed of your second factor, hashes of recovery codes and tokens. Nobody can read them back." }
                    dt { "Where you are signed in" }
                    dd { "What the device says it is, and when it was last used. Until you sign out, it was not used for "
                        (days(SESSION_IDLE)) " days, or " (days(SESSION_LONGEST)) " days after you signed in." }
                    dt { "What was done to your account" }
                    dd { "Sign-ins, failed ones too, and changes, each with the network it came from. For " (days(AUDIT_KEPT)) " days." }
                }
                h2 { "Cookies" }
                p { "One says who you are for a quarter of an hour, one continues that, one says that this device signed in before, one your colours, and one guards forms. None follows you, and no other site gets any." }
                h2 { "Yours to take, yours to end" }
                p { a href="/account/export" { "Everything kept about you" } " is a file you may take at any time. "
                    a href="/account/delete" { "Deleting your account" } " erases all of it at once and gives you a receipt. What remains is the opaque number of the account, so that a backup from before forgets it, too, when it is restored." }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::privacy_page;
    use crate::web::pages::sample::{Drawn, frame};

    #[test]
    fn how_long_things_are_kept_is_what_is_done() {
        let said = Drawn::of(&privacy_page(&frame())).said();
        for kept in ["14 days", "30 days", "400 days"] {
            assert!(said.contains(kept), "{kept}");
        }
    }
}
