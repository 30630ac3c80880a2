"""Walking forward with a peer, remembering what was computed.

A result is kept in a file named after everything it depends on (model, parameters,
library version, role, season, the bytes of its training and test rows), so that a rerun
after a change of the product's own model costs nothing here.
"""

import hashlib
import importlib.metadata
import json
import os
import time
import zlib

import metrics
import numpy as np
import peers
import search

PACKAGES = {"xgboost": "xgboost", "lightgbm": "lightgbm", "catboost": "catboost", "logistic": "scikit-learn"}


class Walker:
    def __init__(self, tables, work):
        self.tables = tables
        self.cache = os.path.join(work, "peers")
        self.digests = {}
        self.loaded = {}
        os.makedirs(self.cache, exist_ok=True)

    def predict(self, role, season, setting):
        """Probabilities and outcomes of a season's evaluated rows."""
        table = self.tables[role]
        test = table.test(season)
        found = self.held_out(role, season, setting)
        if setting["finish"] == "raw":
            return found[setting["chosen"]], table.y[test]
        train = table.training(season, setting["rows"])
        keep = table.evaluated[train]
        oof = self.out_of_fold(role, season, setting)
        recent = (table.season[train] + search.NEWEST > table.season[train].max())[keep]
        p = {r: values[keep] for r, values in oof.items()}
        return search.finish(setting["finish"], setting["chosen"], found, (p, table.y[train][keep]), recent), table.y[test]

    def held_out(self, role, season, setting):
        """Probabilities of the test rows by rounds, trained on everything known."""
        table = self.tables[role]

        def compute():
            train, test = table.training(season, setting["rows"]), table.test(season)
            found = self.fit(setting, table.x[train], table.y[train], [table.x[test]])
            return {r: parts[0] for r, parts in found.items()}

        return self.remember("test", role, season, setting, compute)

    def out_of_fold(self, role, season, setting):
        """Probabilities of the training rows by rounds, from models that had not seen the player."""
        table = self.tables[role]

        def compute():
            train = table.training(season, setting["rows"])
            fold = np.array([zlib.crc32(str(p).encode()) % search.FOLDS for p in table.player[train]])
            out = {r: np.zeros(len(train)) for r in setting["rounds"]}
            for k in range(search.FOLDS):
                rest, held = train[fold != k], train[fold == k]
                found = self.fit(setting, table.x[rest], table.y[rest], [table.x[held]])
                for r, parts in found.items():
                    out[r][fold == k] = parts[0]
            return out

        return self.remember("folds", role, season, setting, compute)

    def fit(self, setting, x, y, tests):
        return peers.FITS[setting["kind"]](x, y, tests, setting["params"], setting["rounds"])

    def remember(self, what, role, season, setting, compute):
        key = self.key(what, role, season, setting)
        if key in self.loaded:
            return self.loaded[key]
        path = os.path.join(self.cache, f"{key}.npz")
        if not os.path.exists(path):
            started = time.process_time()
            found = compute()
            partial = f"{path}.{os.getpid()}.npz"
            np.savez_compressed(partial, rounds=np.array(list(found)), p=np.array(list(found.values()), np.float64),
                                cpu=time.process_time() - started)
            os.replace(partial, path)
        with np.load(path) as file:
            self.loaded[key] = {rounds.item(): p for rounds, p in zip(file["rounds"], file["p"])}
        return self.loaded[key]

    def key(self, what, role, season, setting):
        package = PACKAGES[setting["kind"]]
        parts = [what, role, season, setting["kind"], setting["params"], setting["rounds"], peers.SEED,
                 package, importlib.metadata.version(package), self.data(role, season, setting["rows"])]
        text = json.dumps(parts, sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def data(self, role, season, rows):
        """Digest of the training and test rows."""
        if (role, season, rows) not in self.digests:
            table = self.tables[role]
            parts = [table.training(season, rows), table.test(season)]
            self.digests[role, season, rows] = "".join(table.digest(p) for p in parts)
        return self.digests[role, season, rows]
