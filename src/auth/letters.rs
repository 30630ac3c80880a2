//! What mails about accounts say. None of them can be called off: they are security.

use maud::{Markup, html};

use crate::domain::LinkKind;
use crate::secret::Secret;
use crate::work::Mail;

/// A mail without its recipient.
pub(super) struct Text {
    subject: &'static str,
    plain: String,
    rich: Markup,
}

impl Text {
    /// The mail to somebody.
    pub(super) fn to(self, mail: &str) -> Mail {
        Mail {
            html: Some(self.rich.into_string()),
            ..Mail::plain(mail, self.subject, &self.plain)
        }
    }
}

/// Somebody was invited.
pub(super) fn invitation(site: &str, path: &Secret) -> Text {
    let says = "You are invited to A Fine Wine Dynasty, where every minor-league prospect is \
                ranked. Choose a password here:";
    let kind = LinkKind::Invitation;
    with_link(
        "Your invitation to A Fine Wine Dynasty",
        says,
        kind,
        site,
        path,
    )
}

/// Somebody wants a new password.
pub(super) fn reset(site: &str, path: &Secret) -> Text {
    let says = "Somebody, probably you, asked for a new password. Choose it here:";
    with_link("Your new password", says, LinkKind::Reset, site, path)
}

/// Somebody is to prove that an address is his.
pub(super) fn verification(site: &str, path: &Secret) -> Text {
    let says = "Confirm that this is your mail address:";
    let kind = LinkKind::Verification;
    with_link("Confirm your mail address", says, kind, site, path)
}

/// Somebody wanted an account with an address that has one.
pub(super) fn registered_again(site: &str) -> Text {
    let says = "Somebody, perhaps you, wanted to make an account with this address. You have \
                one already; nothing was changed. If you forgot your password, ask for a new \
                one here:";
    let link = format!("{site}/forgot");
    let rest = "If it was not you, there is nothing to do.";
    text("You have an account already", says, &link, rest)
}

fn with_link(subject: &'static str, says: &str, kind: LinkKind, site: &str, path: &Secret) -> Text {
    let link = format!("{site}{}", path.expose());
    let hours = kind.lifetime().as_hours();
    let rest = match hours {
        1 => "The link is good once, and for an hour. If you did not ask for it, there is nothing \
              to do."
            .to_owned(),
        hours if hours > 48 => format!("The link is good once, and for {} days.", hours / 24),
        hours => format!(
            "The link is good once, and for {hours} hours. If you did not ask for it, there is \
             nothing to do."
        ),
    };
    text(subject, says, &link, &rest)
}

fn text(subject: &'static str, says: &str, link: &str, rest: &str) -> Text {
    Text {
        subject,
        plain: format!("{says}\n\n{link}\n\n{rest}\n"),
        rich: html! { p { (says) } p { a href=(link) { (link) } } p { (rest) } },
    }
}

#[cfg(test)]
mod tests {
    use super::{invitation, reset};
    use crate::secret::Secret;

    #[test]
    fn a_letter_has_its_link_in_both_forms_and_says_how_long_it_is_good() {
        let path = Secret::new("/reset/abc");
        let mail = reset("https://wine.example.org/w", &path).to("ann@example.org");
        let rich = mail.html.expect("both forms");
        for form in [&mail.text, &rich] {
            assert!(
                form.contains("https://wine.example.org/w/reset/abc"),
                "{form}"
            );
            assert!(form.contains("for an hour"), "{form}");
        }
        assert_eq!(mail.to, "ann@example.org");
        let invited = invitation("https://wine.example.org", &path).to("bob@example.org");
        assert!(invited.text.contains("for 7 days"), "{}", invited.text);
    }
}
