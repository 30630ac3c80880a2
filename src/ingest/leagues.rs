//! Codes of the leagues of affiliated ball.

use crate::domain::{Code, Season};

/// Full names and the codes stat lines use. The names of 2021 are those of the
/// one season in which leagues were called after their level.
const NAMES: [(&str, &str); 32] = [
    ("International League", "INT"),
    ("Pacific Coast League", "PCL"),
    ("Eastern League", "EAS"),
    ("Southern League", "SOU"),
    ("Texas League", "TEX"),
    ("Midwest League", "MID"),
    ("South Atlantic League", "SAL"),
    ("Northwest League", "NWL"),
    ("California League", "CAL"),
    ("Carolina League", "CAR"),
    ("Florida State League", "FSL"),
    ("Mexican League", "MEX"),
    ("New York-Penn League", "NYP"),
    ("Appalachian League", "APP"),
    ("Pioneer League", "PIO"),
    ("Arizona League", "AZL"),
    ("Gulf Coast League", "GCL"),
    ("Arizona Complex League", "ACL"),
    ("Florida Complex League", "FCL"),
    ("Dominican Summer League", "DSL"),
    ("Venezuelan Summer League", "VSL"),
    ("Triple-A East", "AAA E"),
    ("Triple-A West", "AAA W"),
    ("Double-A Northeast", "AA NE"),
    ("Double-A Central", "AA C"),
    ("Double-A South", "AA S"),
    ("High-A Central", "A+ C"),
    ("High-A East", "A+ E"),
    ("High-A West", "A+ W"),
    ("Low-A East", "A E"),
    ("Low-A Southeast", "A SE"),
    ("Low-A West", "A W"),
];

/// The code of a league's full name, when it is one of ours.
pub(super) fn code(name: &str) -> Option<Code> {
    NAMES
        .iter()
        .find(|(full, _)| *full == name)
        .and_then(|(_, code)| Code::new(code))
}

/// As [`code`], for a source that gives old seasons the leagues' names of today.
pub(super) fn code_in(name: &str, season: Season) -> Option<Code> {
    let old = match (name, season.0) {
        ("Arizona Complex League", ..=2020) => "AZL",
        ("Florida Complex League", ..=2020) => "GCL",
        // The Northwest League changed its abbreviation, not its name.
        ("Northwest League", ..=2014) => "NOR",
        _ => return code(name),
    };
    Code::new(old)
}

#[cfg(test)]
mod tests {
    use super::{code, code_in};
    use crate::domain::{Code, Season};

    #[test]
    fn names_of_today_give_the_code_of_the_season() {
        let of = |name, year| code_in(name, Season(year)).expect("known");
        assert_eq!(of("Arizona Complex League", 2019).as_str(), "AZL");
        assert_eq!(of("Arizona Complex League", 2021).as_str(), "ACL");
        assert_eq!(of("Northwest League", 2014).as_str(), "NOR");
        assert_eq!(of("Northwest League", 2015).as_str(), "NWL");
        assert_eq!(code("Low-A Southeast"), Code::new("A SE"));
        assert_eq!(code("Winter League"), None);
    }
}
