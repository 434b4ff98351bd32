"""Writes test/reference/cases.json: losses and gradients from arithmetic of 3,100 bits, for seeded inputs of every kind.

    pip install mpmath==1.3.0
    python scripts/reference-cases.py                     # what is committed
    python scripts/reference-cases.py --seed 7 --cases 40 --out /tmp/more.json
    LOSSFLOW_REFERENCE=/tmp/more.json npx vitest run --project core test/reference

Nothing here knows how @lossflow/core computes: each loss is its textbook formula, each gradient the central difference
of that formula with a step of 2^-600 or less, every result rounded once, to binary64 or binary32.
"""

import argparse
import json
import math
import pathlib
import random
import struct
from fractions import Fraction

import mpmath
from mpmath import mp, mpf

mp.prec = 3100
ULP = mpf(2) ** -53
STEP = mpf(2) ** -600
HUGE = mpf(10) ** 400  # an infinite input, in the limit


# ---------------------------------------------------------------- rounding


def rounded(x, single):
    """The nearest binary64 (binary32) to x, ties to even, subnormals and overflow included."""
    if mpmath.isnan(x):
        return math.nan
    sign, man, exp, bits = x._mpf_
    if not man:
        return 0.0
    digits, least, most = (24, -149, 128) if single else (53, -1074, 1024)
    top = exp + bits
    if top > most:
        return -math.inf if sign else math.inf
    if top < least - 1:
        return -0.0 if sign else 0.0
    unit = max(top - digits, least)
    shift = unit - exp
    whole = man << -shift if shift <= 0 else man >> shift
    if shift > 0:
        rest = man - (whole << shift)
        half = 1 << (shift - 1)
        if rest > half or (rest == half and whole & 1):
            whole += 1
    if whole.bit_length() + unit > most:
        return -math.inf if sign else math.inf
    size = math.ldexp(whole, unit)
    return -size if sign else size


def exact(x):
    """A number as an input: infinite ones far beyond float64."""
    return mpf(x) if math.isfinite(x) else math.copysign(1, x) * HUGE


def text(x):
    return "NaN" if x != x else "Infinity" if x == math.inf else "-Infinity" if x == -math.inf else repr(float(x))


def single(x):
    """The nearest binary32; a finite number stays finite."""
    y = struct.unpack("f", struct.pack("f", x))[0]
    return y if math.isfinite(y) or not math.isfinite(x) else math.copysign(single(3e38), x)


# ---------------------------------------------------------------- formulas
# Each takes the unit's predictions x, its targets t (a number, a row, or a label) and the parameters, and gives the
# terms whose sum is the loss.


def log(x):
    return mp.log(x) if x > 0 else -HUGE


def times(a, b):
    return mpf(0) if a == 0 else a * b


def softplus(x):
    return max(x, mpf(0)) + mp.log1p(mp.exp(-abs(x)))


def smooth(t, p, classes):
    e = mpf(p.get("label_smoothing", 0))
    return t * (1 - e) + e / classes


def held(p, eps):
    return max(mpf(eps), min(mpf(1 - eps), p))


def bce(x, t, p):
    t = smooth(t[0], p, 2)
    q = x[0]
    convention = p.get("convention", "exact")
    if convention == "keras":
        q = held(q, p["eps"])
    yes, no = log(q), log(1 - q)
    if convention == "torch":
        yes, no = max(yes, mpf(p["clamp_log"])), max(no, mpf(p["clamp_log"]))
    return [-times(t, yes), -times(1 - t, no)]


def bce_logits(x, t, p, column=0):
    t = smooth(t[0], p, 2)
    w = p.get("pos_weight")
    w = mpf(1) if w is None else mpf(w[column % len(w)] if isinstance(w, list) else w)
    return [(1 - t) * softplus(x[0]), w * t * softplus(-x[0])]


def balanced(logits):
    def terms(x, t, p):
        b = p["beta_value"]
        yes, no = (-softplus(-x[0]), -softplus(x[0])) if logits else (log(x[0]), log(1 - x[0]))
        return [-times(b * t[0], yes), -times((1 - b) * (1 - t[0]), no)]

    return terms


