//! The late bloomers of a kept day.

use super::numbers::Number;
use super::shape::{Record, record};
use crate::domain::{AgeCount, AgeingCurve, FineWine, LateBloomer, Level, PastBloomer, Role};

record! {
    /// Who they were, and what had become of earlier ones.
    FineWineRecord of FineWine {
        bloomers: Vec<BloomerRecord>,
        lists_known: bool,
        curves: Vec<CurveRecord>,
    }
}

impl Record for FineWineRecord {}

record! {
    /// One of them; the rises in single precision.
    BloomerRecord of LateBloomer {
        id: u32,
        role: Number<Role>,
        since: u16,
        rises: [f32; 6],
        last_list: Option<(u16, String)>,
    }
}

record! {
    /// What became of those of past seasons.
    CurveRecord of AgeingCurve {
        role: Number<Role>,
        seasons: (u16, u16),
        by_age: Vec<AgeCountRecord>,
        players: u32,
        crossed_at: Vec<(u8, u32)>,
        crossed_after: [u32; 4],
        examples: Vec<PastBloomerRecord>,
    }
}

record! {
    /// Player-seasons of one age.
    AgeCountRecord of AgeCount {
        age: u8,
        risen: (u32, u32),
        others: (u32, u32),
    }
}

record! {
    /// One of those who went furthest.
    PastBloomerRecord of PastBloomer {
        id: u32,
        name: String,
        season: u16,
        age: f32,
        level: Number<Level>,
        crossed: u16,
        became: (u32, u32),
    }
}
