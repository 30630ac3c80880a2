"""Ours against every peer: figures, differences with intervals, bars."""

import metrics
import numpy as np
import pandas as pd

TOP = [25, 100, 250]
HARD_AGE = 25.0
LOWER = ["XGBoost classic", "XGBoost", "LightGBM", "CatBoost", "Logistic"]


def gather(tables, walker, settings, ours, seasons):
    """One row per evaluated snapshot of `seasons`: outcome, groups, and a column per model."""
    parts = []
    for role, table in tables.items():
        for season in seasons:
            test = table.test(season)
            part = table.keys.iloc[test][["id", "season", "role"]].copy()
            part["y"] = table.y[test]
            part["hard"] = hard(table, test)
            for name, setting in settings.items():
                part[name] = walker.predict(role, season, setting)[0]
            parts.append(part)
    rows = pd.concat(parts, ignore_index=True)
    joined = rows.merge(ours, on=["id", "season", "role"], how="left", validate="one_to_one")
    if joined["Ours"].isna().any():
        raise SystemExit(f"{joined['Ours'].isna().sum()} test rows have no prediction of ours")
    return joined


def hard(table, rows):
    """AA or AAA played in the season, aged 25 or less."""
    column = lambda name: table.x[rows, table.names.index(name)]
    upper = (column("share_aa") > 0) | (column("share_aaa") > 0)
    return upper & (column("age") <= HARD_AGE)


def sets(rows):
    """The sets figures are printed for: (season, role, rows)."""
    for season in [*sorted(rows["season"].unique()), "pooled"]:
        of_season = rows if season == "pooled" else rows[rows["season"] == season]
        for role in ["hitter", "pitcher", "both"]:
            yield season, role, of_season if role == "both" else of_season[of_season["role"] == role]
    for role in ["hitter", "pitcher", "both"]:
        hard_rows = rows[rows["hard"]]
        yield "hard", role, hard_rows if role == "both" else hard_rows[hard_rows["role"] == role]


def figures(rows, models):
    """A record per set and model."""
    return [
        {"season": str(season), "role": role, "model": model, **metrics.figures(part[model].to_numpy(), part["y"].to_numpy())}
        for season, role, part in sets(rows) for model in models
    ]


def agreement(rows, printed):
    """Largest difference between the figures the product prints of itself and the same computed here."""
    worst = 0.0
    for season, role, part in sets(rows):
        if season == "hard":
            continue
        wanted = {"season": None if season == "pooled" else int(season), "role": None if role == "both" else role, "confidence": None}
        theirs = next(row for row in printed if all(row[k] == v for k, v in wanted.items()))
        found = metrics.figures(part["Ours"].to_numpy(), part["y"].to_numpy())
        worst = max(worst, *(abs(found[k] - theirs[k]) for k in found if k in theirs))
    return worst


def differences(rows, models, resamples):
    """Ours minus every peer, pooled: by role, together, and in the hard population."""
    out = []
    for season, role, part in sets(rows):
        if season not in ("pooled", "hard"):
            continue
        draws = metrics.Resamples(part["id"].to_numpy(), resamples)
        for model in models:
            found = metrics.differences(part["Ours"].to_numpy(), part[model].to_numpy(), part["y"].to_numpy(), draws)
            out.append({"set": season, "role": role, "peer": model, **found})
    return out


def hindsight(rows, walker, settings, seasons):
    """Peers with the rounds that were best on the tested seasons themselves: more than fair."""
    out = []
    ours = metrics.log_losses(rows["Ours"].to_numpy(), rows["y"].to_numpy()).mean()
    for name, setting in settings.items():
        losses = {}
        for rounds in setting["rounds"]:
            raw = {**setting, "chosen": rounds, "finish": "raw"}
            parts = [walker.predict(role, season, raw) for role in walker.tables for season in seasons]
            losses[rounds] = np.concatenate([metrics.log_losses(p, y) for p, y in parts]).mean()
        best = min(losses, key=losses.get)
        out.append({"peer": name, "rounds": best, "log_loss": losses[best], "ours": ours})
    return out


def tops(rows, models):
    """Precision among the highest of a season, both roles together, and lift of the highest tenth."""
    out = []
    for season, part in [*rows.groupby("season"), ("mean", None)]:
        for model in models:
            if part is None:
                mine = [r for r in out if r["model"] == model]
                out.append({"season": "mean", "model": model, **{k: np.mean([r[k] for r in mine]) for k in mine[0] if k not in ("season", "model")}})
                continue
            p, y = part[model].to_numpy(), part["y"].to_numpy()
            found = {f"top_{k}": metrics.precision_at(p, y, k) for k in TOP}
            out.append({"season": str(season), "model": model, "base_rate": y.mean(), **found, "lift": metrics.lift(p, y)})
    return out


def reached(rows, earlier, models):
    """Among those who played in the majors within the window: accuracy of calling success.

    The base-rate threshold calls nearly all of them; 0.5 asks for a regular. The third
    threshold is ours only: the one that was best among those who had reached in the
    seasons of choice.
    """
    part = rows[rows["window_seasons"] > 0]
    before = earlier[earlier["window_seasons"] > 0]
    y = part["y"].to_numpy()
    learnt = best_cut(before["Ours"].to_numpy(), before["y"].to_numpy())
    out = []
    for model in models:
        p = part[model].to_numpy()
        cuts = {"base rate": rows["y"].mean(), "0.5": 0.5}
        if model == "Ours":
            cuts["chosen on earlier seasons"] = learnt
        for name, cut in cuts.items():
            out.append({
                "model": model, "threshold": name, "cut": cut, "n": len(part), "success_share": y.mean(),
                "majority": max(y.mean(), 1 - y.mean()), "accuracy": ((p >= cut) == y).mean(),
                "balanced_accuracy": metrics.balanced_accuracy(p, y, cut), "auc": metrics.auc(p, y),
            })
    return out


def best_cut(p, y):
    cuts = np.unique(np.round(np.quantile(p, np.linspace(0, 1, 201)), 4))
    return max(cuts, key=lambda cut: ((p >= cut) == y).mean())
