"""CPU of training, predicting and explaining: XGBoost's classic setting against ours, in turns."""

import json
import os
import statistics
import subprocess
import time

import numpy as np
import search

CONTRIBUTIONS = 300


def measure(program, data, tables, season, rounds, board):
    """Alternates ours and XGBoost on the rows of both roles known at the end of `season`."""
    ours, theirs = [], []
    for _ in range(rounds):
        out = subprocess.run([program, data, str(season), str(board)], check=True, capture_output=True, text=True,
                             env={**os.environ, "RAYON_NUM_THREADS": "1"}).stdout
        ours.append(json.loads(out))
        theirs.append(classic(tables, season))
    ratios = [o["train_cpu_s"] / t["train_cpu_s"] for o, t in zip(ours, theirs)]
    middle = lambda rows, key: statistics.median(row[key] for row in rows)
    keys = ["predict_cpu_us_a_row", "explain_cpu_us_a_row", "train_cpu_s"]
    return {
        "season": season, "rounds": rounds, "rows": theirs[0]["rows"],
        "train_ratio": statistics.median(ratios), "train_ratio_range": [min(ratios), max(ratios)],
        "ours": {**{k: middle(ours, k) for k in keys}, "one_player_wall_us_median": middle(ours, "one_player_wall_us_median")},
        "xgboost": {k: middle(theirs, k) for k in [*keys, "one_row_cpu_us"]},
        "board": {k: statistics.median(o["board"][k] for o in ours) for k in ours[0]["board"]},
    }


def classic(tables, season):
    """XGBoost's classic setting on one thread: everything from arrays to trees counts."""
    import xgboost as xgb

    found = {"train_cpu_s": 0.0, "predict": 0.0, "explain": 0.0, "one": 0.0, "rows": 0}
    tested = explained = 0
    for table in tables.values():
        train, test = table.training(season, "all"), np.flatnonzero(table.season == season)
        x, y, rows = table.x[train], table.y[train], table.x[test]
        started = time.process_time()
        params = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 1, "seed": 1, **search.CLASSIC}
        model = xgb.train(params, xgb.DMatrix(x, y), 1000)
        found["train_cpu_s"] += time.process_time() - started
        found["rows"] += len(train)
        data, some = xgb.DMatrix(rows), xgb.DMatrix(rows[:CONTRIBUTIONS])
        found["predict"] += cpu(lambda: model.predict(data))
        found["explain"] += cpu(lambda: model.predict(some, pred_contribs=True))
        found["one"] += cpu(lambda: [model.inplace_predict(rows[i:i + 1]) for i in range(200)])
        tested += len(rows)
        explained += some.num_row()
    return {
        "train_cpu_s": found["train_cpu_s"], "rows": found["rows"],
        "predict_cpu_us_a_row": found["predict"] / tested * 1e6,
        "explain_cpu_us_a_row": found["explain"] / explained * 1e6,
        "one_row_cpu_us": found["one"] / (200 * len(tables)) * 1e6,
    }


def cpu(work):
    started = time.process_time()
    work()
    return time.process_time() - started
