//! Features of hitters beyond those both roles share.

use super::definition::{Direction, FeatureDef, features};
use super::rates::bat::{
    BABIP, BB, GIDP, GROUND, HBP, HR, IBB, ISO, K, OBP, SAFE, STEAL, TRIPLE, WHIFF, WOBA, XB,
};
use crate::domain::{Group, Position};

pub(super) const RATES: &[FeatureDef] = features! {
    k_rate "Strikeout rate" Contact "per PA" Lower |f| f.season_rate(K);
    "Strikeouts per plate appearance minus the league's, shrunk with 60 league-average PA.";
    bb_rate "Walk rate" Discipline "per PA" Higher |f| f.season_rate(BB);
    "Unintentional walks per plate appearance minus the league's, shrunk with 100 league-average PA.";
    hr_rate "Home-run rate" Power "per contact" Higher |f| f.season_rate(HR);
    "Home runs per at bat with contact minus the league's, shrunk with 120 league-average contacts.";
    xb_rate "Doubles and triples" Power "per ball in play" Higher |f| f.season_rate(XB);
    "Doubles and triples per ball in play minus the league's, shrunk with 200 league-average balls.";
    babip "Hits on balls in play" Contact "per ball in play" Higher |f| f.season_rate(BABIP);
    "Hits per ball in play minus the league's, shrunk with 300 league-average balls.";
    iso "Isolated power" Power "bases per AB" Higher |f| f.season_rate(ISO);
    "Extra bases per at bat minus the league's, shrunk with 160 league-average AB.";
    woba "Weighted on-base average" TrackRecord "per PA" Higher |f| f.season_rate(WOBA);
    "Weighted on-base average minus the league's, shrunk with 150 league-average PA.";
    hbp_rate "Hit by pitch" Discipline "per PA" Neither |f| f.season_rate(HBP);
    "Hit by pitch per plate appearance minus the league's, shrunk with 250 league-average PA.";
    steal_attempts "Steal attempts" Speed "per time on first" Higher |f| f.season_rate(STEAL);
    "Steals tried per time on first base minus the league's, shrunk with 60 league-average times.";
    gidp_rate "Double plays" Speed "per PA" Lower |f| f.season_rate(GIDP);
    "Double plays grounded into per plate appearance minus the league's, shrunk with 300 league-average PA.";
    triple_rate "Triples" Speed "per ball in play" Higher |f| f.season_rate(TRIPLE);
    "Triples per ball in play minus the league's, shrunk with 250 league-average balls.";
    obp "On-base average" Discipline "per PA" Higher |f| f.season_rate(OBP);
    "On-base average minus the league's, shrunk with 150 league-average PA.";
    k_rate_career "Strikeout rate, career" Contact "per PA" Lower |f| f.career_rate(K);
    "Strikeout rate against the leagues over all seasons, 0.75 per year of distance, shrunk with 60 PA.";
    bb_rate_career "Walk rate, career" Discipline "per PA" Higher |f| f.career_rate(BB);
    "Walk rate against the leagues over all seasons, 0.75 per year of distance, shrunk with 100 PA.";
    hr_rate_career "Home-run rate, career" Power "per contact" Higher |f| f.career_rate(HR);
    "Home-run rate against the leagues over all seasons, 0.75 per year of distance, shrunk with 120 contacts.";
    xb_rate_career "Doubles and triples, career" Power "per ball in play" Higher |f| f.career_rate(XB);
    "Doubles and triples against the leagues over all seasons, 0.75 per year of distance, shrunk with 200 balls.";
    babip_career "Hits on balls in play, career" Contact "per ball in play" Higher |f| f.career_rate(BABIP);
    "Hits per ball in play against the leagues over all seasons, 0.75 per year of distance, shrunk with 300 balls.";
    iso_career "Isolated power, career" Power "bases per AB" Higher |f| f.career_rate(ISO);
    "Isolated power against the leagues over all seasons, 0.75 per year of distance, shrunk with 160 AB.";
    woba_career "Weighted on-base average, career" TrackRecord "per PA" Higher |f| f.career_rate(WOBA);
    "Weighted on-base average against the leagues over all seasons, 0.75 per year of distance, shrunk with 150 PA.";
    hbp_rate_career "Hit by pitch, career" Discipline "per PA" Neither |f| f.career_rate(HBP);
    "Hit by pitch against the leagues over all seasons, 0.75 per year of distance, shrunk with 250 PA.";
    steal_attempts_career "Steal attempts, career" Speed "per time on first" Higher |f| f.career_rate(STEAL);
    "Steals tried against the leagues over all seasons, 0.75 per year of distance, shrunk with 60 times on first.";
    steal_success "Steals made, career" Speed "per attempt" Higher |f| f.career_rate(SAFE);
    "Share of steals made against the leagues over all seasons, 0.75 per year of distance, shrunk with 15 attempts.";
    gidp_rate_career "Double plays, career" Speed "per PA" Lower |f| f.career_rate(GIDP);
    "Double plays against the leagues over all seasons, 0.75 per year of distance, shrunk with 300 PA.";
    triple_rate_career "Triples, career" Speed "per ball in play" Higher |f| f.career_rate(TRIPLE);
    "Triples against the leagues over all seasons, 0.75 per year of distance, shrunk with 250 balls.";
    obp_career "On-base average, career" Discipline "per PA" Higher |f| f.career_rate(OBP);
    "On-base average against the leagues over all seasons, 0.75 per year of distance, shrunk with 150 PA.";
    ibb_rate_career "Intentional walks, career" Power "per PA" Higher |f| f.career_rate(IBB);
    "Intentional walks against the leagues over all seasons, 0.75 per year of distance, shrunk with 300 PA.";
    ground_career "Ground-ball share, career" Power "per out in play" Lower |f| f.recorded_rate(GROUND);
    "Ground outs per ground and air out against the leagues over all seasons, 0.75 per year of distance, shrunk with 100 outs; missing where not recorded.";
    whiff_career "Swing and miss, career" Contact "per swing" Lower |f| f.recorded_rate(WHIFF);
    "Misses per swing against the leagues where parks record them, 0.75 per year of distance, shrunk with 100 swings; missing elsewhere.";
    k_trend "Strikeout rate, trend" Contact "per PA" Lower |f| f.trend(K);
    "Shrunk strikeout rate of the season minus that of all seasons before; 0 in a first season.";
    bb_trend "Walk rate, trend" Discipline "per PA" Higher |f| f.trend(BB);
    "Shrunk walk rate of the season minus that of all seasons before; 0 in a first season.";
    iso_trend "Isolated power, trend" Power "bases per AB" Higher |f| f.trend(ISO);
    "Shrunk isolated power of the season minus that of all seasons before; 0 in a first season.";
    woba_trend "Weighted on-base average, trend" TrackRecord "per PA" Higher |f| f.trend(WOBA);
    "Shrunk weighted on-base average of the season minus that of all seasons before; 0 in a first season.";
    worse_peers "Better than peers of his age" AgeForLevel "share" Higher |f| f.percentile.worse;
    "Share of the level's regulars within a year of his age with a lower shrunk weighted on-base average.";
    woba_by_level "Hitting times level" TrackRecord "per PA x rungs" Higher |f| f.career_rate(WOBA) * (f.career_rung() + 1.0);
    "Career weighted on-base average against the leagues, times the career's mean rung plus one.";
    woba_by_youth "Hitting times youth" AgeForLevel "per PA x years" Higher |f| f.season_rate(WOBA) * -f.age_gap();
    "Season's weighted on-base average against the league, times the years below the level's mean age.";
    k_by_level "Strikeouts times level" Contact "per PA x rungs" Lower |f| f.career_rate(K) * (f.career_rung() + 1.0);
    "Career strikeout rate against the leagues, times the career's mean rung plus one.";
    iso_by_level "Power times level" Power "bases per AB x rungs" Higher |f| f.career_rate(ISO) * (f.career_rung() + 1.0);
    "Career isolated power against the leagues, times the career's mean rung plus one.";
    speed_by_level "Steal attempts times level" Speed "per time on first x rungs" Higher |f| f.career_rate(STEAL) * (f.career_rung() + 1.0);
    "Career steal attempts against the leagues, times the career's mean rung plus one.";
    scarcity "Scarcity of the position" Role "0 to 1" Higher |f| scarcity(f.now.position);
    "Defensive scarcity of the season's position: C 1, SS 0.9, CF 0.7, 2B 0.6, 3B 0.55, other outfield 0.3, 1B 0.1, DH 0; missing when unknown.";
    catcher "Catcher" Role "yes or no" Higher |f| is(f.now.position, &[Position::C]);
    "1 when the season's main position is catcher.";
    middle "Shortstop or centre field" Role "yes or no" Higher |f| is(f.now.position, &[Position::SS, Position::CF]);
    "1 when the season's main position is shortstop or centre field.";
    corner "First base or designated hitter" Role "yes or no" Lower |f| is(f.now.position, &[Position::B1, Position::DH]);
    "1 when the season's main position is first base or designated hitter.";
    woba_by_scarcity "Hitting times scarcity" Role "per PA" Higher |f| f.career_rate(WOBA) * scarcity(f.now.position);
    "Career weighted on-base average against the leagues, times the scarcity of the position.";
    games_rate "Plate appearances a game" Durability "PA per game" Higher |f| (f.now.playing_time + 11.4) / (f.now.games + 3.0);
    "Plate appearances per game of the season, shrunk with 3 games of 3.8.";
};

