//! `afwd user`: accounts, at the command line. The server must not run meanwhile: what it
//! does, /admin/users does.

use anyhow::Context as _;

use crate::app;
use crate::auth::{Accounts, NewUser, Operator, UserView};
use crate::cli::global::Global;
use crate::cli::output;
use crate::config::accounts::AccountKeySettings;
use crate::config::site::SiteSettings;
use crate::domain::{Tier, UserId, UserRole};
use crate::secret::Secret;
use crate::store::Opening;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(flatten)]
    keys: AccountKeySettings,
    #[command(flatten)]
    site: SiteSettings,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// List the accounts
    List,
    /// Make an account with a password, read from a line of the standard input
    Add(New),
    /// Make an account, and print a link by which its reader chooses a password
    Invite(New),
    /// Say whether somebody runs the site
    Role {
        /// Mail address or id
        user: String,
        /// reader or operator
        role: UserRole,
    },
    /// Say what somebody may use
    Tier {
        /// Mail address or id
        user: String,
        /// free or premium
        tier: Tier,
    },
    /// Print a link by which somebody chooses a new password
    Reset {
        /// Mail address or id
        user: String,
    },
    /// Turn the second factor of somebody off who lost it
    SecondFactorOff {
        /// Mail address or id
        user: String,
    },
    /// Keep somebody out, and end his sign-ins
    Disable {
        /// Mail address or id
        user: String,
    },
    /// Let somebody in again
    Enable {
        /// Mail address or id
        user: String,
    },
    /// Delete an account and everything about it, for ever
    Delete {
        /// Mail address or id
        user: String,
    },
}

#[derive(clap::Args, Debug)]
struct New {
    /// Mail address
    mail: String,
    /// What the reader is called
    #[arg(long, default_value = "", hide_default_value = true)]
    name: String,
    /// reader or operator
    #[arg(long, default_value = "reader")]
    role: UserRole,
    /// free or premium
    #[arg(long, default_value = "free")]
    tier: Tier,
}

impl New {
    fn user(&self) -> NewUser<'_> {
        NewUser {
            mail: &self.mail,
            name: &self.name,
            role: self.role,
            tier: self.tier,
        }
    }
}

/// The accounts, and the permission to change them.
struct Desk<'a> {
    global: &'a Global,
    args: &'a Args,
    accounts: Accounts,
    by: Operator,
}

pub(super) fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    let store = global.open(Opening::CreateIfAbsent)?;
    let accounts = app::accounts_at_the_console(&store, &global.data, &args.keys, global.clock())?;
    let by = accounts.at_the_console();
    let desk = Desk {
        global,
        args,
        accounts,
        by,
    };
    let changed = |user: &str, change: &dyn Fn(UserId) -> crate::auth::Result<()>| {
        let id = desk.accounts.find(&desk.by, user)?;
        change(id)?;
        desk.show(id)
    };
    let (accounts, by) = (&desk.accounts, &desk.by);
    match &args.verb {
        Verb::List => desk.list(),
        Verb::Add(new) => desk.add(new),
        Verb::Invite(new) => {
            let (_, path) = accounts.invite(by, &new.user())?;
            desk.link(&path)
        }
        Verb::Role { user, role } => changed(user, &|id| accounts.set_role(by, id, *role)),
        Verb::Tier { user, tier } => changed(user, &|id| accounts.set_tier(by, id, *tier)),
        Verb::SecondFactorOff { user } => {
            changed(user, &|id| accounts.drop_second_factor_of(by, id))
        }
        Verb::Disable { user } => changed(user, &|id| accounts.disable(by, id)),
        Verb::Enable { user } => changed(user, &|id| accounts.enable(by, id)),
        Verb::Reset { user } => desk.link(&accounts.reset_path(by, accounts.find(by, user)?)?),
        Verb::Delete { user } => {
            let receipt = accounts.delete_user(by, accounts.find(by, user)?)?;
            output::print_json(&receipt)
        }
    }
}

impl Desk<'_> {
    fn list(&self) -> anyhow::Result<()> {
        let users = self.accounts.users(&self.by)?;
        if self.global.json {
            return output::print_json(&users);
        }
        if users.is_empty() {
            output::line!("nobody has an account yet: `afwd user invite ADDRESS`")?;
        }
        users.iter().try_for_each(line)
    }

    fn add(&self, new: &New) -> anyhow::Result<()> {
        let mut password = String::new();
        let read = std::io::stdin().read_line(&mut password);
        read.context("no password on the standard input")?;
        let password = Secret::new(password.trim_end_matches(['\r', '\n']));
        let id = self.accounts.add(&self.by, &new.user(), &password)?;
        self.show(id)
    }

    fn show(&self, id: UserId) -> anyhow::Result<()> {
        let users = self.accounts.users(&self.by)?;
        let id = id.to_string();
        let user = users.iter().find(|user| user.id == id);
        let user = user.context("the account is gone")?;
        match self.global.json {
            true => output::print_json(user),
            false => line(user),
        }
    }

    /// Prints a link: whole when the site's address is known.
    fn link(&self, path: &Secret) -> anyhow::Result<()> {
        let site = self.args.site.site();
        let address = site.address().unwrap_or_else(|| site.base.to_string());
        let link = format!("{address}{}", path.expose());
        if self.global.json {
            return output::print_json(&serde_json::json!({ "link": link }));
        }
        output::line!("{link}")?;
        eprintln!("hand this link to its reader: it is good once");
        Ok(())
    }
}

fn line(user: &UserView) -> anyhow::Result<()> {
    let seen = user.signed_in.as_deref().unwrap_or("never signed in");
    output::line!(
        "{} {:<8} {:<7} {:<8} {} ({}), {seen}",
        user.id,
        user.role,
        user.tier,
        user.state,
        user.mail,
        user.name
    )?;
    Ok(())
}
