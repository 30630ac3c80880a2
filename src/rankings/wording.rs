//! Numbers as people read them. How many digits a probability is told with depends on
//! where: beside its interval, in a sentence about one player, in one about thousands.

/// Whole percents, `23`; a decimal below 10 % and above 99 %, where a whole number
/// would hide differences. Never 0: nobody's chance is nothing.
pub fn short_percent(probability: f64) -> String {
    let hundredths = probability * 100.0;
    if (9.95..99.0).contains(&hundredths) {
        format!("{hundredths:.0}")
    } else if hundredths < 0.05 {
        "<0.1".to_owned()
    } else {
        format!("{hundredths:.1}")
    }
}

/// A player's chance in a sentence, `3.4 %`; two decimals below one percent, where one
/// would hide differences.
pub fn chance(probability: f64) -> String {
    match of_a_hundred(probability) {
        Some(figure) => format!("{figure} %"),
        None => "less than 0.01 %".to_owned(),
    }
}

/// The size of a change of a chance, `3.4 percentage points`, rounded alike.
pub fn points(change: f64) -> String {
    match of_a_hundred(change.abs()) {
        Some(figure) => format!("{figure} percentage points"),
        None => "less than 0.01 percentage points".to_owned(),
    }
}

fn of_a_hundred(share: f64) -> Option<String> {
    let hundredths = share * 100.0;
    if hundredths >= 0.995 {
        Some(format!("{hundredths:.1}"))
    } else if hundredths >= 0.005 {
        Some(format!("{hundredths:.2}"))
    } else {
        None
    }
}

/// A share of many, `24.6 %`.
pub fn share_of_many(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// The number with commas between thousands.
pub fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{chance, points, share_of_many, short_percent, thousands};

    #[test]
    fn long_numbers_have_commas() {
        let told = [7, 1204, 37_623, 1_234_567].map(thousands);
        assert_eq!(told, ["7", "1,204", "37,623", "1,234,567"]);
    }

    #[test]
    fn small_probabilities_keep_a_decimal() {
        let told = [0.0123, 0.0999, 0.0001, 0.997].map(short_percent);
        assert_eq!(told, ["1.2", "10", "<0.1", "99.7"]);
    }

    #[test]
    fn sentences_hide_no_difference() {
        assert_eq!(chance(0.034), "3.4 %");
        assert_eq!(chance(0.0034), "0.34 %");
        assert_eq!(chance(0.00001), "less than 0.01 %");
        assert_eq!(points(-0.034), "3.4 percentage points");
        assert_eq!(share_of_many(0.2461), "24.6 %");
    }
}