/// What he did in the majors so far.
pub(super) const MAJORS: &[FeatureDef] = features! {
    major_k_rate "Strikeout rate, majors" TrackRecord "per PA" Lower |f| f.majors.k;
    "Strikeouts per major-league plate appearance so far minus 0.27, shrunk with 60 PA; 0 before a debut.";
    major_bb_rate "Walk rate, majors" TrackRecord "per PA" Higher |f| f.majors.bb;
    "Walks per major-league plate appearance so far minus 0.06, shrunk with 80 PA; 0 before a debut.";
    major_on_base "On base, majors" TrackRecord "per PA" Higher |f| f.majors.on_base;
    "Hits and walks per major-league plate appearance so far minus 0.28, shrunk with 100 PA; 0 before a debut.";
    major_hr_rate "Home runs, majors" TrackRecord "per AB" Higher |f| f.majors.hr;
    "Home runs per major-league at bat so far minus 0.02, shrunk with 120 AB; 0 before a debut.";
    major_seasons "Seasons with a game in the majors" TrackRecord "seasons" Neither |f| f.majors.seasons;
    "Major-league seasons through this one.";
};

fn scarcity(position: Option<Position>) -> f32 {
    match position {
        Some(Position::C) => 1.0,
        Some(Position::SS) => 0.9,
        Some(Position::CF) => 0.7,
        Some(Position::B2) => 0.6,
        Some(Position::B3 | Position::IF) => 0.55,
        Some(Position::LF | Position::RF | Position::OF) => 0.3,
        Some(Position::B1) => 0.1,
        Some(Position::DH) => 0.0,
        Some(Position::P | Position::TWP) | None => f32::NAN,
    }
}

fn is(position: Option<Position>, any: &[Position]) -> f32 {
    f32::from(u8::from(position.is_some_and(|p| any.contains(&p))))
}
