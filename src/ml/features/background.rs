//! Features both roles share: age, level, durability, major-league time, pedigree.

use super::definition::{Direction, FeatureDef, features};
use super::facts::log1p;
use crate::domain::Group;

/// Age, level and playing time.
pub(super) const CAREER: &[FeatureDef] = features! {
    age "Age" AgeForLevel "years" Lower |f| f.age;
    "Age on 1 July of the season.";
    age_vs_level "Age against level" AgeForLevel "years" Lower |f| f.age_gap();
    "Age minus the playing-time-weighted mean age of the season's levels.";
    age_vs_league "Age against league" AgeForLevel "years" Lower |f| f.age_then - f.now.league_age;
    "Age minus the playing-time-weighted mean age of the season's leagues.";
    older_share "Older players at the level" AgeForLevel "share" Higher |f| f.percentile.older;
    "Share of the level's regulars in the season who are older.";
    age_vs_level_career "Age against level, career" AgeForLevel "years" Lower |f| f.career_age_gap();
    "Age against level of every season so far, weighted by playing time and 0.75 per year of distance.";
    age_first "Age of the first season" AgeForLevel "years" Lower |f| f.age_then - f.years_since_first();
    "Age in the first affiliated season known.";
    young_and_high "Youth times level" AgeForLevel "years x rungs" Higher |f| -f.age_gap() * (f.now.mean_rung() + 1.0);
    "Years younger than the level's mean, times the mean rung (1 foreign rookie to 8 AAA).";
    age_squared "Age beyond 22, squared" AgeForLevel "years squared" Lower |f| (f.age - 22.0).max(0.0).powi(2);
    "Square of the years above 22; 0 below.";
    level_mean "Mean level" Level "rungs" Higher |f| f.now.mean_rung();
    "Playing-time-weighted mean rung of the season: 0 foreign rookie, 1 complex, 2 advanced rookie, 3 A-, 4 A, 5 A+, 6 AA, 7 AAA.";
    risen "Level of late" Level "rungs" Higher |f| f.risen;
    "Mean rung of what was played of a running season minus that of the trailing year; 0 at a season's end.";
    wait "Part of the season to come" Durability "share" Neither |f| f.wait;
    "Share of a running season's calendar that is still to be played; 0 at a season's end.";
    unseen "Part of the year not seen" Durability "share" Neither |f| if f.previous.is_none() && f.seasons_played < 1.0 { f.wait } else { 0.0 };
    "The same in a first season, which has no season before it to look at.";
    level_top "Highest level" Level "rungs" Higher |f| f.now.top_rung() as f32;
    "Highest rung with at least 20 plate appearances or batters faced in the season.";
    share_foreign "Share in foreign rookie leagues" Level "share" Neither |f| f.now.share(0);
    "Share of the season's playing time in the Dominican and Venezuelan leagues.";
    share_complex "Share in complex leagues" Level "share" Neither |f| f.now.share(1);
    "Share of the season's playing time in complex leagues.";
    share_short "Share in advanced rookie and A-" Level "share" Neither |f| f.now.share(2) + f.now.share(3);
    "Share of the season's playing time in advanced rookie and short-season A leagues.";
    share_a "Share in A" Level "share" Neither |f| f.now.share(4);
    "Share of the season's playing time at A.";
    share_high_a "Share in A+" Level "share" Neither |f| f.now.share(5);
    "Share of the season's playing time at A+.";
    share_aa "Share in AA" Level "share" Neither |f| f.now.share(6);
    "Share of the season's playing time at AA.";
    share_aaa "Share in AAA" Level "share" Neither |f| f.now.share(7);
    "Share of the season's playing time at AAA.";
    level_rise "Rise since last season" Level "rungs" Higher |f| f.rise();
    "Mean rung minus that of the previous season played; 0 in a first season.";
    level_career "Mean level, career" Level "rungs" Higher |f| f.career_rung();
    "Mean rung of every season, weighted by playing time and 0.75 per year of distance.";
    promotion_speed "Promotion speed" Level "rungs a year" Higher |f| (f.now.mean_rung() - f.first.mean_rung()) / (f.years_since_first() + 1.0);
    "Rungs climbed since the first season, divided by the years since plus one.";
    repeated_level "Time already spent at the level" Level "ln(1+PT)" Lower |f| log1p(f.repeated());
    "Logarithm of the playing time before this season at its main level or above.";
    years_pro "Years since the first season" TrackRecord "years" Lower |f| f.years_since_first();
    "Years between the first affiliated season known and the latest.";
    seasons_played "Seasons played" TrackRecord "seasons" Neither |f| f.seasons_played;
    "Affiliated seasons with a line in the role.";
    playing_time "Playing time" Durability "ln(1+PT)" Higher |f| log1p(f.now.playing_time);
    "Logarithm of the season's plate appearances or batters faced.";
    playing_time_before "Playing time, season before" Durability "ln(1+PT)" Higher |f| log1p(f.previous.map_or(0.0, |p| p.playing_time));
    "Logarithm of the playing time of the previous season played; 0 in a first season.";
    playing_time_career "Playing time, career" Durability "ln(1+PT)" Neither |f| log1p(f.by_rung.iter().sum());
    "Logarithm of all affiliated playing time in the role.";
    playing_time_upper "Playing time at AA and AAA" TrackRecord "ln(1+PT)" Higher |f| log1p(f.time_from(6));
    "Logarithm of all playing time at AA and AAA.";
    playing_time_aaa "Playing time at AAA" TrackRecord "ln(1+PT)" Neither |f| log1p(f.time_from(7));
    "Logarithm of all playing time at AAA.";
    full_season_time "Playing time above short season" TrackRecord "ln(1+PT)" Higher |f| log1p(f.time_from(4));
    "Logarithm of all playing time at A and above.";
    time_at_level "Playing time times level" Durability "ln(1+PT) x rungs" Higher |f| log1p(f.now.playing_time) * f.now.mean_rung();
    "Logarithm of the season's playing time times its mean rung.";
    seasons_missed "Seasons missed" Durability "seasons" Lower |f| f.missed;
    "Seasons with minor-league ball since the latest line in the role (2020 had none).";
    major_debut "Reached the majors" TrackRecord "yes or no" Higher |f| f32::from(u8::from(f.major.debuted));
    "1 when he debuted in the majors on or before the season's last day.";
    major_time "Major-league time, season" TrackRecord "ln(1+PT)" Higher |f| log1p_or_nan(f.major.season);
    "Logarithm of the season's major-league plate appearances or batters faced; missing when he debuted and the season's lines are not known.";
    major_career "Major-league time, career" TrackRecord "ln(1+PT)" Higher |f| log1p_or_nan(f.major.career);
    "Logarithm of all major-league plate appearances or batters faced through the season.";
};

