use jiff::civil::{Date, date};

use super::{Person, Register, Verdict};
use crate::domain::{Code, OtherIds, Prospect, ProspectId};
use crate::store::Affiliation;

const DAY: Date = date(2024, 2, 1);

fn player(id: u32, name: &str, birth: Date) -> Prospect {
    Prospect {
        id: ProspectId(id),
        mlbam_id: ProspectId(id).mlbam(),
        name: name.to_owned(),
        birth_date: Some(birth),
        bats: None,
        throws: None,
        other_ids: OtherIds {
            fangraphs: Some(format!("sa{id}")),
            ..OtherIds::default()
        },
    }
}

fn with(id: u32, organisation: &str) -> (ProspectId, Affiliation) {
    let at = Affiliation {
        as_of: date(2023, 7, 1),
        organisation: Code::new(organisation).expect("short"),
        organisation_name: String::new(),
        club: String::new(),
        level: None,
        position: None,
    };
    (ProspectId(id), at)
}

fn register() -> Register {
    let players = [
        player(1, "José Peña", date(2002, 5, 1)),
        player(2, "Jose Pena", date(2004, 3, 1)),
        player(3, "Ana Gram", date(2003, 1, 1)),
        player(4, "Jose Pena", date(2002, 9, 1)),
        player(5, "Luis Mora Jr.", date(2003, 1, 1)),
    ];
    let places = [
        with(1, "TBR"),
        with(2, "TBR"),
        with(3, "NYM"),
        with(4, "NYM"),
        with(5, ""),
    ];
    Register::new(&players, &[], &places, &[])
}

fn person(name: &str, organisation: &str, age: Option<f32>) -> Person {
    Person {
        name: name.to_owned(),
        organisation: Code::new(organisation).expect("short"),
        age,
        ..Person::default()
    }
}

#[test]
fn ids_come_first_but_must_fit_the_name() {
    let register = register();
    let mut row = person("J. Pena", "", None);
    row.mlbam = Some(ProspectId(2));
    assert_eq!(register.find(&row, DAY), Verdict::Found(ProspectId(2)));
    row.name = "Ana Gram".to_owned();
    assert_eq!(
        register.find(&row, DAY),
        Verdict::Unsure(vec![ProspectId(2), ProspectId(3)]),
        "the one with the id and the one of the name"
    );
    let mut row = person("Pena", "", None);
    row.fangraphs = vec![String::new(), "SA4".to_owned()];
    assert_eq!(register.find(&row, DAY), Verdict::Found(ProspectId(4)));
    row.fangraphs = vec!["sa1".to_owned(), "sa4".to_owned()];
    assert!(matches!(register.find(&row, DAY), Verdict::Unsure(_)));
}

#[test]
fn a_name_needs_a_birth_date_or_organisation_and_age() {
    let register = register();
    let mut born = person("Jose Peña", "", None);
    born.birth_date = Some(date(2004, 3, 1));
    assert_eq!(register.find(&born, DAY), Verdict::Found(ProspectId(2)));
    assert_eq!(
        register.find(&person("Jose Pena", "TBR", Some(21.7)), DAY),
        Verdict::Found(ProspectId(1))
    );
    assert_eq!(
        register.find(&person("Jose Pena", "NYM", Some(21.0)), DAY),
        Verdict::Found(ProspectId(4))
    );
    for unsure in [
        person("Ana Gram", "", None),
        person("Ana Gram", "NYM", None),
        person("Ana Gram", "BOS", Some(21.0)),
    ] {
        assert_eq!(
            register.find(&unsure, DAY),
            Verdict::Unsure(vec![ProspectId(3)])
        );
    }
}

#[test]
fn two_that_fit_are_never_told_apart_by_guessing() {
    let register = register();
    let Verdict::Unsure(offered) = register.find(&person("Jose Pena", "TBR", Some(20.8)), DAY)
    else {
        panic!("a guess");
    };
    assert_eq!(offered, [1, 2, 4].map(ProspectId));
}

#[test]
fn a_birth_date_that_contradicts_rules_out() {
    let mut row = person("Ana Gram", "NYM", Some(21.0));
    row.birth_date = Some(date(1999, 1, 1));
    assert!(matches!(register().find(&row, DAY), Verdict::Unsure(_)));
}

#[test]
fn nicknames_are_offered_and_strangers_are_not() {
    let register = register();
    assert_eq!(
        register.find(&person("Annie Gram", "NYM", Some(21.0)), DAY),
        Verdict::Unsure(vec![ProspectId(3)])
    );
    assert_eq!(
        register.find(&person("Zed Zero", "NYM", None), DAY),
        Verdict::Unsure(Vec::new())
    );
    assert_eq!(
        register.find(&person("", "", None), DAY),
        Verdict::Unsure(Vec::new())
    );
    assert_eq!(
        register.find(&person("Luis Mora Sr.", "", None), DAY),
        Verdict::Unsure(vec![ProspectId(5)])
    );
}

#[test]
fn what_came_after_publication_tells_nobody() {
    let gram = player(3, "Ana Gram", date(2003, 1, 1));
    let mut later = with(3, "NYM");
    later.1.as_of = date(2025, 4, 1);
    let register = Register::new(&[gram], &[], &[later], &[]);
    let row = person("Ana Gram", "NYM", Some(21.0));
    assert!(matches!(register.find(&row, DAY), Verdict::Unsure(_)));
    assert_eq!(
        register.find(&row, date(2025, 1, 1)),
        Verdict::Found(ProspectId(3))
    );
}