def focal(logits):
    def terms(x, t, p):
        t, x = t[0], x[0]
        if logits:
            yes, no, q = -softplus(-x), -softplus(x), 1 / (1 + mp.exp(-x))
            other = 1 / (1 + mp.exp(x))
        else:
            q = held(x, p["eps"]) if p.get("convention") == "keras" else x
            yes, no, q, other = log(q), log(1 - q), x, 1 - x  # Keras holds the logarithms, not the power
        wrong = t * other + (1 - t) * q
        a = mpf(p.get("alpha", -1))
        a = mpf(1) if a < 0 else a * t + (1 - a) * (1 - t)
        factor = a * (mpf(1) if p.get("gamma", 2) == 0 else mpf(0) if wrong == 0 else wrong ** mpf(p.get("gamma", 2)))
        return [times(factor, -times(t, yes)), times(factor, -times(1 - t, no))]

    return terms


def softmax_logs(x):
    m = max(x)
    lse = m + mp.log(sum(mp.exp(v - m) for v in x))
    if lse == m:  # one stands out so far that only log1p tells
        others = list(x)
        others.remove(m)
        lse = None
        rest = mp.log1p(sum(mp.exp(v - m) for v in others)) if others else mpf(0)
        return [(v - m) - rest for v in x]
    return [v - lse for v in x]


def focal_softmax(x, t, p):
    logs = softmax_logs(x)
    y = t
    wrong = sum((mp.exp(l) for c, l in enumerate(logs) if c != y), mpf(0))
    a = p.get("alpha")
    a = mpf(1) if a is None else mpf(a[y] if isinstance(a, list) else a)
    gamma = mpf(p.get("gamma", 2))
    return [a * (mpf(1) if gamma == 0 else mpf(0) if wrong == 0 else wrong**gamma) * -logs[y]]


def row_logs(x, p):
    convention = p.get("convention", "exact")
    if convention == "keras":
        s = sum(x)
        return [log(held(v / s, p["eps"])) for v in x]
    if convention == "keras_tf":
        q = [held(v, p["eps"]) for v in x]
        return [log(v / sum(q)) for v in q]
    return [log(v) for v in x]


def cce(logits):
    def terms(x, t, p):
        logs = softmax_logs(x) if logits else row_logs(x, p)
        w = p.get("class_weight") or [1] * len(x)
        return [-times(mpf(w[c]) * smooth(t[c], p, len(x)), logs[c]) for c in range(len(x))]

    return terms


def scce(logits):
    def terms(x, t, p):
        logs = softmax_logs(x) if logits else row_logs(x, p)
        w = p.get("class_weight") or [1] * len(x)
        e = mpf(p.get("label_smoothing", 0))
        return [-times((1 - e) * mpf(w[t]), logs[t])] + [
            -times(e / len(x) * mpf(w[c]), logs[c]) for c in range(len(x)) if e > 0
        ]

    return terms


def distance(f):
    return lambda x, t, p: [f(x[0] - t[0], p)]


def huber(d, p):
    delta = mpf(p.get("delta", 1))
    return d * d / 2 if abs(d) <= delta else delta * (abs(d) - delta / 2)


def smooth_l1(d, p):
    beta = mpf(p.get("beta", 1))
    return d * d / (2 * beta) if abs(d) < beta else abs(d) - beta / 2


def log_cosh(d, p):
    return abs(d) + mp.log1p(mp.exp(-2 * abs(d))) - mp.log(2)


def quantile(x, t, p):
    tau = mpf(p.get("tau", 0.5))
    return [max(tau * (t[0] - x[0]), (tau - 1) * (t[0] - x[0]))]


def mape(x, t, p):
    return [100 * abs(x[0] - t[0]) / max(abs(t[0]), mpf(p.get("eps", 1e-7)))]


def msle(x, t, p):
    eps = mpf(p.get("eps", 1e-7))
    return [(mp.log(1 + max(x[0], eps)) - mp.log(1 + max(t[0], eps))) ** 2]


def hinge(power):
    def terms(x, t, p):
        y = 2 * t[0] - 1 if p.get("labels") == "01" else t[0]
        return [max(mpf(0), 1 - y * x[0]) ** power]

    return terms


def categorical_hinge(x, t, p):
    wrong = max((1 - t[c]) * x[c] for c in range(len(x)))
    right = sum(t[c] * x[c] for c in range(len(x)))
    return [max(mpf(0), 1 + wrong - right)]


def poisson(x, t, p):
    x, t = x[0], t[0]
    terms = [mp.exp(x), -t * x] if p.get("log_input", True) else [x, -times(t, log(x + mpf(p.get("eps", 1e-8))))]
    if p.get("full") and t > 1:
        terms += [t * mp.log(t), -t, mp.log(2 * mp.pi * t) / 2]
    return terms


