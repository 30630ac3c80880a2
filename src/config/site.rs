//! Settings of where the site stands and what it is called from outside.

use crate::web::{BasePath, PublicUrl, Site};

/// Where the site stands.
#[derive(clap::Args, Clone, Debug)]
pub struct SiteSettings {
    /// Serve everything below this path, such as /wine, of a host that serves other
    /// things, too
    #[arg(
        long,
        env = "AFWD_BASE_PATH",
        default_value = "",
        hide_default_value = true,
        value_name = "PATH"
    )]
    pub base_path: BasePath,
    /// Address by which readers know the site.
    #[arg(
        long,
        env = "AFWD_PUBLIC_URL",
        value_name = "URL",
        help = "Address by which readers know the site, such as https://wine.example.org, for the \
                feed [default: what the request says]"
    )]
    pub public_url: Option<PublicUrl>,
}

impl SiteSettings {
    /// What the site is told; who it is belongs to its data.
    pub fn site(&self) -> Site {
        Site {
            base: self.base_path.clone(),
            public_url: self.public_url.clone(),
            ..Site::default()
        }
    }
}
