"""The product's exported feature table, and the rows a season is trained and tested on."""

import hashlib

import numpy as np
import pandas as pd

KEYS = ["id", "mlbam_id", "season", "role", "label", "evaluated"]
OUTCOMES = ["window_seasons", "window_pa", "window_outs"]
WINDOW = 4
ROLES = ["hitter", "pitcher"]


class Table:
    """Snapshots of one role: features as float32 with NaN for missing, and what is known of each row."""

    def __init__(self, frame, role):
        rows = frame[frame["role"] == role].reset_index(drop=True)
        named = [c for c in rows.columns if c not in KEYS + OUTCOMES]
        self.role = role
        self.names = [c for c in named if rows[c].notna().any()]
        self.x = rows[self.names].to_numpy(np.float32)
        self.y = rows["label"].to_numpy(float)
        self.season = rows["season"].to_numpy(int)
        self.evaluated = rows["evaluated"].to_numpy(bool)
        self.player = rows["id"].to_numpy()
        self.keys = rows[[c for c in KEYS + OUTCOMES if c in rows]]

    def training(self, season, rows):
        """Rows whose window had closed at the end of `season`; `rows` is 'all' or 'evaluated'."""
        known = (self.season <= season - WINDOW) & ~np.isnan(self.y)
        return np.flatnonzero(known & (self.evaluated if rows == "evaluated" else True))

    def test(self, season):
        """Evaluated rows of a season whose outcome is known."""
        return np.flatnonzero((self.season == season) & self.evaluated & ~np.isnan(self.y))

    def digest(self, rows):
        """Hash of the data of `rows`: a cached result belongs to exactly these bytes."""
        hasher = hashlib.blake2b(digest_size=16)
        for part in (self.x[rows], self.y[rows], self.season[rows]):
            hasher.update(np.ascontiguousarray(part).tobytes())
        hasher.update(",".join(self.names).encode())
        return hasher.hexdigest()


def load(path):
    """The tables of both roles."""
    frame = pd.read_csv(path, low_memory=False)
    return {role: Table(frame, role) for role in ROLES}
