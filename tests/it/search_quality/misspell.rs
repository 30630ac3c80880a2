use afwd::domain::name::fold_name;

/// SplitMix64: small, seeded, good enough to draw misspellings.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// A way of getting a name wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Class {
    Folded,
    Typo,
    TwoTypos,
    Prefix,
    PrefixTypo,
    Joined,
    JoinedTypo,
    Reversed,
    ReversedTypo,
    Nickname,
    LastName,
    LastNameTypo,
    Initial,
    Punctuation,
    AccentTypo,
}

/// Pairs of the classes people use; the engine's own table is much longer.
const NICKNAMES: [(&str, &str); 26] = [
    ("robert", "bobby"),
    ("vladimir", "vlad"),
    ("michael", "mike"),
    ("alexander", "alex"),
    ("alejandro", "alex"),
    ("ignacio", "nacho"),
    ("jose", "pepe"),
    ("enrique", "kike"),
    ("francisco", "paco"),
    ("manuel", "manny"),
    ("roberto", "beto"),
    ("william", "billy"),
    ("christopher", "chris"),
    ("joseph", "joey"),
    ("jonathan", "jon"),
    ("matthew", "matt"),
    ("nicholas", "nick"),
    ("samuel", "sam"),
    ("daniel", "danny"),
    ("jacob", "jake"),
    ("zachary", "zach"),
    ("thomas", "tommy"),
    ("rafael", "rafa"),
    ("jesus", "chuy"),
    ("edward", "eddie"),
    ("benjamin", "ben"),
];

impl Class {
    pub(super) const ALL: [Self; 15] = [
        Self::Folded,
        Self::Typo,
        Self::TwoTypos,
        Self::Prefix,
        Self::PrefixTypo,
        Self::Joined,
        Self::JoinedTypo,
        Self::Reversed,
        Self::ReversedTypo,
        Self::Nickname,
        Self::LastName,
        Self::LastNameTypo,
        Self::Initial,
        Self::Punctuation,
        Self::AccentTypo,
    ];

    /// The name as somebody would type it; `None` when the class does not
    /// apply to it.
    pub(super) fn misspell(self, name: &str, random: &mut Random) -> Option<String> {
        let folded = fold_name(name).words;
        let (first, last) = (folded.first()?.clone(), folded[1..].join(" "));
        if last.len() < 3 {
            return None;
        }
        let whole = format!("{first} {last}");
        Some(match self {
            Self::Folded => whole,
            Self::Typo => typo(&whole, 1, random),
            Self::TwoTypos if whole.len() >= 13 => typo(&whole, 2, random),
            Self::Prefix => beginning(&whole, &last, random)?,
            Self::PrefixTypo => typo(&beginning(&whole, &last, random)?, 1, random),
            Self::Joined => folded.concat(),
            Self::JoinedTypo => typo(&folded.concat(), 1, random),
            Self::Reversed => format!("{last} {first}"),
            Self::ReversedTypo => typo(&format!("{last} {first}"), 1, random),
            Self::Nickname => format!("{} {last}", other_form(&first, random)?),
            Self::LastName => last,
            Self::LastNameTypo if last.len() >= 6 => typo(&last, 1, random),
            Self::Initial => format!("{} {last}", &first[..1]),
            Self::Punctuation => punctuated(name, random)?,
            Self::AccentTypo if !name.is_ascii() => typo(&whole, 1, random),
            _ => return None,
        })
    }

    /// Whether a hit is who was meant: the same name, or the same last name
    /// where nothing else was typed.
    pub(super) fn same_target(self, hit: &str, meant: &str) -> bool {
        let last = |name: &str| name.split_once(' ').map(|(_, last)| last.to_owned());
        match self {
            Self::LastName | Self::LastNameTypo => last(hit) == last(meant),
            Self::Initial => hit[..1] == meant[..1] && last(hit) == last(meant),
            _ => hit == meant,
        }
    }
}

/// One or more edits, none of them of the first letter.
fn typo(text: &str, edits: usize, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    for _ in 0..edits {
        // Two typos are made in different places.
        let before = at;
        while letters[at] == ' ' || at == 0 || at.abs_diff(before) < 2 {
            at = random.below(letters.len());
        }
        let other = char::from(b'a' + random.below(26) as u8);
        match random.below(4) {
            0 => letters[at] = other,
            1 => letters.insert(at, other),
            2 if letters.len() > 4 => drop(letters.remove(at)),
            _ if letters[at - 1] != ' ' && letters[at - 1] != letters[at] && at > 1 => {
                letters.swap(at - 1, at);
            }
            _ => letters.insert(at, letters[at]),
        }
        at = at.min(letters.len() - 1);
    }
    letters.into_iter().collect()
}

/// Most of the name: at least the greater part of the last name.
fn beginning(whole: &str, last: &str, random: &mut Random) -> Option<String> {
    let dropped = 1 + random.below(2);
    let kept = last.len().checked_sub(dropped)?;
    (kept >= 4).then(|| whole[..whole.len() - dropped].to_owned())
}

fn other_form(first: &str, random: &mut Random) -> Option<&'static str> {
    let forms: Vec<&str> = NICKNAMES
        .iter()
        .filter(|(formal, short)| *formal == first || *short == first)
        .map(|&(formal, short)| if formal == first { short } else { formal })
        .collect();
    (!forms.is_empty()).then(|| forms[random.below(forms.len())])
}

/// Hyphens, apostrophes and full stops written otherwise.
fn punctuated(name: &str, random: &mut Random) -> Option<String> {
    let marks = ['-', '\'', '.'];
    name.contains(marks).then(|| {
        let with = ["", " "][random.below(2)];
        name.replace(marks, with).to_lowercase()
    })
}
