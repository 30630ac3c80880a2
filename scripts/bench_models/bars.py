"""The bars of the prediction engine and whether they are met."""

REFERENCE = {  # AUC of a plain logistic fit, by test season: hitters, pitchers
    "2012": (0.9232, 0.9016), "2013": (0.9371, 0.8943), "2014": (0.9431, 0.8981),
    "2015": (0.9451, 0.9005), "2016": (0.9550, 0.9071), "2017": (0.9446, 0.9070),
}


def judge(results):
    """Rows of (what, measured, bar, verdict)."""
    return [*against_peers(results), *calibration(results), *reference(results), *accuracy(results), *costs(results["speed"])]


def against_peers(results):
    for difference in results["differences"]:
        if difference["set"] != "pooled":
            continue
        for metric, sign in [("log_loss", 1), ("auc", -1)]:
            value, low, high = (sign * v for v in difference[metric])
            low, high = min(low, high), max(low, high)
            peer, role = difference["peer"], difference["role"]
            clear = peer == "XGBoost classic"
            verdict = "met" if high < 0 or (value <= 0 and not clear) else "NOT MET"
            if value > 0 >= low and not clear:
                verdict = "NOT MET (interval holds zero)"
            wanted = "better, interval clear of zero" if clear else "not worse"
            yield f"{metric.replace('_', ' ')}, {role}, ours - {peer}", interval(difference[metric]), wanted, verdict


def calibration(results):
    for row in ours(results, "pooled"):
        for key, low, high in [("slope", 0.9, 1.1), ("observed_to_expected", 0.93, 1.07), ("ece", 0, 0.008)]:
            yield f"{key.replace('_', ' ')}, {row['role']}", f"{row[key]:.4f}", f"{low} to {high}", said(low <= row[key] <= high)


def reference(results):
    for row in results["figures"]:
        if row["model"] != "Ours" or row["season"] not in REFERENCE or row["role"] == "both":
            continue
        floor = REFERENCE[row["season"]][row["role"] == "pitcher"]
        yield f"AUC, {row['season']} {row['role']}, against the plain reference", f"{row['auc']:.4f}", f"> {floor}", said(row["auc"] > floor)


def accuracy(results):
    for row in ours(results, "pooled"):
        yield f"balanced accuracy at the base rate, {row['role']}", f"{row['balanced_accuracy']:.3f}", ">= 0.65", said(row["balanced_accuracy"] >= 0.65)
    for row in results["reached"]:
        if row["model"] == "Ours" and row["threshold"].startswith("chosen"):
            measured = f"{row['accuracy']:.3f} (majority {row['majority']:.3f}, n {row['n']})"
            yield "accuracy among those who reached MLB", measured, ">= 0.65", said(row["accuracy"] >= 0.65)


def costs(speed):
    low, high = speed["train_ratio_range"]
    one, board = speed["ours"]["one_player_wall_us_median"], speed["board"]
    yield "train CPU to XGBoost classic", f"{speed['train_ratio']:.2f} ({low:.2f} to {high:.2f})", "<= 0.4", said(speed["train_ratio"] <= 0.4)
    yield "predict + explain one player, in process, median us", f"{one:.0f}", "<= 50", said(one <= 50)
    name = f"whole board ({board['rows']:.0f} rows) predicted and explained, s"
    yield name, f"{board['wall_s']:.2f} wall, {board['cpu_s']:.2f} CPU", "<= 3", said(board["wall_s"] <= 3)
    error = board["additivity_max_abs_error"]
    yield "additivity over the board, log-odds", f"{error:.1e}", "<= 2e-5", said(error <= 2e-5)


def ours(results, season):
    return [row for row in results["figures"] if row["model"] == "Ours" and row["season"] == season]


def interval(values):
    return "{:+.5f} [{:+.5f}, {:+.5f}]".format(*values)


def said(met):
    return "met" if met else "NOT MET"
