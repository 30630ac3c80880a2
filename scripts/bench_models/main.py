"""Runs the comparison: exports, peers, figures, speed, report. See scripts/bench-models --help."""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys

import bars
import compare
import metrics
import pandas as pd
import report
import search
import speed
import table as tables_of
import walk

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release")
TESTED = range(2012, 2018)
BOARD = 50_000


def main():
    options = arguments()
    os.makedirs(options.out, exist_ok=True)
    subprocess.run(["cargo", "build", "--release", "--locked", "--bin", "afwd", "--example", "model_speed"], cwd=ROOT, check=True)
    tested = [TESTED[-1]] if options.quick else list(TESTED)
    exported = export(options, tested)
    tables = tables_of.load(exported["features"])
    if options.quick:
        search.reduce()
    choices, log = choose(tables, options)
    if options.threads > 1:
        fill(tables, options, choices, tested)
    rows = gather(tables, options.work, choices, exported, tested)
    models = ["Ours", *choices]
    count = 100 if options.quick else options.resamples
    results = {
        "seasons": tested, "settings": choices, "search": log,
        "figures": compare.figures(rows, models),
        "agreement": compare.agreement(rows, exported["printed"]["figures"]),
        "differences": compare.differences(rows, list(choices), count),
        "hindsight": compare.hindsight(rows, walk.Walker(tables, options.work), choices, tested),
        "top": compare.tops(rows, models),
        "reached": compare.reached(rows, exported["cut_rows"], models),
        "resamples": count,
        "speed": speed.measure(os.path.join(BIN, "examples", "model_speed"), options.data, tables, tested[-1],
                               1 if options.quick else options.rounds, BOARD),
    }
    results["bars"] = bars.judge(results)
    write(options.out, results)
    print(report.markdown(results))


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--out")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--threads", type=int, default=1, help="processes fitting peers side by side")
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5, help="of the speed comparison")
    options = parser.parse_args()
    options.data, options.work = os.path.abspath(options.data), os.path.abspath(options.work)
    options.out = os.path.abspath(options.out or options.work)
    return options


def export(options, tested):
    """The product's own feature table, outcomes and walk-forward predictions."""
    path = lambda name: os.path.join(options.work, name)
    afwd = [os.path.join(BIN, "afwd"), "--data", options.data]
    last = max(tested)
    say("exporting features and outcomes")
    subprocess.run([*afwd, "features", "--seasons", f"1990..{last}", "--out", path("features.csv"), "--outcomes", path("outcomes.csv")], check=True)
    for name, seasons in [("ours_choice", search.CHOICE_SEASONS), ("ours", tested)]:
        say(f"our walk-forward predictions of {seasons[0]}..{seasons[-1]}")
        out = subprocess.run([*afwd, "--json", "backtest", "--seasons", f"{seasons[0]}..{seasons[-1]}", "--out", path(f"{name}.csv")],
                             check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return {
        "features": path("features.csv"), "outcomes": path("outcomes.csv"), "ours": path("ours.csv"),
        "cut": path("ours_choice.csv"), "printed": json.loads(out),
    }


def choose(tables, options):
    """Every peer's setting, chosen on the seasons of choice."""
    settings, log = {}, []
    with concurrent.futures.ProcessPoolExecutor(options.threads) as pool:
        jobs = {name: pool.submit(choose_one, name, tables, options.work, options.quick) for name in search.GRIDS}
        for name, job in jobs.items():
            settings[name], tried = job.result()
            log += tried
            say(f"{name}: {report.setting(settings[name])}")
    return settings, log


def choose_one(name, tables, work, quick):
    if quick:
        search.reduce()
    log = []
    return search.choose(name, walk.Walker(tables, work), log), log


def fill(tables, options, choices, tested):
    """Fits the chosen settings side by side, into the cache."""
    with concurrent.futures.ProcessPoolExecutor(options.threads) as pool:
        jobs = [pool.submit(fit_one, tables, options.work, setting, season) for setting in choices.values() for season in tested]
        for job in jobs:
            job.result()


def fit_one(tables, work, setting, season):
    walker = walk.Walker(tables, work)
    for role in tables:
        walker.predict(role, season, setting)


def gather(tables, work, choices, exported, tested):
    """One row per test row with all models and outcomes; leaves our rows of the seasons of choice in `exported`."""
    say("fitting the chosen settings season by season")
    outcomes = pd.read_csv(exported["outcomes"], low_memory=False)
    walker = walk.Walker(tables, work)
    parts = {}
    for name, seasons, settings in [("cut", search.CHOICE_SEASONS, {}), ("ours", tested, choices)]:
        rows = compare.gather(tables, walker, settings, ours(exported[name], tables), seasons)
        parts[name] = rows.merge(outcomes.drop(columns="label"), on=["id", "season", "role"], how="left", validate="one_to_one")
    exported["cut_rows"] = parts["cut"]
    return parts["ours"]


def ours(path, tables):
    """Our predictions, named by the table's player ids."""
    rows = pd.read_csv(path)
    ids = {}
    for table in tables.values():
        ids.update(zip(table.keys["mlbam_id"], table.keys["id"]))
    rows["id"] = rows["mlbam_id"].map(ids)
    return rows.rename(columns={"probability": "Ours"})[["id", "season", "role", "Ours"]]


def write(out, results):
    path = lambda name: os.path.join(out, name)
    pd.DataFrame(results["figures"]).to_csv(path("figures.csv"), index=False)
    pd.DataFrame(results["search"]).to_csv(path("search.csv"), index=False)
    with open(path("results.json"), "w") as file:
        json.dump(results, file, indent=1, default=float)
    with open(path("report.md"), "w") as file:
        file.write(report.markdown(results) + "\n")


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
