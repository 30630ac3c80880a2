//! What training, predicting and explaining cost, for `scripts/bench-models`:
//! one line of JSON, CPU from /proc (every thread counts), wall time only where
//! a name says so.
//!
//! `model_speed DATA_DIR SEASON BOARD_ROWS`: trains on the windows closed by
//! SEASON with one thread, then predicts and explains that season's snapshots and
//! a board of BOARD_ROWS rows taken from SEASON and the seasons before it.

use std::time::Instant;

use afwd::domain::Season;
use afwd::ml::{self, FeatureTable, Hyper, Model, TrainConfig};
use afwd::pipeline;
use afwd::store::{Config, Opening, Store};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, data, season, board] = arguments.as_slice() else {
        anyhow::bail!("usage: model_speed DATA_DIR SEASON BOARD_ROWS");
    };
    let (season, board): (u16, usize) = (season.parse()?, board.parse()?);
    let histories = {
        let store = Store::open(&Config::new(std::path::Path::new(data)), Opening::MustExist)?;
        pipeline::histories(&store)?
    };
    let material = ml::Material::through(&histories, Season(season));
    let (train_cpu, model) = trained(&material, Season(season))?;
    let tables = material.ends;
    for table in &tables {
        // Explanation tables are made when first needed.
        model.explain(table.role, table.row(0))?;
    }
    let newest = tables
        .each_ref()
        .map(|t| t.filter(|s| s.id.season == Season(season)));
    let board = newest_rows(&tables, board);
    let report = serde_json::json!({
        "train_cpu_s": train_cpu,
        "predict_cpu_us_a_row": per_row(&newest, |t| { model.predict(t).map(drop) })?,
        "explain_cpu_us_a_row": per_row(&newest, |t| { model.explain_all(t); Ok(()) })?,
        "one_player_wall_us_median": one_player(&model, &newest)?,
        "board": whole_board(&model, &board)?,
    });
    println!("{report}");
    Ok(())
}

fn trained(material: &ml::Material, until: Season) -> anyhow::Result<(f64, Model)> {
    let config = TrainConfig {
        until,
        seed: 1,
        threads: 1,
        hyper: Hyper::default(),
    };
    let before = cpu_seconds()?;
    let model = ml::train_on(material, &config, &mut |_| {})?;
    Ok((cpu_seconds()? - before, model))
}

/// The newest rows of both roles, `count` in all where there are as many.
fn newest_rows(tables: &[FeatureTable; 2], count: usize) -> [FeatureTable; 2] {
    let mut seasons: Vec<u16> = tables
        .iter()
        .flat_map(|t| t.snapshots.iter().map(|s| s.id.season.0))
        .collect();
    seasons.sort_unstable_by(|a, b| b.cmp(a));
    let oldest = seasons.get(count.saturating_sub(1)).copied().unwrap_or(0);
    let mut spare = count.saturating_sub(seasons.iter().filter(|&&s| s > oldest).count());
    tables.each_ref().map(|table| {
        let spare = std::cell::RefCell::new(&mut spare);
        table.filter(|s| {
            let season = s.id.season.0;
            let fits = season == oldest && **spare.borrow() > 0;
            **spare.borrow_mut() -= usize::from(fits);
            season > oldest || fits
        })
    })
}

/// CPU a row in microseconds, over at least two seconds of repetitions.
fn per_row(
    tables: &[FeatureTable; 2],
    mut work: impl FnMut(&FeatureTable) -> Result<(), ml::Error>,
) -> anyhow::Result<f64> {
    let (before, started, mut rows) = (cpu_seconds()?, Instant::now(), 0);
    while started.elapsed().as_secs() < 2 {
        for table in tables {
            work(table)?;
            rows += table.len();
        }
    }
    Ok((cpu_seconds()? - before) * 1e6 / rows as f64)
}

/// Median wall time of predicting and explaining a single player, microseconds.
fn one_player(model: &Model, tables: &[FeatureTable; 2]) -> anyhow::Result<f64> {
    let mut times = Vec::new();
    for table in tables {
        for i in 0..table.len().min(2000) {
            let started = Instant::now();
            std::hint::black_box(model.predict_row(table.role, table.row(i), true)?);
            std::hint::black_box(model.explain(table.role, table.row(i))?);
            times.push(started.elapsed().as_secs_f64() * 1e6);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or(f64::NAN))
}

fn whole_board(model: &Model, tables: &[FeatureTable; 2]) -> anyhow::Result<serde_json::Value> {
    let (before, started) = (cpu_seconds()?, Instant::now());
    let mut found = Vec::new();
    for table in tables {
        found.push((model.predict(table)?, model.explain_all(table)));
    }
    let (cpu, wall) = (cpu_seconds()? - before, started.elapsed().as_secs_f64());
    let pairs = found.iter().flat_map(|(p, e)| p.iter().zip(e));
    let error = pairs.map(|(prediction, attribution)| {
        let p = prediction.probability;
        ((p / (1.0 - p)).ln() - attribution.log_odds()).abs()
    });
    Ok(serde_json::json!({
        "rows": tables.iter().map(FeatureTable::len).sum::<usize>(),
        "cpu_s": cpu,
        "wall_s": wall,
        "additivity_max_abs_error": error.fold(0.0, f64::max),
    }))
}

/// CPU seconds of this process so far, all threads, in steps of 10 ms.
fn cpu_seconds() -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u64>);
    Ok(ticks.sum::<Result<u64, _>>()? as f64 / 100.0)
}