/// Draft, published scouting, and the club's own word: its 40-man roster.
pub(super) const PEDIGREE: &[FeatureDef] = features! {
    drafted "Drafted" Pedigree "yes or no" Neither |f| f.pedigree.drafted;
    "1 when a draft selection on or before the season is matched to him.";
    draft_pick "Draft pick" Pedigree "ln(pick)" Lower |f| f.pedigree.log_pick;
    "Logarithm of the overall pick of the latest draft; 7.6 (pick 2,000) when undrafted.";
    draft_high_school "Drafted from high school" Pedigree "yes or no" Neither |f| f.pedigree.high_school;
    "1 when the latest selection was from a high school.";
    draft_college "Drafted from college" Pedigree "yes or no" Neither |f| f.pedigree.college;
    "1 when the latest selection was from a college or junior college.";
    draft_years "Years since the draft" Pedigree "years" Lower |f| f.pedigree.years_since_draft.unwrap_or_else(|| f.years_since_first());
    "Years between the latest selection and the season; years since the first season when undrafted.";
    draft_fading "Draft pick, fading" Pedigree "weight" Higher |f| fading(f.pedigree.log_pick, f.pedigree.years_since_draft);
    "(7.3 minus the logarithm of the pick), halved with every two years since the draft; 0 when undrafted.";
    scouting_listed "On a published survey" Pedigree "yes or no" Higher |f| f.pedigree.listed;
    "1 when a whole board of at least 400 graded players, published in the second half of the season, lists him; missing when none was published.";
    scouting_grade "Published future value" Pedigree "20 to 80" Higher |f| f.pedigree.future_value;
    "Highest future value on such boards, 30 when on none; missing when none was published.";
    on_roster "On the 40-man roster" Pedigree "yes or no" Higher |f| f.roster.on;
    "1 when on a 40-man roster on the snapshot's day; missing when no log of transactions reaches it.";
    roster_added "Added to the 40-man roster" Pedigree "weight" Higher |f| f.roster.added;
    "1 on the day his contract is selected, halved every 180 days; 0 when on no roster; missing as above.";
    roster_by_level "On the roster times level" Pedigree "rungs" Neither |f| f.roster.on * f.now.top_rung() as f32;
    "Highest rung when on a 40-man roster, 0 when on none; missing as above.";
    roster_by_youth "On the roster times youth" Pedigree "years" Higher |f| f.roster.on * youth(f.age);
    "Years below 25 when on a 40-man roster, 0 when on none or of unknown age; missing as above.";
    unprotected_aa "At AA, on no roster" Pedigree "yes or no" Lower |f| unprotected(f.roster.on, f.now.top_rung() == 6);
    "1 when AA is his highest rung of the season and he is on no 40-man roster; missing as above.";
    unprotected_aaa "At AAA, on no roster" Pedigree "yes or no" Lower |f| unprotected(f.roster.on, f.now.top_rung() == 7);
    "1 when AAA is his highest rung of the season and he is on no 40-man roster; missing as above.";
};

fn youth(age: f32) -> f32 {
    if age.is_nan() { 0.0 } else { 25.0 - age }
}

fn unprotected(on: f32, there: bool) -> f32 {
    (1.0 - on) * f32::from(u8::from(there))
}

fn log1p_or_nan(x: f32) -> f32 {
    if x.is_nan() { x } else { log1p(x) }
}

fn fading(log_pick: f32, years: Option<f32>) -> f32 {
    years.map_or(0.0, |years| {
        (7.3 - log_pick).max(0.0) * (-years / 2.0).exp2()
    })
}
