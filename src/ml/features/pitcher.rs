//! Features of pitchers beyond those both roles share.

use super::definition::{Direction, FeatureDef, features};
use super::facts::{Facts, log1p};
use super::rates::pit::{
    BABIP, BB, EARNED, FIP, GROUND, HBP, HITS, HR, K, K_BB, RUNS, SAVE, START, STRIKE, WHIFF, WILD,
};
use crate::domain::Group;

pub(super) const RATES: &[FeatureDef] = features! {
    k_rate "Strikeout rate" Stuff "per BF" Higher |f| f.season_rate(K);
    "Strikeouts per batter faced minus the league's, shrunk with 70 league-average batters.";
    bb_rate "Walk rate" Command "per BF" Lower |f| f.season_rate(BB);
    "Unintentional walks per batter faced minus the league's, shrunk with 110 league-average batters.";
    k_bb_rate "Strikeouts minus walks" Stuff "per BF" Higher |f| f.season_rate(K_BB);
    "Strikeouts minus walks per batter faced minus the league's, shrunk with 90 league-average batters.";
    hr_rate "Home runs allowed" RunPrevention "per contact" Lower |f| f.season_rate(HR);
    "Home runs per batter with contact minus the league's, shrunk with 300 league-average contacts.";
    babip "Hits on balls in play" RunPrevention "per ball in play" Lower |f| f.season_rate(BABIP);
    "Hits per ball in play minus the league's, shrunk with 400 league-average balls.";
    hbp_rate "Hit batters" Command "per BF" Lower |f| f.season_rate(HBP);
    "Hit batters per batter faced minus the league's, shrunk with 300 league-average batters.";
    wild_rate "Wild pitches" Command "per BF" Lower |f| f.season_rate(WILD);
    "Wild pitches per batter faced minus the league's, shrunk with 300 league-average batters.";
    earned_rate "Earned runs" RunPrevention "per BF" Lower |f| f.season_rate(EARNED);
    "Earned runs per batter faced minus the league's, shrunk with 250 league-average batters.";
    runs_rate "Runs" RunPrevention "per BF" Lower |f| f.season_rate(RUNS);
    "Runs per batter faced minus the league's, shrunk with 250 league-average batters.";
    hits_rate "Hits allowed" RunPrevention "per BF" Lower |f| f.season_rate(HITS);
    "Hits per batter faced minus the league's, shrunk with 250 league-average batters.";
    fip "Fielding-independent runs" RunPrevention "points per BF" Lower |f| f.season_rate(FIP);
    "(13 HR + 3 (BB + HBP) - 2 SO) per batter faced minus the league's, shrunk with 120 league-average batters.";
    k_rate_career "Strikeout rate, career" Stuff "per BF" Higher |f| f.career_rate(K);
    "Strikeout rate against the leagues over all seasons, 0.75 per year of distance, shrunk with 70 batters.";
    bb_rate_career "Walk rate, career" Command "per BF" Lower |f| f.career_rate(BB);
    "Walk rate against the leagues over all seasons, 0.75 per year of distance, shrunk with 110 batters.";
    k_bb_rate_career "Strikeouts minus walks, career" Stuff "per BF" Higher |f| f.career_rate(K_BB);
    "Strikeouts minus walks against the leagues over all seasons, 0.75 per year of distance, shrunk with 90 batters.";
    hr_rate_career "Home runs allowed, career" RunPrevention "per contact" Lower |f| f.career_rate(HR);
    "Home runs allowed against the leagues over all seasons, 0.75 per year of distance, shrunk with 300 contacts.";
    babip_career "Hits on balls in play, career" RunPrevention "per ball in play" Lower |f| f.career_rate(BABIP);
    "Hits per ball in play against the leagues over all seasons, 0.75 per year of distance, shrunk with 400 balls.";
    hbp_rate_career "Hit batters, career" Command "per BF" Lower |f| f.career_rate(HBP);
    "Hit batters against the leagues over all seasons, 0.75 per year of distance, shrunk with 300 batters.";
    wild_rate_career "Wild pitches, career" Command "per BF" Lower |f| f.career_rate(WILD);
    "Wild pitches against the leagues over all seasons, 0.75 per year of distance, shrunk with 300 batters.";
    earned_rate_career "Earned runs, career" RunPrevention "per BF" Lower |f| f.career_rate(EARNED);
    "Earned runs against the leagues over all seasons, 0.75 per year of distance, shrunk with 250 batters.";
    hits_rate_career "Hits allowed, career" RunPrevention "per BF" Lower |f| f.career_rate(HITS);
    "Hits per batter faced against the leagues over all seasons, 0.75 per year of distance, shrunk with 250 batters.";
    fip_career "Fielding-independent runs, career" RunPrevention "points per BF" Lower |f| f.career_rate(FIP);
    "Fielding-independent runs against the leagues over all seasons, 0.75 per year of distance, shrunk with 120 batters.";
    ground_career "Ground-ball share, career" RunPrevention "per out in play" Higher |f| f.recorded_rate(GROUND);
    "Ground outs per ground and air out against the leagues over all seasons, 0.75 per year of distance, shrunk with 100 outs; missing where not recorded.";
    strike_career "Strikes, career" Command "per pitch" Higher |f| f.recorded_rate(STRIKE);
    "Strikes per pitch against the leagues where recorded, 0.75 per year of distance, shrunk with 300 pitches; missing elsewhere.";
    whiff_career "Swing and miss, career" Stuff "per pitch" Higher |f| f.recorded_rate(WHIFF);
    "Misses per pitch against the leagues where recorded, 0.75 per year of distance, shrunk with 200 pitches; missing elsewhere.";
    k_trend "Strikeout rate, trend" Stuff "per BF" Higher |f| f.trend(K);
    "Shrunk strikeout rate of the season minus that of all seasons before; 0 in a first season.";
    bb_trend "Walk rate, trend" Command "per BF" Lower |f| f.trend(BB);
    "Shrunk walk rate of the season minus that of all seasons before; 0 in a first season.";
    fip_trend "Fielding-independent runs, trend" RunPrevention "points per BF" Lower |f| f.trend(FIP);
    "Shrunk fielding-independent runs of the season minus those of all seasons before; 0 in a first season.";
    worse_peers "Better than peers of his age" AgeForLevel "share" Higher |f| f.percentile.worse;
    "Share of the level's regulars within a year of his age with worse shrunk fielding-independent runs.";
    k_by_level "Strikeouts times level" Stuff "per BF x rungs" Higher |f| f.career_rate(K) * (f.career_rung() + 1.0);
    "Career strikeout rate against the leagues, times the career's mean rung plus one.";
    bb_by_level "Walks times level" Command "per BF x rungs" Lower |f| f.career_rate(BB) * (f.career_rung() + 1.0);
    "Career walk rate against the leagues, times the career's mean rung plus one.";
    fip_by_level "Fielding-independent runs times level" RunPrevention "points per BF x rungs" Lower |f| f.career_rate(FIP) * (f.career_rung() + 1.0);
    "Career fielding-independent runs against the leagues, times the career's mean rung plus one.";
    fip_by_youth "Fielding-independent runs times youth" AgeForLevel "points per BF x years" Lower |f| f.season_rate(FIP) * -f.age_gap();
    "Season's fielding-independent runs against the league, times the years below the level's mean age.";
    start_share "Starter share" Role "per game" Higher |f| share(f, START, 0.3);
    "Starts per game of the season, shrunk with 5 games at 0.3.";
    start_share_career "Starter share, career" Role "per game" Higher |f| career_share(f, START, 0.3);
    "Starts per game over all seasons, 0.75 per year of distance, shrunk with 5 games at 0.3.";
    save_share "Save share" Role "per game" Higher |f| career_share(f, SAVE, 0.07);
    "Saves per game over all seasons, 0.75 per year of distance, shrunk with 10 games at 0.07.";
    batters_a_game "Batters a game" Role "batters" Higher |f| (f.now.playing_time + 30.0) / (f.now.games + 3.0);
    "Batters faced per game of the season, shrunk with 3 games of 10.";
    starts_by_level "Starter share times level" Role "per game x rungs" Higher |f| share(f, START, 0.3) * (f.now.mean_rung() + 1.0);
    "Starter share of the season times its mean rung plus one.";
    k_by_start "Strikeouts times starter share" Stuff "per BF" Higher |f| f.career_rate(K) * career_share(f, START, 0.3);
    "Career strikeout rate against the leagues times the career starter share.";
    games "Games pitched" Durability "ln(1+G)" Higher |f| log1p(f.now.games);
    "Logarithm of the season's games pitched.";
};

