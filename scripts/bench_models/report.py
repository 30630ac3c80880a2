"""The report as Markdown."""

import bars

FIGURES = [
    ("n", "n", "{:.0f}"), ("base_rate", "base rate", "{:.4f}"), ("majority", "majority", "{:.4f}"),
    ("log_loss", "log loss", "{:.4f}"), ("auc", "AUC", "{:.4f}"), ("brier_skill", "Brier skill", "{:.4f}"),
    ("ece", "ECE", "{:.4f}"), ("slope", "slope", "{:.3f}"), ("observed_to_expected", "obs / exp", "{:.3f}"),
    ("lift", "top-decile lift", "{:.2f}"), ("balanced_accuracy", "balanced accuracy", "{:.3f}"),
]


def markdown(results):
    """The whole report."""
    seasons = results["seasons"]
    span = f"{seasons[0]}-{seasons[-1]}"
    return "\n\n".join([
        f"# Ours against peers, walk-forward {span}",
        "## Bars\n\n" + grid(["what", "measured", "bar", ""], results["bars"]),
        "## Figures\n\nSlope and obs / exp are 1 when right; `hard` is AA or AAA at 25 or younger. "
        f"Computed here from the exported probabilities; what `afwd backtest` prints of itself differs by at most {results['agreement']:.0e}.\n\n"
        + figures(results["figures"]),
        f"## Ours minus peer, 95 % intervals over players ({results['resamples']} resamples)\n\n" + differences(results["differences"]),
        "Even with the number of trees (or C) that turned out best on the tested seasons themselves:\n\n" + hindsight(results["hindsight"]),
        "## Precision among the highest of a season, both roles\n\n" + tops(results["top"]),
        "## Among those who reached the majors within the window\n\n" + reached(results["reached"]),
        "## Cost\n\n" + cost(results["speed"]),
        "## Settings of the peers, chosen on 2009-2011\n\n" + settings(results),
    ])


def grid(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def figures(rows):
    return grid(["season", "role", "model", *(name for _, name, _ in FIGURES)],
                [[r["season"], r["role"], r["model"], *(form.format(r[key]) for key, _, form in FIGURES)] for r in rows])


def differences(rows):
    return grid(["set", "role", "peer", "log loss", "AUC"],
                [[r["set"], r["role"], r["peer"], bars.interval(r["log_loss"]), bars.interval(r["auc"])] for r in rows])


def hindsight(rows):
    return grid(["peer", "rounds or C", "log loss", "ours"], [[r["peer"], r["rounds"], f"{r['log_loss']:.5f}", f"{r['ours']:.5f}"] for r in rows])


def tops(rows):
    keys = [k for k in rows[0] if k not in ("season", "model")]
    return grid(["season", "model", *(k.replace("_", " ") for k in keys)],
                [[r["season"], r["model"], *(f"{r[k]:.3f}" for k in keys)] for r in rows])


def reached(rows):
    head = ["model", "threshold", "cut", "n", "success share", "majority", "accuracy", "balanced accuracy", "AUC"]
    keys = ["cut", "n", "success_share", "majority", "accuracy", "balanced_accuracy", "auc"]
    return grid(head, [[r["model"], r["threshold"], *(f"{r[k]:.0f}" if k == "n" else f"{r[k]:.3f}" for k in keys)] for r in rows])


def cost(speed):
    ours, theirs = speed["ours"], speed["xgboost"]
    low, high = speed["train_ratio_range"]
    rows = [
        ["train, CPU s, one thread", f"{ours['train_cpu_s']:.2f}", f"{theirs['train_cpu_s']:.2f}", f"{speed['train_ratio']:.2f} ({low:.2f} to {high:.2f})"],
        ["predict, CPU us a row, table", f"{ours['predict_cpu_us_a_row']:.1f}", f"{theirs['predict_cpu_us_a_row']:.1f}", ""],
        ["predict one row, CPU us", "see below", f"{theirs['one_row_cpu_us']:.0f}", ""],
        ["explain, CPU us a row", f"{ours['explain_cpu_us_a_row']:.1f}", f"{theirs['explain_cpu_us_a_row']:.1f}",
         f"{ours['explain_cpu_us_a_row'] / theirs['explain_cpu_us_a_row']:.5f}"],
        ["predict + explain one player, wall us, median", f"{ours['one_player_wall_us_median']:.1f}", "", ""],
    ]
    said = f"{speed['rows']} training rows of both roles known at the end of {speed['season']}, {speed['rounds']} rounds in turns, ratio: median (range).\n\n"
    return said + grid(["", "ours", "XGBoost classic", "ratio"], rows)


def settings(results):
    chosen = [[name, setting(s)] for name, s in results["settings"].items()]
    best = {}
    for tried in results["search"]:
        best.setdefault(tried["peer"], []).append(tried)
    log = [[t["peer"], f"{t['log_loss']:.5f}", t["params"], t["rows"], t["chosen"], t["finish"]] for tries in best.values() for t in tries[:5]]
    return (grid(["peer", "setting"], chosen) + "\n\nThe five best of each search (all of it is in search.csv):\n\n"
            + grid(["peer", "log loss 2009-2011", "parameters", "rows", "rounds or C", "finish"], log))


def setting(s):
    return f"{s['params']}, {s['rows']} rows, {s['chosen']} rounds or C, {s['finish']}"