def gaussian(x, t, p):
    v = max(p["var_value"], mpf(p.get("eps", 1e-6)))
    return [mp.log(v) / 2, (x[0] - t[0]) ** 2 / v / 2] + ([mp.log(2 * mp.pi) / 2] if p.get("full") else [])


def kl(x, t, p):
    x, t = x[0], t[0]
    if p.get("log_target"):
        return [mp.exp(t) * t, -mp.exp(t) * x]
    return [times(t, log(t)), -times(t, x)]


def cosine(x, t, p):
    xx, tt = sum(v * v for v in x), sum(v * v for v in t)
    cos = mpf(0) if xx == 0 or tt == 0 else sum(a * b for a, b in zip(x, t)) / mp.sqrt(xx) / mp.sqrt(tt)
    return [-cos] if p.get("form") == "neg_similarity" else [1 - cos]


def log_loss_eps(x, t, p):
    eps = mpf(p.get("eps", 1e-7))
    return [-times(t[0], log(x[0] + eps)), -times(1 - t[0], log(1 - x[0] + eps))]


def categorical_focal_keras(x, t, p):
    eps, gamma, alpha = p.get("eps", 1e-7), mpf(p.get("gamma", 2)), p.get("alpha", 0.25)
    q = [mp.exp(l) for l in softmax_logs(x)] if p.get("from_logits") else [v / sum(x) for v in x]
    q = [held(v, eps) for v in q]
    a = alpha if isinstance(alpha, list) else [alpha] * len(x)
    return [mpf(a[c]) * (1 - q[c]) ** gamma * -times(t[c], log(q[c])) for c in range(len(x))]


def generalized_kl(x, t, p):
    return [term for c in range(len(x)) for term in (times(t[c], log(t[c])), -times(t[c], x[c]), mp.exp(x[c]), -t[c])]


def overlap(x, t, p):
    """dice and tversky: one unit for all elements."""
    n, d = mpf(p.get("smooth_num", 1)), mpf(p.get("smooth_den", 1))
    both = sum(a * b for a, b in zip(x, t))
    if "alpha" in p or "beta" in p:
        fp = sum(a * (1 - b) for a, b in zip(x, t))
        fn = sum((1 - a) * b for a, b in zip(x, t))
        return [1 - (both + n) / (both + mpf(p["alpha"]) * fp + mpf(p["beta"]) * fn + d)]
    return [1 - (2 * both + n) / (sum(x) + sum(t) + d)]


# ---------------------------------------------------------------- inputs

LOGITS = [0.0, 5e-324, -1e-300, 1e-9, 0.5, -1.0, 17.5, -36.7, 37.5, -88.0, 104.0, 709.0, -710.0, 745.0, -745.5, 800.0, -1e5, 1e300, -1e308]
PROBABILITIES = [0.0, 5e-324, 1e-300, 1e-45, 1e-17, 2**-53, 1e-8, 1e-7, 1e-3, 0.25, 0.5, 0.75, 1 - 1e-7, 1 - 1e-8, 1 - 2**-53, 1.0]
REALS = [0.0, 5e-324, -2.5e-310, 1e-160, -1e-9, 0.5, 1.0, -1.0, 1 + 2**-52, 1e3, -1e8, 1e154, -1e200, 1e307]


class Inputs:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def logit(self, extreme):
        if extreme:
            return self.random.choice(LOGITS + [math.inf, -math.inf]) if self.random.random() < 0.6 else self.random.gauss(0, 40)
        return self.random.gauss(0, 4)

    def probability(self, extreme):
        return self.random.choice(PROBABILITIES) if extreme and self.random.random() < 0.7 else self.random.random()

    def inner(self, extreme):
        return min(max(self.probability(extreme), 5e-324), 1 - 2**-53)

    def real(self, extreme):
        return self.random.choice(REALS) if extreme and self.random.random() < 0.6 else self.random.gauss(0, 3)

    def hard(self):
        return float(self.random.randrange(2))

    def soft(self):
        return self.random.choice([0.0, 1.0, self.random.random(), self.random.random()])

    def row(self, classes, kind):
        if kind == "one_hot":
            label = self.random.randrange(classes)
            return [1.0 if c == label else 0.0 for c in range(classes)]
        # Peaked: one class has almost all, down to 1e-20 of the others.
        parts = [10 ** -self.random.uniform(0, 20) if kind == "peaked" else self.random.random() for _ in range(classes)]
        return [part / sum(parts) for part in parts]


