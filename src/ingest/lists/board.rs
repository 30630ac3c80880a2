//! FanGraphs' The Board as its export button gives it: the tab is told by the
//! header, since files are renamed and the columns change from year to year.

use std::path::Path;

use jiff::civil::Date;

use super::entry::ListOptions;
use super::keep::import_sheet;
use super::sheet::{Places, Sheet};
use crate::domain::Sample;
use crate::ingest::error::ImportError;
use crate::ingest::report::FileReport;
use crate::store::Store;

/// Name of the publisher.
const SOURCE: &str = "fangraphs";

/// A tab of The Board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Report,
    Scouting,
    Physical,
    International,
    Draft,
}

impl Tab {
    const ALL: [Self; 5] = [
        Self::Draft,
        Self::International,
        Self::Report,
        Self::Physical,
        Self::Scouting,
    ];

    /// Any one of these sets of headers tells the tab.
    fn headers(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Draft => &[
                &["Name", "School", "FV", "College Commit"],
                &["Name", "School", "FV", "Rank"],
            ],
            Self::International => &[
                &["Name", "Country", "FV", "Proj Team"],
                &["Name", "Country", "FV", "Player Type"],
            ],
            Self::Report => &[
                &["Name", "Org", "FV", "Current Level"],
                &["Name", "Org", "FV", "Risk", "ETA"],
            ],
            Self::Physical => &[
                &["Name", "Frame"],
                &["Name", "Athl", "Levers"],
                &["Name", "Levers"],
            ],
            Self::Scouting => &[
                &["Name", "FV", "Hit"],
                &["Name", "FV", "FB"],
                &["Name", "FV", "FB Type"],
                &["Name", "FV", "CMD"],
                &["Name", "FV", "Fld"],
            ],
        }
    }

    fn list(self) -> &'static str {
        match self {
            Self::Draft => "draft_board",
            Self::International => "international_board",
            _ => "board",
        }
    }

    fn sample(self) -> Sample {
        match self {
            Self::Draft | Self::International => Sample::Amateur,
            _ => Sample::Full,
        }
    }
}

/// Imports an export of The Board.
///
/// # Errors
/// As [`super::import_list`], and when no tab of The Board has such a header.
pub fn import_board(
    store: &Store,
    path: &Path,
    published: Date,
) -> Result<FileReport, ImportError> {
    let sheet = Sheet::open(path, &[])?;
    let tab = tab(&sheet).ok_or_else(|| ImportError::NotAList {
        path: path.to_owned(),
        reason: format!(
            "no tab of The Board has such columns (Report, Scouting, Physical, International, Draft); {}. \
             Another publisher's list is read by `afwd import list`",
            sheet.found()
        ),
    })?;
    let options = ListOptions {
        source: SOURCE.to_owned(),
        list: tab.list().to_owned(),
        published: Some(published),
        sample: Some(tab.sample()),
        ..ListOptions::default()
    };
    let places = places(tab, &sheet, published).map_err(|reason| ImportError::NotAList {
        path: path.to_owned(),
        reason,
    })?;
    let mut report = import_sheet(store, path, &sheet, &places, &options)?;
    report
        .notes
        .insert(0, format!("read as the {tab:?} tab of The Board"));
    Ok(report)
}

fn tab(sheet: &Sheet) -> Option<Tab> {
    let has_all = |wanted: &&[&str]| wanted.iter().all(|header| sheet.column(header).is_some());
    Tab::ALL
        .into_iter()
        .find(|tab| tab.headers().iter().any(has_all))
}

/// Columns that mean something else than their header says elsewhere: the rank of
/// an amateur board is its own, not that of the whole top 100, and `Arm` among
/// physical traits is no grade.
fn places(tab: Tab, sheet: &Sheet, published: Date) -> Result<Places, String> {
    let own_rank = [("rank".to_owned(), "Rank".to_owned())];
    let year = Some(published.year());
    match tab {
        Tab::Draft if sheet.column("Rank").is_some() => sheet.places(&own_rank, year),
        Tab::Physical => Ok(sheet.places(&[], year)?.without_tools()),
        _ => sheet.places(&[], year),
    }
}

#[cfg(test)]
mod tests {
    use super::{Tab, tab};
    use crate::ingest::lists::sheet::Sheet;

    #[test]
    fn tabs_are_told_by_their_header() {
        for (header, expected) in [
            (
                "Top 100,Org Rk,Name,Org,Pos,Current Level,ETA,FV,Risk",
                Some(Tab::Report),
            ),
            (
                "Name,Pos,Org,Top 100,Hit,Game,Raw,FV,playerId",
                Some(Tab::Scouting),
            ),
            (
                "Name,Pos,Org,TJ Date,FB Type,FB,SL,CMD,Sits,Tops,FV,PlayerId",
                Some(Tab::Scouting),
            ),
            (
                "Name,Pos,Org,Frame,Athl,Levers,Arm,PlayerId",
                Some(Tab::Physical),
            ),
            (
                "Name,Pos,Player Type,ETA,Age,Country,Proj Team,FV,Risk",
                Some(Tab::International),
            ),
            (
                "Class,Rank,Name,Pos,Age,School,College Commit,FV,Risk",
                Some(Tab::Draft),
            ),
            ("Rank,Player,Team", None),
        ] {
            let sheet = Sheet {
                headers: header.split(',').map(str::to_owned).collect(),
                ..Sheet::default()
            };
            assert_eq!(tab(&sheet), expected, "{header}");
        }
    }
}
