"""The peers: every model is fitted on one thread and returns probabilities of the test rows.

GBMs see missing values as they are; the logistic regression sees a flag for each feature
that can be missing.
"""

import warnings

import numpy as np

warnings.filterwarnings("ignore")
SEED = 1


def xgboost(x, y, tests, params, rounds):
    import xgboost as xgb

    fixed = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 1, "seed": SEED}
    model = xgb.train({**fixed, **params}, xgb.DMatrix(x, y), max(rounds))
    data = [xgb.DMatrix(t) for t in tests]
    return {r: [model.predict(d, iteration_range=(0, r)) for d in data] for r in rounds}


def lightgbm(x, y, tests, params, rounds):
    import lightgbm as lgb

    fixed = {"objective": "binary", "num_threads": 1, "seed": SEED, "deterministic": True, "verbose": -1}
    model = lgb.train({**fixed, **params}, lgb.Dataset(x, y), max(rounds))
    return {r: [model.predict(t, num_iteration=r, num_threads=1) for t in tests] for r in rounds}


def catboost(x, y, tests, params, rounds):
    import catboost as cat

    fixed = {"loss_function": "Logloss", "thread_count": 1, "random_seed": SEED, "verbose": False, "allow_writing_files": False}
    model = cat.CatBoostClassifier(iterations=max(rounds), **fixed, **params).fit(x, y)
    predict = lambda t, r: model.predict_proba(t, ntree_end=r, thread_count=1)[:, 1]
    return {r: [predict(t, r) for t in tests] for r in rounds}


def logistic(x, y, tests, params, rounds):
    """Standardised and quantile-normal columns side by side, and flags of what is missing."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import QuantileTransformer

    mean, spread = np.nanmean(x, axis=0), np.nanstd(x, axis=0)
    spread[~(spread > 0)] = 1
    median = np.nan_to_num(np.nanmedian(x, axis=0))
    flagged = np.flatnonzero(np.isnan(x).any(axis=0))
    fill = lambda t: np.where(np.isnan(t), median, t)
    quantiles = QuantileTransformer(n_quantiles=200, output_distribution="normal", random_state=SEED).fit(fill(x))

    def columns(t):
        missing = np.isnan(t)
        raw = np.clip(np.where(missing, 0, (t - np.nan_to_num(mean)) / spread), -5, 5)
        rank = np.where(missing, 0, np.clip(quantiles.transform(fill(t)), -3.5, 3.5))
        parts = {"quantile": [rank], "both": [raw, rank], "bent": [rank, np.maximum(rank, 0)]}[params["columns"]]
        return np.hstack([*parts, missing[:, flagged]]).astype(np.float64)

    design, designs = columns(x), [columns(t) for t in tests]
    found = {}
    for c in rounds:
        model = LogisticRegression(C=c, max_iter=2000).fit(design, y)
        found[c] = [model.predict_proba(d)[:, 1] for d in designs]
    return found


FITS = {"xgboost": xgboost, "lightgbm": lightgbm, "catboost": catboost, "logistic": logistic}