# id: (formula, row loss, what x is, what t is, settings, ulps of value and gradient, where a difference may cancel)
ETA = [0, 0.5, 1, 2, 3.5]
SMOOTHINGS = [{}, {"label_smoothing": 0.1}, {"label_smoothing": 1}]
KERAS = {"convention": "keras", "eps": 1e-7}
TORCH = {"convention": "torch", "clamp_log": -100, "grad_eps": rounded(mpf(1e-12), True)}
WEIGHTED = {"class_weight": "classes"}
LOSSES = {
    "bce": (bce, False, "probability", "hard soft", SMOOTHINGS + [KERAS, TORCH, TORCH | {"label_smoothing": 0.1}], 4, 5),
    "bce_logits": (bce_logits, False, "logit", "hard soft", SMOOTHINGS + [{"pos_weight": 2.5}, {"pos_weight": "columns"}], 4, 5),
    "balanced_bce": (balanced(False), False, "probability", "hard", [{"beta": 0.875}, {"beta": 0}, {"beta": "batch"}], 4, 5),
    "balanced_bce_logits": (balanced(True), False, "logit", "hard", [{"beta": 0.875}, {"beta": "batch"}], 4, 5),
    "focal": (focal(False), False, "probability", "hard", [{"gamma": g, "alpha": a} for g in ETA for a in (-1, 0.25)] + [KERAS | {"gamma": 2}], 6, 8),
    "focal_logits": (focal(True), False, "logit", "hard soft", [{"gamma": g, "alpha": a} for g in ETA for a in (-1, 0.25)], 10, 10),
    "focal_softmax": (focal_softmax, True, "logit", "label", [{"gamma": g} for g in ETA] + [{"alpha": 0.25}, {"alpha": "classes"}], 8, 10),
    "cce": (cce(False), True, "probability", "one_hot row peaked", SMOOTHINGS[:2] + [WEIGHTED, KERAS, KERAS | {"convention": "keras_tf"}, KERAS | {"label_smoothing": 0.1}], 4, 6),
    "cce_logits": (cce(True), True, "logit", "one_hot row peaked", SMOOTHINGS + [WEIGHTED, WEIGHTED | {"label_smoothing": 0.1}, {"label_smoothing": 0.01}], 4, 6),
    "scce": (scce(False), True, "probability", "label", SMOOTHINGS[:2] + [WEIGHTED, WEIGHTED | {"label_smoothing": 0.1}, KERAS, KERAS | {"convention": "keras_tf"}, {"ignore_index": -100}, {"ignore_index": 1} | WEIGHTED], 4, 6),
    "scce_logits": (scce(True), True, "logit", "label", SMOOTHINGS + [WEIGHTED, WEIGHTED | {"label_smoothing": 0.1}, {"label_smoothing": 0.01}, {"ignore_index": -100}, {"ignore_index": 1} | WEIGHTED | {"label_smoothing": 0.2}], 4, 6),
    "mse": (distance(lambda d, p: d * d), False, "real", "real", [{}], 3, 2),
    "mae": (distance(lambda d, p: abs(d)), False, "real", "real", [{}], 2, 1),
    "huber": (distance(huber), False, "real", "real", [{}, {"delta": 0.1}, {"delta": 10}, {"delta": 1e-9}, {"delta": 1e9}], 3, 2),
    "smooth_l1": (distance(smooth_l1), False, "real", "real", [{}, {"beta": 0}, {"beta": 0.3}, {"beta": 7}], 3, 2),
    "log_cosh": (distance(log_cosh), False, "real", "real", [{}], 4, 4),
    "quantile": (quantile, False, "real", "real", [{}, {"tau": 0.9}, {"tau": 0.1}, {"tau": 1}], 3, 2),
    "mape": (mape, False, "real", "real", [{"eps": 1e-7}], 4, 4),
    "msle": (msle, False, "positive", "positive", [{"eps": 1e-7}], 8, 6),
    "hinge": (hinge(1), False, "real", "sign", [{}, {"labels": "01"}], 3, 2),
    "squared_hinge": (hinge(2), False, "real", "sign", [{}, {"labels": "01"}], 4, 4),
    "categorical_hinge": (categorical_hinge, True, "score", "one_hot row", [{}], 5, 2),
    "poisson_nll": (poisson, False, "log rate", "count", [{}, {"full": True}, {"log_input": False}, {"log_input": False, "full": True}], 4, 4),
    "gaussian_nll": (gaussian, False, "score", "score", [{}, {"full": True}, {"eps": 0.1}], 4, 4),
    "kl_div": (kl, False, "score", "hard soft", [{}, {"log_target": True}], 4, 4),
    "cosine": (cosine, True, "score", "vector", [{}, {"form": "neg_similarity"}], 5, 8),
    "dice": (overlap, False, "probability", "hard soft", [{}, {"smooth_num": 0, "smooth_den": 1e-7}], 7, 6),
    "tversky": (overlap, False, "probability", "hard soft", [{"alpha": 0.5, "beta": 0.5}, {"alpha": 0.3, "beta": 0.7, "smooth_num": 0.5, "smooth_den": 2}], 8, 6),
    "log_loss_eps": (log_loss_eps, False, "probability", "hard soft", [{}, {"eps": 1e-3}], 4, 5),
    "categorical_focal_keras": (categorical_focal_keras, True, "probability", "one_hot row peaked", [{}, {"gamma": 0}, {"gamma": 3.5, "alpha": "classes"}, {"from_logits": True}], 8, 10),
    "generalized_kl": (generalized_kl, True, "score", "row", [{}], 4, 4),
}
WHOLE = ("dice", "tversky")
# What rounding takes from the base of a power counts gamma times: only a base kept in two doubles is right to these ulps.
STEEP = {
    "focal": ([{"gamma": 40}, KERAS | {"gamma": 40}, {"gamma": 60}, {"gamma": 25.5, "alpha": 0.25}], 3, 4),
    "focal_logits": ([{"gamma": 40}, {"gamma": 60}, {"gamma": 25.5, "alpha": 0.25}], 3, 4),
    "focal_softmax": ([{"gamma": 40}, {"gamma": 60, "alpha": 0.25}, {"gamma": 25.5, "alpha": "classes"}], 3, 5),
}


