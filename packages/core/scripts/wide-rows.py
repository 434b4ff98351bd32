"""Writes test/reference/wide-rows.json: losses and slopes of rows of up to 65,536 columns, from arithmetic of 300 bits.

    pip install mpmath==1.3.0
    python scripts/wide-rows.py                     # some three minutes

Inputs are not written but made anew by the test, from `share`: whole numbers and one product, the same everywhere. Of a
gradient some entries are written. Beside each figure stands the size of the terms whose difference it is.
"""

import json
import pathlib

import mpmath
from mpmath import mp, mpf

mp.prec = 300


def share(k, seed):
    """In [0, 1), of 53 bits."""
    unit = lambda s: ((k * 2654435761 + s * 974711) % 2**32) / 2**32
    return unit(seed) * unit(seed + 1)


INPUTS = {
    "shares": lambda n: [share(k, 1) for k in range(n)],
    "others": lambda n: [share(k, 3) for k in range(n)],
    "scores": lambda n: [8 * share(k, 5) - 2 for k in range(n)],
    "signs": lambda n: [share(k, 7) - share(k, 9) for k in range(n)],
    "near": lambda n: [share(k, 7) - share(k, 9) + share(k, 11) / 1024 for k in range(n)],
    "same": lambda n: [0.1] * n,
    "label": lambda n: [n >> 1],
}


def soft_max(x):
    top = max(x)
    log = mp.log(sum(mp.exp(v - top) for v in x))
    return [v - top - log for v in x]


def held(q, eps):
    return max(eps, min(1 - eps, q))


def categorical(loss, params, x, t):
    n = len(x)
    eps, alpha, gamma = mpf(params.get("eps", 1e-7)), mpf(params.get("alpha", 0.25)), mpf(params.get("gamma", 2))
    e = mpf(params.get("label_smoothing", 0))
    weights = [mpf(w) for w in INPUTS["others"](n)] if "class_weight" in params else [mpf(1)] * n
    if loss.startswith("scce"):
        label = t[0]
        t = [mpf(c == label) for c in range(n)]
        f = [weights[c] * ((1 - e) * t[c] + e / n) for c in range(n)]
    else:
        f = [weights[c] * (mpf(t[c]) * (1 - e) + e / n) for c in range(n)]
    is_focal = loss == "categorical_focal_keras"
    convention = params.get("convention", "keras" if is_focal else "exact")
    total = mpf(1)
    if loss.endswith("_logits") or params.get("from_logits"):
        q, by = [mp.exp(v) for v in soft_max(x)], "logits"
        is_held = [is_focal and held(v, eps) != v for v in q]
    elif convention == "keras":
        total, by = sum(x), "sum"
        q = [v / total for v in x]
        is_held = [held(v, eps) != v for v in q]
    elif convention == "keras_tf":
        inside = [held(v, eps) for v in x]
        total, by = sum(inside), "sum"
        q, is_held = [v / total for v in inside], [False] * n
    else:
        q, by, is_held = x, "self", [False] * n
    bounded = [held(v, eps) if h else v for v, h in zip(q, is_held)]
    if is_focal:
        cost = lambda v: alpha * (1 - v) ** gamma * -mp.log(v)
        slope = lambda v: alpha * (gamma * (1 - v) ** (gamma - 1) * mp.log(v) - (1 - v) ** gamma / v)
    else:
        cost, slope = lambda v: -mp.log(v), lambda v: -1 / v
    value = sum(f[c] * cost(bounded[c]) for c in range(n) if f[c])
    d = [mpf(0) if h or not f[c] else f[c] * slope(q[c]) for c, h in enumerate(is_held)]
    if by == "self":
        return value, value, d, [abs(v) for v in d]
    pull = sum(d[c] * q[c] for c in range(n))
    scale = q if by == "logits" else [mpf(0) if convention == "keras_tf" and held(v, eps) != v else 1 / total for v in x]
    return value, value, [(d[c] - pull) * scale[c] for c in range(n)], [(abs(d[c]) + abs(pull)) * scale[c] for c in range(n)]


def focal_softmax(_, params, x, t):
    label, gamma = t[0], mpf(params["gamma"])
    logs = soft_max(x)
    p = [mp.exp(v) for v in logs]
    wrong = sum(p[c] for c in range(len(x)) if c != label)
    value = wrong**gamma * -logs[label]
    pull = gamma * -logs[label] * p[label]
    slopes = [wrong**gamma * (-(pull + wrong) if c == label else (pull / wrong + 1) * p[c]) for c in range(len(x))]
    return value, value, slopes, [abs(v) for v in slopes]


