"""Figures of probabilities against outcomes, defined as in src/ml/figures/probability.rs."""

import numpy as np

BINS = 15


def log_losses(p, y):
    """Log loss of every row."""
    return -np.log(np.maximum(np.where(y == 1, p, 1 - p), 1e-15))


def auc(p, y):
    """Area under the ROC curve; ties count half."""
    return weighted_auc(p, y, np.ones((1, len(p))))[0]


def weighted_auc(p, y, weights):
    """The area for every row of `weights` (resamples x rows)."""
    order = np.argsort(p, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(p[order]) > 0])
    hits = np.add.reduceat(weights[:, order] * y[order], starts, axis=1)
    misses = np.add.reduceat(weights[:, order] * (1 - y[order]), starts, axis=1)
    below = np.cumsum(misses, axis=1) - misses
    return (hits * (below + misses / 2)).sum(1) / (hits.sum(1) * misses.sum(1))


def brier_skill(p, y):
    rate = y.mean()
    return 1 - np.mean((p - y) ** 2) / (rate * (1 - rate))


def ece(p, y):
    """Expected calibration error over 15 bins of equal count."""
    order = np.argsort(p, kind="stable")
    n = len(p)
    edges = [b * n // BINS for b in range(BINS + 1)]
    gap = (p - y)[order]
    return sum(abs(gap[a:b].sum()) for a, b in zip(edges, edges[1:])) / n


def logit(p):
    p = np.clip(p, 1e-9, 1 - 1e-9)
    return np.log(p / (1 - p))


def logistic(z):
    return 1 / (1 + np.exp(-z))


def platt(z, y):
    """Slope and intercept of the outcome on log-odds, by Newton's method."""
    slope, intercept = 1.0, 0.0
    for _ in range(50):
        p = logistic(slope * z + intercept)
        r, w = p - y, p * (1 - p)
        hessian = np.array([[(w * z * z).sum(), (w * z).sum()], [(w * z).sum(), w.sum()]]) + 1e-12 * np.eye(2)
        step = np.linalg.solve(hessian, [(r * z).sum(), r.sum()])
        slope, intercept = slope - step[0], intercept - step[1]
        if abs(step).sum() < 1e-10:
            break
    return slope, intercept


def observed_to_expected(p, y):
    return y.sum() / p.sum()


def precision_at(p, y, k):
    return y[np.argsort(-p, kind="stable")[:k]].mean()


def lift(p, y):
    """Success among the highest tenth over the base rate."""
    return precision_at(p, y, max(1, len(p) // 10)) / y.mean()


def balanced_accuracy(p, y, cut):
    """Mean of sensitivity and specificity when everybody at or above `cut` is called a success."""
    called = p >= cut
    return (called[y == 1].mean() + (~called[y == 0]).mean()) / 2


def figures(p, y):
    """Every figure of one set."""
    return {
        "n": len(y), "base_rate": y.mean(), "majority": 1 - y.mean(), "log_loss": log_losses(p, y).mean(),
        "auc": auc(p, y), "brier_skill": brier_skill(p, y), "ece": ece(p, y), "slope": platt(logit(p), y)[0],
        "observed_to_expected": observed_to_expected(p, y), "lift": lift(p, y),
        "balanced_accuracy": balanced_accuracy(p, y, y.mean()),
    }


class Resamples:
    """Bootstrap over players: how often every row counts in every resample."""

    def __init__(self, players, count, seed=1):
        _, self.of = np.unique(players, return_inverse=True)
        n = self.of.max() + 1
        rng = np.random.default_rng(seed)
        self.draws = rng.multinomial(n, np.full(n, 1 / n), size=count).astype(np.float32)

    def batches(self, size=50):
        for start in range(0, len(self.draws), size):
            yield self.draws[start:start + size][:, self.of].astype(np.float64)


def differences(ours, peer, y, resamples):
    """Ours minus peer in log loss and AUC, each with a 95 % interval over players."""
    gap = log_losses(ours, y) - log_losses(peer, y)
    loss, area = [], []
    for weights in resamples.batches():
        loss.append(weights @ gap / weights.sum(1))
        area.append(weighted_auc(ours, y, weights) - weighted_auc(peer, y, weights))
    interval = lambda parts: np.percentile(np.concatenate(parts), [2.5, 97.5])
    return {
        "log_loss": (gap.mean(), *interval(loss)),
        "auc": (auc(ours, y) - auc(peer, y), *interval(area)),
    }