/// What he did in the majors so far.
pub(super) const MAJORS: &[FeatureDef] = features! {
    major_k_rate "Strikeout rate, majors" TrackRecord "per BF" Higher |f| f.majors.p_k;
    "Strikeouts per major-league batter faced so far minus 0.18, shrunk with 60 batters; 0 before a debut.";
    major_bb_rate "Walk rate, majors" TrackRecord "per BF" Lower |f| f.majors.p_bb;
    "Walks per major-league batter faced so far minus 0.10, shrunk with 80 batters; 0 before a debut.";
    major_start_share "Starter share, majors" Role "per game" Higher |f| f.majors.start;
    "Starts per major-league game pitched so far minus 0.3, shrunk with 3 games; 0 before a debut.";
    major_seasons "Seasons with a game in the majors" TrackRecord "seasons" Neither |f| f.majors.seasons;
    "Major-league seasons through this one.";
};

fn share(f: &Facts<'_>, rate: usize, usual: f32) -> f32 {
    let prior = f.prior[rate];
    (f.now.tally.num[rate] + usual * prior) / (f.now.tally.den[rate] + prior)
}

fn career_share(f: &Facts<'_>, rate: usize, usual: f32) -> f32 {
    let prior = f.prior[rate];
    (f.career.num[rate] + usual * prior) / (f.career.den[rate] + prior)
}