def categorical_hinge(_, params, x, t):
    wrong = [(1 - a) * b for a, b in zip(t, x)]
    top = wrong.index(max(wrong))
    right = sum(a * b for a, b in zip(t, x))
    value = max(mpf(0), 1 + wrong[top] - right)
    slopes = [(1 - t[c] if c == top else 0) - t[c] if value > 0 else mpf(0) for c in range(len(x))]
    return value, max(1, abs(wrong[top]), abs(right)), slopes, [abs(v) for v in slopes]


def cosine(_, params, x, t):
    length, other = mp.sqrt(sum(v * v for v in x)), mp.sqrt(sum(v * v for v in t))
    cos = sum(a * b for a, b in zip(x, t)) / length / other
    value = -cos if params["form"] == "neg_similarity" else 1 - cos
    slopes = [-(b / other - cos * a / length) / length for a, b in zip(x, t)]
    return value, value, slopes, [(abs(b / other) + abs(cos * a / length)) / length for a, b in zip(x, t)]


def generalized_kl(_, params, x, t):
    terms = [[b * mp.log(b) if b else mpf(0), -b * a, mp.exp(a), -b] for a, b in zip(x, t)]
    size = sum(max(abs(v) for v in four) for four in terms)
    return sum(map(sum, terms)), size, [four[2] + four[3] for four in terms], [max(four[2], -four[3]) for four in terms]


KERAS, KERAS_TF = {"convention": "keras", "eps": 1e-9}, {"convention": "keras_tf", "eps": 1e-9}
SMOOTHED, WEIGHTED = {"label_smoothing": 0.1}, {"class_weight": "others"}
CASES = [
    *[(categorical, "cce", p, "shares", "others") for p in ({}, SMOOTHED, WEIGHTED, KERAS, KERAS | WEIGHTED, KERAS_TF, KERAS_TF | SMOOTHED)],
    *[(categorical, "scce", p, "shares", "label") for p in ({}, KERAS, KERAS | SMOOTHED, KERAS_TF, KERAS_TF | WEIGHTED | SMOOTHED)],
    *[(categorical, "cce_logits", p, "scores", "others") for p in ({}, SMOOTHED | WEIGHTED)],
    *[(categorical, "scce_logits", p, "scores", "label") for p in ({}, SMOOTHED)],
    *[(categorical, "categorical_focal_keras", p | {"eps": 1e-9}, "shares", "others") for p in ({}, {"gamma": 0.5})],
    (categorical, "categorical_focal_keras", {"from_logits": True, "eps": 1e-9}, "scores", "others"),
    *[(focal_softmax, "focal_softmax", {"gamma": g}, "scores", "label") for g in (0.5, 2)],
    *[(categorical_hinge, "categorical_hinge", {}, x, "others") for x in ("scores", "signs")],
    *[(cosine, "cosine", {"form": "distance"}, "signs", t) for t in ("others", "near")],
    *[(cosine, "cosine", {"form": "neg_similarity"}, x, t) for x, t in (("shares", "others"), ("same", "signs"))],
    *[(generalized_kl, "generalized_kl", {}, x, "others") for x in ("scores", "signs")],
]


def case(formula, loss, params, prediction, target, n):
    x = [mpf(v) for v in INPUTS[prediction](n)]
    t = INPUTS[target](n)
    value, size, slopes, sizes = formula(loss, params, x, t if target == "label" else [mpf(v) for v in t])
    at = sorted({0, 1, 2, n >> 1, (n >> 1) + 1, n // 3, n - 1})
    number = lambda v: float(mp.nstr(v, 20))
    return {
        "loss": loss, "params": params, "classes": n, "prediction": prediction, "target": target,
        "value": number(value), "size": float(f"{float(abs(size)):.3g}"), "at": at,
        "slopes": [number(slopes[i]) for i in at], "sizes": [float(f"{float(sizes[i]):.3g}") for i in at],
    }


def main():
    cases = [case(*one, n) for n in (3, 768, 4096, 65536) for one in CASES]
    head = f'{{"mpmath":"{mpmath.__version__}","bits":{mp.prec},"cases":[\n'
    out = pathlib.Path(__file__).parent.parent / "test/reference/wide-rows.json"
    out.write_text(head + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]}\n")


main()
