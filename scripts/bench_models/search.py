"""The grids, and the choice of one setting per peer on seasons before the reported ones.

A peer's setting is: its parameters, the rounds (trees, or C of the logistic
regression), whether it learns from all snapshots or from evaluated ones only, and
how it is finished: raw; or rounds chosen anew for each season by cross-validation over
players inside its training rows; either with or without the recalibration on the newest
three cohorts that the product does.
"""

import itertools

import metrics
import numpy as np

CHOICE_SEASONS = [2009, 2010, 2011]
ROUNDS = [50, 75, 100, 150, 200, 300, 400]
CLASSIC = {"max_depth": 6, "learning_rate": 0.01, "subsample": 0.8, "colsample_bytree": 0.8}
FINISHES = ["raw", "raw+platt", "cv", "cv+platt"]
FOLDS = 4
NEWEST = 3
FINALISTS = 3


def product(fixed, **options):
    return [{**fixed, **dict(zip(options, values))} for values in itertools.product(*options.values())]


GRIDS = {
    "XGBoost classic": ("xgboost", [CLASSIC], [1000]),
    "XGBoost": ("xgboost", product(
        {"learning_rate": 0.05, "subsample": 0.7, "colsample_bytree": 0.4},
        max_depth=[2, 3, 4, 6], reg_lambda=[1, 20]), ROUNDS),
    "LightGBM": ("lightgbm", product(
        {"learning_rate": 0.05, "bagging_fraction": 0.7, "bagging_freq": 1, "feature_fraction": 0.4, "lambda_l2": 10},
        num_leaves=[4, 8, 16, 31], min_data_in_leaf=[20, 80]), ROUNDS),
    "CatBoost": ("catboost", product(
        {"learning_rate": 0.07, "rsm": 0.4, "bootstrap_type": "Bernoulli", "subsample": 0.7},
        depth=[4, 6], l2_leaf_reg=[3, 30]), ROUNDS),
    "Logistic": ("logistic", product({}, columns=["quantile", "both", "bent"]), [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3]),
}


def finish(how, rounds, found, oof, recent):
    """Test probabilities of one role and season.

    `found` holds them by rounds, `oof` the same of training rows by models that had not
    seen the player, with labels; `recent` marks the newest cohorts.
    """
    if how == "raw":
        return found[rounds]
    p, y = oof
    if how.startswith("cv"):
        rounds = min(p, key=lambda r: metrics.log_losses(p[r], y).mean())
    if not how.endswith("platt"):
        return found[rounds]
    slope, intercept = metrics.platt(metrics.logit(p[rounds][recent]), y[recent])
    return metrics.logistic(slope * metrics.logit(found[rounds]) + intercept)


def choose(name, walker, log):
    """The best setting of a peer on the seasons of choice; appends every one tried to `log`.

    The grid is searched on all snapshots; the best few parameters are then tried on
    evaluated snapshots only, and the best few of these with every finish.
    """
    kind, grid, rounds = GRIDS[name]
    tried = []

    def attempt(setting, chosen, finish):
        full = {**setting, "chosen": chosen, "finish": finish}
        tried.append((loss(walker, full), full))

    def leaders():
        best = {}
        for _, setting in sorted(tried, key=lambda t: t[0]):
            best.setdefault((str(setting["params"]), setting["rows"]), setting)
        return list(best.values())[:FINALISTS]

    for params, chosen in itertools.product(grid, rounds):
        attempt({"kind": kind, "params": params, "rows": "all", "rounds": rounds}, chosen, "raw")
    for setting, chosen in itertools.product(leaders(), rounds):
        attempt({**setting, "rows": "evaluated"}, chosen, "raw")
    if len(rounds) > 1:
        for setting, how in itertools.product(leaders(), FINISHES[1:]):
            attempt(setting, setting["chosen"], how)
    tried.sort(key=lambda t: t[0])
    log += [{"peer": name, "log_loss": score, **{k: s[k] for k in ("params", "rows", "chosen", "finish")}} for score, s in tried]
    return tried[0][1]


def loss(walker, setting):
    """Pooled log loss of both roles over the seasons of choice."""
    parts = [walker.predict(role, season, setting) for role in walker.tables for season in CHOICE_SEASONS]
    return np.concatenate([metrics.log_losses(p, y) for p, y in parts]).mean()


def reduce():
    """Small grids and one season of choice, for trying the script."""
    CHOICE_SEASONS[:] = [2011]
    for name, (kind, grid, rounds) in GRIDS.items():
        GRIDS[name] = (kind, grid[:1], rounds[-3:])
