use std::sync::LazyLock;

use super::{Settings, affiliations, league, team_name, teams};
use crate::domain::{History, Level, Season};

static LEAGUE: LazyLock<Vec<History>> = LazyLock::new(|| league(&Settings::default()));

#[test]
fn marginals() {
    let t = std::time::Instant::now();
    let l = &*LEAGUE;
    println!("{} players in {:?}", l.len(), t.elapsed());
    let mut cnt = [[0usize; 2]; 2];
    let mut by = std::collections::BTreeMap::<u16, [usize; 4]>::new();
    for h in l {
        for role in 0..2 {
            let mut pt = std::collections::BTreeMap::<u16, u32>::new();
            for b in &h.batting { if role == 0 { *pt.entry(b.season.0).or_default() += u32::from(b.counts.pa); } }
            for b in &h.pitching { if role == 1 { *pt.entry(b.season.0).or_default() += u32::from(b.counts.bf); } }
            for (&s, &n) in &pt {
                let ab: u32 = h.mlb.iter().filter(|m| m.season.0 <= s).map(|m| u32::from(m.ab)).sum();
                let o: u32 = h.mlb.iter().filter(|m| m.season.0 <= s).map(|m| u32::from(m.outs)).sum();
                if n < [75, 80][role] || ab > 130 || o > 150 { continue; }
                let f: (u32, u32) = h.mlb.iter().filter(|m| m.season.0 > s && m.season.0 <= s + 4).fold((0, 0), |a, m| (a.0 + u32::from(m.pa), a.1 + u32::from(m.outs)));
                let e = by.entry(s).or_default(); e[role * 2] += 1;
                let ok = f.0 > 500 || f.1 > 300;
                if ok { e[role * 2 + 1] += 1; }
                if s <= 2022 { cnt[role][0] += 1; if ok { cnt[role][1] += 1; } }
            }
        }
    }
    println!("success H {:.4} P {:.4} {cnt:?}", cnt[0][1] as f64 / cnt[0][0] as f64, cnt[1][1] as f64 / cnt[1][0] as f64);
    println!("{by:?} mlb {}", l.iter().filter(|h| !h.mlb.is_empty()).count());
    let mut seas = 0; for h in l { let mut v: Vec<u16> = h.batting.iter().map(|b| b.season.0).chain(h.pitching.iter().map(|b| b.season.0)).collect(); v.dedup(); seas += v.len(); }
    println!("seasons per player {:.2}", seas as f64 / l.len() as f64);
    for (name, f) in [
        ("DSL", Level::Rookie),
        ("CPX", Level::Rookie),
        ("A-", Level::ShortSeasonA),
        ("A", Level::A),
        ("A+", Level::HighA),
        ("AA", Level::DoubleA),
        ("AAA", Level::TripleA),
    ] {
        let on = |lv: Level, c: &crate::domain::Club| {
            lv == f
                && (name != "DSL" || c.is_foreign_rookie())
                && (name != "CPX" || !c.is_foreign_rookie())
        };
        let mut s = [0f64; 12];
        let mut ages = vec![];
        let mut pas = vec![];
        for h in l {
            for b in h.batting.iter().filter(|b| on(b.level, &b.club)) {
                let c = b.counts;
                for (x, v) in s.iter_mut().zip([
                    c.pa,
                    c.so,
                    c.bb,
                    c.hr,
                    c.h,
                    c.ab,
                    c.sb,
                    c.b2,
                    c.b3,
                    c.rbi,
                    c.gidp,
                    c.whiffs.unwrap_or(0),
                ]) {
                    *x += f64::from(v);
                }
                ages.push(b.season.age(h.prospect.birth_date).expect("born"));
                pas.push(c.pa);
            }
        }
        ages.sort_by(f32::total_cmp);
        pas.sort();
        let q = |v: &[f32], p: f64| v[(v.len() as f64 * p) as usize];
        let r = |v: &[u16], p: f64| v[(v.len() as f64 * p) as usize];
        println!("H {name} n={} so {:.3} bb {:.3} hr {:.4} avg {:.3} sb {:.3} b2 {:.3} rbi {:.3} wh {:.2} age {:.1}/{:.1}/{:.1} pa {}/{}/{}", pas.len(), s[1]/s[0], s[2]/s[0], s[3]/s[0], s[4]/s[5], s[6]/s[0], s[7]/s[0], s[9]/s[0], s[11]/s[0], q(&ages,.1),q(&ages,.5),q(&ages,.9), r(&pas,.1),r(&pas,.5),r(&pas,.9));
        let mut s = [0f64; 8];
        let mut ages = vec![];
        let mut pas = vec![];
        for h in l {
            for b in h.pitching.iter().filter(|b| on(b.level, &b.club)) {
                let c = b.counts;
                for (x, v) in s
                    .iter_mut()
                    .zip([c.bf, c.so, c.bb, c.hr, c.h, c.er, c.outs, c.gs])
                {
                    *x += f64::from(v);
                }
                ages.push(b.season.age(h.prospect.birth_date).expect("born"));
                pas.push(c.bf);
            }
        }
        ages.sort_by(f32::total_cmp);
        pas.sort();
        println!("P {name} n={} so {:.3} bb {:.3} hr {:.4} h {:.3} er {:.3} outs {:.3} gs {:.4} age {:.1}/{:.1}/{:.1} bf {}/{}/{}", pas.len(), s[1]/s[0], s[2]/s[0], s[3]/s[0], s[4]/s[0], s[5]/s[0], s[6]/s[0], s[7]/s[0], q(&ages,.1),q(&ages,.5),q(&ages,.9), r(&pas,.1),r(&pas,.5),r(&pas,.9));
    }
}
