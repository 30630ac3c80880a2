//! The card's summary as a table for a terminal.

use super::view::{ReportCard, Scores, Section};

impl ReportCard {
    /// The sentences, and the model beside age and level alone, season by season.
    pub fn markdown(&self) -> String {
        let mut text = self.sentences.join("\n");
        text += "\n\n| season | by | n | base rate | majority | AUC | Brier skill | log loss | ECE | obs / exp | slope | balanced accuracy |\n\
                 | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
        for section in self.seasons.iter().chain(&self.pooled) {
            for (by, scores) in rows(section) {
                text += &row(section, by, scores);
            }
        }
        text
    }
}

fn rows(section: &Section) -> Vec<(&'static str, &Scores)> {
    let mut rows = vec![
        ("model", &section.model),
        ("age and level", &section.baseline),
    ];
    rows.extend(
        section
            .in_full_seasons
            .as_ref()
            .map(|s| ("model, 2020 scaled", s)),
    );
    rows
}

fn row(section: &Section, by: &str, s: &Scores) -> String {
    let known = |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{v:.4}"));
    format!(
        "| {} | {by} | {} | {:.4} | {:.4} | {} | {} | {:.4} | {:.4} | {:.3} | {} | {} |\n",
        section
            .season
            .map_or("pooled".to_owned(), |s| s.to_string()),
        s.n,
        s.base_rate,
        s.majority,
        known(s.auc),
        known(s.brier_skill),
        s.log_loss,
        s.ece,
        s.observed_to_expected,
        known(s.slope),
        known(s.balanced_accuracy)
    )
}