def case(number, loss, settings, inputs, steep=None):
    formula, by_row, x_kind, t_kind, _, vulp, gulp = LOSSES[loss]
    t_kind = "hard soft" if steep and t_kind == "hard" else t_kind
    rnd = inputs.random
    extreme = rnd.random() < 0.5 and steep is None
    dtype = "f32" if rnd.random() < 0.3 and steep is None else "f64"
    rows, classes = rnd.randint(1, 4), rnd.choice([2, 3, 5])
    params = dict(settings)
    for name, value in params.items():
        if value in ("classes", "columns"):
            params[name] = [rnd.choice([0.25, 0.5, 1.25, 2.0, 3.0]) for _ in range(classes)]
    if params.get("from_logits"):
        x_kind = "logit"
    t_kind = rnd.choice(t_kind.split()) if t_kind != "log rate" else t_kind
    draw_x = {
        "probability": lambda: inputs.probability(extreme),
        "logit": lambda: inputs.logit(extreme),
        "real": lambda: inputs.real(extreme),
        "positive": lambda: abs(rnd.choice([rnd.gauss(0, 3), 1e-9, 1e-300, 1e20]) if extreme else rnd.gauss(0, 3)),
        "score": lambda: rnd.gauss(0, 3),
        "log rate": lambda: abs(rnd.gauss(0, 2)) if params.get("log_input") is False else rnd.choice([rnd.gauss(0, 2), -30.0, 40.0]) if extreme else rnd.gauss(0, 2),
    }[x_kind]
    draw_t = {
        "hard": inputs.hard, "soft": inputs.soft, "real": lambda: inputs.real(extreme),
        "positive": lambda: abs(rnd.gauss(0, 3)),
        "score": lambda: rnd.gauss(0, 3), "vector": lambda: rnd.gauss(0, 3),
        "sign": lambda: inputs.hard() if params.get("labels") == "01" else 2 * inputs.hard() - 1,
        "count": lambda: float(rnd.randrange(0, 40)),
    }.get(t_kind)
    if params.get("log_target"):
        draw_t = lambda: -abs(rnd.gauss(0, 2))
    fit = single if dtype == "f32" else float
    near = lambda t: t + rnd.choice([0.5, 1e-3, 2**-30]) * rnd.gauss(0, 1)
    target = []
    for _ in range(rows):
        if t_kind == "label":
            target.append(rnd.randrange(classes))
        elif t_kind in ("one_hot", "row", "peaked"):
            target.append([fit(v) for v in inputs.row(classes, t_kind)])
        else:
            target.append([fit(draw_t()) for _ in range(classes)])
    if params.get("ignore_index") is not None and t_kind == "label":
        target = [params["ignore_index"] if rnd.random() < 0.3 else t for t in target]
    pred = [[fit(draw_x()) for _ in range(classes)] for _ in range(rows)]
    if loss == "cosine" and rnd.random() < 0.5:
        pred = [[fit(near(t)) for t in row] for row in target]
    if x_kind == "logit" and by_row:
        # Two infinite logits have no limit.
        for row in pred:
            for c in range(1, classes):
                if row[c] == math.inf:
                    row[c] = 3.0
            if all(v == -math.inf for v in row):
                row[0] = 0.0
        if rnd.random() < 0.2:
            shift = rnd.choice([1e5, -3e4, 1e300, -1e308])
            pred = [[fit(v / 16 + shift) if math.isfinite(v) and abs(v) < 1e6 else v for v in row] for row in pred]
    if loss in ("cce", "scce", "categorical_focal_keras") and x_kind == "probability":
        pred = [row if sum(row) > 1e-6 else [0.5] * classes for row in pred]
        if rnd.random() < 0.5 and params.get("convention") is None:
            pred = [[fit(v / sum(row)) for v in row] for row in pred]
    if loss == "mape":
        target = [[t if abs(t) > 1e-30 else 1.0 for t in row] for row in target]
    variance = None
    if loss == "gaussian_nll":
        variance = [[fit(rnd.choice([abs(rnd.gauss(0, 2)), 0.0, 1e-9])) for _ in range(classes)] for _ in range(rows)]

    reduction = rnd.choice(["none", "none", "mean", "sum", "weighted_mean", "sum_by_nonzero_weights", "sum_over_batch_size", "mean_with_sample_weight", "batchmean"])
    if loss in WHOLE:
        reduction = "mean"
    params["reduction"] = reduction
    keras = reduction in ("sum_over_batch_size", "mean_with_sample_weight")
    weight = sample = None
    zero = lambda: rnd.choice([0.0, 0.5, 1.0, 2.0, 3.25, rnd.random()])
    if loss not in WHOLE:
        if keras and rnd.random() < 0.7:
            sample = [fit(zero()) for _ in range(rows)]
        elif rnd.random() < 0.3 or reduction in ("weighted_mean", "sum_by_nonzero_weights"):
            weight = [fit(zero()) for _ in range(rows)] if by_row else [[fit(zero()) for _ in range(classes)] for _ in range(rows)]

    # Units: (loss terms as a function of the unit's predictions, row, column or None)
    units = [(r, None) for r in range(rows)] if by_row else [(r, c) for r in range(rows) for c in range(classes)]
    known = [t for row in target for t in row] if not by_row else []
    more = {}
    if params.get("beta") == "batch":
        kept = [target[r][c] for r, c in units if (weight is None or weight[r][c] != 0) and (sample is None or sample[r] != 0)]
        more["beta_value"] = mpf(sum(1 - Fraction(t) for t in kept).numerator) / sum(1 - Fraction(t) for t in kept).denominator / len(kept) if kept else mpf(0)
    elif loss.startswith("balanced"):
        more["beta_value"] = mpf(params["beta"])

    def terms_of(r, c, x):
        p = params | more
        if variance is not None:
            p = p | {"var_value": mpf(variance[r][c])}
        if by_row:
            t = target[r] if t_kind == "label" else [mpf(v) for v in target[r]]
            return formula(x, t, p)
        t = [exact(target[r][c])]
        return formula(x, t, p, c) if loss == "bce_logits" else formula(x, t, p)

    def slopes_of(f, x):
        """Central differences of f, and where a number is next to an end or a kink no figure at all."""
        slopes = []
        for c, v in enumerate(x):
            # Reals may lie 5e-324 from a kink, and shares from 0.
            h = STEP**3 if x_kind == "real" else STEP * abs(v) if v != 0 and x_kind in ("probability", "positive") else STEP
            if loss == "squared_hinge" and f(x) == 0:
                slopes.append(mpf(0))
                continue
            if x_kind == "probability" and (v == 0 or v == 1):
                slopes.append(None)
                continue
            ahead, behind = list(x), list(x)
            ahead[c], behind[c] = v + h, v - h
            up, down, here = f(ahead), f(behind), f(x)
            left, right = (here - down) / h, (up - here) / h
            slope = (up - down) / (2 * h)
            bent = abs(left - right) > abs(slope) * mpf(2) ** -60 + mpf(2) ** -300 * (1 + abs(slope))
            slopes.append(None if bent else slope)
        return slopes

    torch_slope = loss == "bce" and params.get("convention") == "torch"
    if loss in WHOLE:
        x = [mpf(v) for row in pred for v in row]
        t = [mpf(v) for row in target for v in row]
        f = lambda v: sum(formula(v, t, params))
        value = f(x)
        slopes = slopes_of(f, x)
        expected = {"value": text(rounded(value, dtype == "f32"))}
        vabs = [2 * ULP]
        grad = slopes
        gabs = [2 * ULP / max(1, sum(t)) for _ in x]
        scales = None
    else:
        losses, sizes, all_slopes, slope_sizes = [], [], [], []
        for r, c in units:
            x = [exact(v) for v in pred[r]] if by_row else [exact(pred[r][c])]
            ignored = t_kind == "label" and target[r] == params.get("ignore_index")
            if ignored:
                losses.append(mpf(0)), sizes.append(mpf(0)), all_slopes.append([mpf(0)] * len(x)), slope_sizes.append([mpf(0)] * len(x))
                continue
            parts = terms_of(r, c, x)
            # A loss beyond float64 is infinite before any mean is formed.
            losses.append(sum(parts) if math.isfinite(rounded(sum(parts), False)) else HUGE)
            cancels = any(part < 0 for part in parts) and any(part > 0 for part in parts)
            sizes.append(sum(abs(part) for part in parts) if cancels else mpf(0))
            if loss in ("cosine", "msle"):
                sizes[-1] = mpf(1) if loss == "cosine" else sum(parts) + ULP
            if loss == "categorical_hinge":
                sizes[-1] = sum(abs(v) for v in x) + 1
            if torch_slope:
                t = smooth(mpf(target[r][c]), params, 2)
                all_slopes.append([(x[0] - t) / max(x[0] * (1 - x[0]), mpf(params["grad_eps"]))])
            else:
                all_slopes.append(slopes_of(lambda v: sum(terms_of(r, c, v)), x))
            # What a gradient may lose where its own terms cancel: those of the textbook form.
            by_term = [slopes_of(lambda v, k=k: terms_of(r, c, v)[k], x) for k in range(len(parts))]
            slope_sizes.append([sum(abs(s[i]) for s in by_term if s[i] is not None) for i in range(len(x))])
        w = []
        for r, c in units:
            a = mpf(1)
            if weight is not None:
                a *= mpf(weight[r] if by_row else weight[r][c])
            if sample is not None:
                a *= mpf(sample[r])
            w.append(a)
        kept = [not (t_kind == "label" and target[r] == params.get("ignore_index")) for r, _ in units]
        class_weight = params.get("class_weight")
        of_label = [mpf(class_weight[target[r]]) if class_weight and t_kind == "label" and k else mpf(1) for (r, _), k in zip(units, kept)]
        groups = classes if not by_row and (keras or sample is not None) else 1
        full = [a * b for a, b in zip(w, of_label)]
        count = sum(1 for k in kept if k)
        pick = lambda values: sum((v for v, k in zip(values, kept) if k), mpf(0))
        divisor = {
            "none": groups, "sum": groups, "batchmean": rows * groups, "mean": pick(of_label) if t_kind == "label" else mpf(count),
            "weighted_mean": pick(full), "sum_by_nonzero_weights": mpf(sum(1 for a, k in zip(full, kept) if k and a != 0)),
            "sum_over_batch_size": mpf(count), "mean_with_sample_weight": pick([mpf(sample[r]) if sample else mpf(1) for r, _ in units]),
        }[reduction]
        divisor = mpf(divisor)
        # A weight of 0 is not looked at.
        parts = [mpf(0) if a == 0 or not k else a * l for a, l, k in zip(w, losses, kept)]
        abs_parts = [mpf(0) if a == 0 or not k else a * s for a, s, k in zip(w, sizes, kept)]
        if reduction == "none":
            chunk = lambda values: [sum(values[i : i + groups]) / groups for i in range(0, len(values), groups)]
            values, bounds = chunk(parts), chunk(abs_parts)
            shape = (lambda v: [v[i : i + classes] for i in range(0, len(v), classes)]) if not by_row and groups == 1 else (lambda v: v)
            expected = {"value": shape([text(rounded(v, dtype == "f32")) for v in values])}
            vabs = [8 * ULP * b for b in bounds]
        else:
            empty = mpmath.nan if not keras and reduction != "sum" else mpf(0)
            value = sum(parts) / divisor if divisor != 0 else empty
            expected = {"value": text(rounded(value, dtype == "f32"))}
            signs = {p > 0 for p in parts if p != 0}
            spread = sum(abs(p) for p in parts) if len(signs) > 1 else mpf(0)
            vabs = [8 * ULP * (sum(abs_parts) + spread) / divisor if divisor != 0 else mpf(0)]
        grad, gabs = [], []
        for a, k, slopes, bounds in zip(w, kept, all_slopes, slope_sizes):
            for s, b in zip(slopes, bounds):
                dead = a == 0 or not k or divisor == 0
                grad.append(mpf(0) if dead else None if s is None else a * s / divisor)
                gabs.append(mpf(0) if dead else 4 * ULP * a * b / divisor)
    tight = 1 if dtype == "f32" else None
    extra = 0 if reduction == "none" else 3
    gamma = params.get("gamma", 2) if "focal" in loss else 2
    if steep is not None:
        vulp, gulp = steep
    elif gamma > 2:
        vulp, gulp = vulp + 2 * gamma, gulp + 2 * gamma
    if loss in ("cosine",):
        # Unit vectors cancel as the angle closes.
        gabs = [4 * ULP / max(mpf(1e-300), mp.sqrt(sum(exact(v) ** 2 for v in row))) for row in pred for _ in row]
    if loss in ("cce_logits", "scce_logits"):
        # (W - f) p - f (1 - p): both terms are right to 4 ulp, their difference is where it is not far below them.
        gabs = [2 * g for g in gabs]
    if params.get("convention") in ("keras", "keras_tf") or loss == "categorical_focal_keras":
        # What is held is told from quotients that are rounded.
        gulp += 4
        gabs = [4 * g for g in gabs]
        vabs = [v + 4 * ULP * 4 for v in vabs]
    out = {
        "id": f"r/{loss}/{'steep/' if steep else ''}{number:03d}", "loss": loss, "dtype": dtype, "params": params,
        "input": {"pred": [[text(v) for v in row] for row in pred],
                  "target": target if t_kind == "label" else [[text(v) for v in row] for row in target]},
        "expect": expected,
        "tol": {"vulp": tight or vulp + extra, "gulp": tight or gulp + (2 if extra else 0),
                "vabs": [f"{float(v):.3g}" for v in vabs], "gabs": [f"{float(v):.3g}" for v in gabs]},
    }
    if reduction != "none" or loss in WHOLE:
        out["tol"]["vabs"] = out["tol"]["vabs"][0]
    if weight is not None:
        out["input"]["weight"] = [text(v) for v in weight] if by_row else [[text(v) for v in row] for row in weight]
    if sample is not None:
        out["input"]["sample_weight"] = [text(v) for v in sample]
    if variance is not None:
        out["input"]["var"] = [[text(v) for v in row] for row in variance]
    # Between two terms of a soft target a steep gradient cancels.
    if all(g is not None for g in grad) and not (steep and t_kind == "soft"):
        flat = [text(rounded(g, dtype == "f32")) for g in grad]
        out["expect"]["grad"] = [flat[i : i + classes] for i in range(0, len(flat), classes)]
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--cases", type=int, default=16, help="of each loss")
    parser.add_argument("--only", default="")
    parser.add_argument("--out", default=str(pathlib.Path(__file__).parent.parent / "test/reference/cases.json"))
    arguments = parser.parse_args()
    cases = []
    for loss, (_, _, _, _, settings, _, _) in LOSSES.items():
        if arguments.only and loss not in arguments.only.split(","):
            continue
        for k in range(arguments.cases):
            inputs = Inputs(f"{arguments.seed}/{loss}/{k}")
            cases.append(case(k, loss, settings[k % len(settings)], inputs))
        if loss in STEEP:
            settings, *ulps = STEEP[loss]
            for k in range(arguments.cases):
                cases.append(case(k, loss, settings[k % len(settings)], Inputs(f"{arguments.seed}/{loss}/steep/{k}"), ulps))
    head = f'{{"mpmath":"{mpmath.__version__}","bits":{mp.prec},"seed":{arguments.seed},"cases":[\n'
    pathlib.Path(arguments.out).write_text(head + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]}\n")


main()
