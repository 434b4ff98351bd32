"""Writes test/peers/{torch,keras,keras_tf}.json: figures of PyTorch and Keras for seeded inputs, in double precision.

    pip install torch==2.8.0 torchvision==0.23.0 keras==3.11.3 numpy scipy
    KERAS_BACKEND=torch python scripts/peer-figures.py
    pip install tensorflow-cpu==2.20.0 keras==3.11.3          # in an environment of its own
    KERAS_BACKEND=tensorflow python scripts/peer-figures.py   # keras_tf.json alone

Beside the figures stand facts: what each library does where docs/losses.md says that they differ.
"""

import inspect
import json
import pathlib

import keras
import numpy as np

on_tensorflow = keras.backend.backend() == "tensorflow"
if on_tensorflow:
    import tensorflow
else:
    import torch
    import torch.nn.functional as F
    from torchvision.ops import sigmoid_focal_loss

keras.config.set_floatx("float64")
random = np.random.default_rng(20260731)
OUT = pathlib.Path(__file__).parent.parent / "test" / "peers"

ROWS, CLASSES = 5, 3
inputs = {
    "real": random.normal(size=(ROWS, CLASSES)) * 3,
    "logits": random.normal(size=(ROWS, CLASSES)) * 4,
    "probability": np.clip(random.random((ROWS, CLASSES)), 0.01, 0.99),
    "distribution": random.dirichlet(np.ones(CLASSES), size=ROWS),
    "rate": random.random((ROWS, CLASSES)) * 5 + 0.1,
    "count": random.integers(0, 9, size=(ROWS, CLASSES)).astype(float),
    "hard": random.integers(0, 2, size=(ROWS, CLASSES)).astype(float),
    "soft": random.dirichlet(np.ones(CLASSES), size=ROWS),
    "label": np.array([0, 2, 1, 1, 0]),
    "sign": random.integers(0, 2, size=(ROWS, CLASSES)) * 2.0 - 1,
    "variance": random.random((ROWS, CLASSES)) + 0.1,
    "weight": random.random((ROWS, CLASSES)) + 0.25,
    "row": np.array([1.25, 0.0, 3.5, 0.5, 1.0]),
    "class": np.array([0.5, 2.0, 1.25]),
}
inputs["ends"] = np.array([[0.0, 1.0, 1e-12], [1.0, 0.5, 0.0], [1e-9, 1 - 1e-9, 1.0], [0.3, 0.3, 0.4], [0.0, 0.0, 1.0]])
inputs["loose"] = np.array([[0.9, 0.05, 0.05], [0.5, 0.89, 0.6], [0.05, 0.01, 0.94], [0.2, 0.2, 0.2], [1.0, 1.0, 1.0]])
inputs["far"] = np.array([[800.0, -800.0, 40.0], [-40.0, 0.0, 1e-9], [30.0, -30.0, 5.0], [0.0, 0.0, 0.0], [-7.0, 7.0, 1.0]])
inputs["log"] = np.log(inputs["distribution"])
inputs["ignored"] = np.where(np.arange(ROWS) == 1, -100, inputs["label"])

# Of three axes, for Keras: rows of two steps.
STEPS = (ROWS, 2)
deep = {
    "steps": random.normal(size=(*STEPS, CLASSES)) * 2,
    "steps_real": random.normal(size=(*STEPS, CLASSES)),
    "steps_label": random.integers(0, CLASSES, size=STEPS),
    "steps_mask": np.arange(10).reshape(STEPS) % 4 > 0,
    "steps_weight": random.random(STEPS) + 0.25,
    "rows_weight": inputs["row"][:, None],
    "row_mask": np.arange(ROWS) != 3,
}
deep["steps_share"] = 1 / (1 + np.exp(-deep["steps"]))
deep["steps_hard"] = (deep["steps_real"] > 0).astype(float)
deep["steps_ignored"] = np.where(deep["steps_mask"], deep["steps_label"], -1)


def tensor(name, grad=False):
    return torch.tensor(inputs[name], requires_grad=grad) if name else None


def torch_cases():
    def case(loss, prediction, target, call, params=None, options=None):
        x = tensor(prediction, grad=True)
        value = call(x, tensor(target))
        value.sum().backward()
        return {
            "loss": loss,
            "params": params or {},
            "options": options or {},
            "prediction": prediction,
            "target": target,
            "value": value.detach().numpy().tolist(),
            "gradient": x.grad.numpy().tolist(),
        }

    nll = lambda p, t, **k: F.nll_loss(torch.log(p), t, **k)
    w, c = tensor("weight"), tensor("class")
    yield case("bce", "probability", "hard", F.binary_cross_entropy)
    yield case("bce", "ends", "hard", F.binary_cross_entropy)
    yield case("bce", "ends", "hard", lambda p, t: F.binary_cross_entropy(p, t, reduction="none"), {"reduction": "none"})
    yield case("bce", "probability", "soft", lambda p, t: F.binary_cross_entropy(p, t, weight=w), {}, {"weight": "weight"})
    yield case("bce_logits", "logits", "soft", F.binary_cross_entropy_with_logits)
    yield case(
        "bce_logits", "logits", "hard",
        lambda x, t: F.binary_cross_entropy_with_logits(x, t, pos_weight=c, reduction="sum"),
        {"pos_weight": "class", "reduction": "sum"},
    )
    yield case("cce_logits", "logits", "soft", F.cross_entropy)
    yield case(
        "cce_logits", "logits", "soft",
        lambda x, t: F.cross_entropy(x, t, weight=c, label_smoothing=0.1),
        {"class_weight": "class", "label_smoothing": 0.1},
    )
    yield case("scce_logits", "logits", "label", F.cross_entropy)
    yield case("scce_logits", "far", "label", lambda x, t: F.cross_entropy(x, t, reduction="none"), {"reduction": "none"})
    yield case("scce_logits", "logits", "ignored", F.cross_entropy)
    yield case(
        "scce_logits", "logits", "ignored",
        lambda x, t: F.cross_entropy(x, t, weight=c, label_smoothing=0.1),
        {"class_weight": "class", "label_smoothing": 0.1},
    )
    yield case(
        "scce_logits", "logits", "label",
        lambda x, t: F.cross_entropy(x, t, weight=c, reduction="none"),
        {"class_weight": "class", "reduction": "none"},
    )
    yield case("scce", "distribution", "ignored", nll)
    yield case("scce", "distribution", "label", lambda p, t: nll(p, t, weight=c), {"class_weight": "class"})
    yield case("mse", "real", "logits", F.mse_loss)
    yield case("mae", "real", "logits", F.l1_loss)
    # By the sum of the weights, but for Huber's.
    for loss, call in [("mse", F.mse_loss), ("mae", F.l1_loss), ("huber", F.huber_loss)]:
        yield case(loss, "real", "logits", lambda x, t, call=call: call(x, t, weight=w), {}, {"weight": "weight"})
    yield case("huber", "real", "logits", F.huber_loss)
    yield case("huber", "real", "logits", lambda x, t: F.huber_loss(x, t, delta=0.5), {"delta": 0.5})
    yield case("smooth_l1", "real", "logits", F.smooth_l1_loss)
    yield case("smooth_l1", "real", "logits", lambda x, t: F.smooth_l1_loss(x, t, beta=2.0, reduction="sum"), {"beta": 2, "reduction": "sum"})
    yield case("poisson_nll", "real", "count", F.poisson_nll_loss)
    yield case(
        "poisson_nll", "rate", "count",
        lambda x, t: F.poisson_nll_loss(x, t, log_input=False, full=True),
        {"log_input": False, "full": True},
    )
    yield case("gaussian_nll", "real", "logits", lambda x, t: F.gaussian_nll_loss(x, t, tensor("variance")), {}, {"variance": "variance"})
    yield case("kl_div", "log", "soft", F.kl_div)
    yield case("kl_div", "log", "soft", lambda x, t: F.kl_div(x, t, reduction="batchmean"), {"reduction": "batchmean"})
    # torchvision's defaults.
    yield case("focal_logits", "logits", "hard", sigmoid_focal_loss)
    yield case("focal_logits", "far", "hard", lambda x, t: sigmoid_focal_loss(x, t, alpha=-1, reduction="mean"), {"alpha": -1, "reduction": "mean"})
    yield case("kl_div", "log", "log", lambda x, t: F.kl_div(x, t, reduction="sum", log_target=True), {"log_target": True, "reduction": "sum"})


def keras_cases():
    L = keras.losses
    inputs.update(deep)

    def case(loss, prediction, target, call, params=None, options=None, weight=None, mask=None):
        # Each is reduced to a number: Keras's own reduction, sum_over_batch_size.
        x = tensor(prediction, grad=True)
        if mask is not None:
            # As layers hand it on.
            keras.src.backend.set_keras_mask(x, torch.tensor(inputs[mask]))
        value = call(inputs[target], x, sample_weight=None if weight is None else inputs[weight])
        value.backward()
        return {
            "loss": loss,
            "params": params or {},
            "options": ({"sampleWeight": weight} if weight else {}) | ({"mask": mask} if mask else {}) | (options or {}),
            "prediction": prediction,
            "target": target,
            "value": value.item(),
            "gradient": x.grad.numpy().tolist(),
        }

    for weight in [None, "row"]:
        yield case("bce", "probability", "hard", L.BinaryCrossentropy(), weight=weight)
        yield case("bce_logits", "logits", "hard", L.BinaryCrossentropy(from_logits=True), weight=weight)
        yield case("mse", "real", "logits", L.MeanSquaredError(), weight=weight)
        yield case("mae", "real", "logits", L.MeanAbsoluteError(), weight=weight)
        yield case("huber", "real", "logits", L.Huber(), weight=weight)
        yield case("huber", "real", "logits", L.Huber(delta=0.5), {"delta": 0.5}, weight=weight)
        yield case("log_cosh", "real", "logits", L.LogCosh(), weight=weight)
        yield case("mape", "real", "logits", L.MeanAbsolutePercentageError(), weight=weight)
        yield case("msle", "rate", "count", L.MeanSquaredLogarithmicError(), weight=weight)
        yield case("hinge", "real", "sign", L.Hinge(), weight=weight)
        yield case("squared_hinge", "real", "sign", L.SquaredHinge(), weight=weight)
        yield case("categorical_hinge", "real", "soft", L.CategoricalHinge(), weight=weight)
        yield case("poisson_nll", "rate", "count", L.Poisson(), weight=weight)
        yield case("cosine", "real", "logits", L.CosineSimilarity(), weight=weight)
        yield case("cce", "loose", "soft", L.CategoricalCrossentropy(), weight=weight)
        yield case("cce_logits", "logits", "soft", L.CategoricalCrossentropy(from_logits=True), weight=weight)
        yield case("scce", "loose", "label", L.SparseCategoricalCrossentropy(), weight=weight)
        yield case("scce_logits", "logits", "label", L.SparseCategoricalCrossentropy(from_logits=True), weight=weight)
        yield case("focal", "probability", "hard", L.BinaryFocalCrossentropy(), weight=weight)
        yield case("focal", "probability", "hard", L.BinaryFocalCrossentropy(gamma=3), {"gamma": 3}, weight=weight)
        yield case("categorical_focal_keras", "loose", "soft", L.CategoricalFocalCrossentropy(), weight=weight)
    yield case("bce", "ends", "hard", L.BinaryCrossentropy())
    yield case("focal", "ends", "hard", L.BinaryFocalCrossentropy())
    yield case("focal", "ends", "soft", L.BinaryFocalCrossentropy(gamma=3), {"gamma": 3})
    yield case("bce", "probability", "hard", L.BinaryCrossentropy(label_smoothing=0.1), {"label_smoothing": 0.1})
    yield case("cce", "ends", "soft", L.CategoricalCrossentropy())
    yield case("cce", "loose", "soft", L.CategoricalCrossentropy(label_smoothing=0.1), {"label_smoothing": 0.1})
    yield case(
        "focal", "probability", "hard",
        L.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.25), {"alpha": 0.25},
    )
    yield case(
        "categorical_focal_keras", "logits", "soft",
        L.CategoricalFocalCrossentropy(from_logits=True, alpha=[0.5, 2.0, 1.25]),
        {"from_logits": True, "alpha": "class"},
    )
    yield case("mse", "real", "logits", L.MeanSquaredError(reduction="mean_with_sample_weight"), {"reduction": "mean_with_sample_weight"}, weight="row")
    yield case("mse", "real", "logits", L.MeanSquaredError(reduction="sum"), {"reduction": "sum"}, weight="row")
    yield case("mse", "real", "logits", L.MeanSquaredError(reduction="sum"), {"reduction": "sum"})
    yield case("bce", "probability", "hard", L.BinaryCrossentropy(reduction="sum"), {"reduction": "sum"})
    yield case("scce", "loose", "label", L.SparseCategoricalCrossentropy(reduction="sum"), {"reduction": "sum"})
    yield case(
        "scce_logits", "logits", "ignored",
        L.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100), {"ignore_index": -100},
    )
    yield case(
        "scce_logits", "logits", "ignored",
        L.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100), {"ignore_index": -100}, weight="row",
    )
    # Nothing is ignored, and 1e-7 added to the rows all the same.
    yield case("scce", "loose", "label", L.SparseCategoricalCrossentropy(ignore_class=-100), {"ignore_index": -100})
    for reduction in ["sum_over_batch_size", "mean_with_sample_weight", "sum"]:
        params = {"reduction": reduction}
        ignoring = params | {"ignore_index": -1}
        mse = L.MeanSquaredError(reduction=reduction)
        scce = L.SparseCategoricalCrossentropy(from_logits=True, reduction=reduction)
        ignoring_scce = L.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1, reduction=reduction)
        yield case("mse", "real", "logits", mse, params, mask="row_mask")
        yield case("mse", "real", "logits", mse, params, weight="row", mask="row_mask")
        for weight in [None, "rows_weight", "steps_weight"]:
            yield case("mse", "steps", "steps_real", mse, params, weight=weight)
            yield case("scce_logits", "steps", "steps_label", scce, params, weight=weight)
        # With a mask, or labels ignored, Keras takes no weights of whole rows.
        for weight in [None, "steps_weight"]:
            yield case("mse", "steps", "steps_real", mse, params, weight=weight, mask="steps_mask")
            yield case("scce_logits", "steps", "steps_ignored", ignoring_scce, ignoring, weight=weight)
        # One figure, times weights.
        for weight, mask in [("row", None), (None, "row_mask"), ("row", "row_mask")]:
            yield case("dice", "probability", "hard", L.Dice(reduction=reduction), params, weight=weight, mask=mask)
            yield case("tversky", "probability", "hard", L.Tversky(reduction=reduction), params, weight=weight, mask=mask)
        for weight in [None, "row"]:
            yield case("dice", "steps_share", "steps_hard", L.Dice(reduction=reduction), params, weight=weight)
    for loss, made in [("hinge", L.Hinge()), ("squared_hinge", L.SquaredHinge())]:
        for weight in [None, "row"]:
            yield case(loss, "real", "hard", made, weight=weight)
    smooth = {"label_smoothing": 0.1}
    yield case("focal", "probability", "hard", L.BinaryFocalCrossentropy(**smooth), smooth)
    yield case("focal", "ends", "soft", L.BinaryFocalCrossentropy(**smooth, apply_class_balancing=True, alpha=0.25), smooth | {"alpha": 0.25})
    yield case("categorical_focal_keras", "loose", "soft", L.CategoricalFocalCrossentropy(**smooth), smooth)
    yield case("categorical_focal_keras", "logits", "soft", L.CategoricalFocalCrossentropy(**smooth, from_logits=True), smooth | {"from_logits": True})
    yield case("dice", "probability", "hard", L.Dice())
    yield case("tversky", "probability", "hard", L.Tversky())
    # Keras reads targets as inputs here: its alpha weighs false negatives.
    yield case("tversky", "probability", "hard", L.Tversky(alpha=0.7, beta=0.3), {"alpha": 0.3, "beta": 0.7})


def keras_tf_cases():
    """What the TensorFlow backend does otherwise: it clips first and divides then."""
    L = keras.losses
    for name in ["loose", "ends"]:
        for loss, target, made in [("cce", "soft", L.CategoricalCrossentropy()), ("scce", "label", L.SparseCategoricalCrossentropy())]:
            value = made(inputs[target], inputs[name])
            yield {"loss": loss, "params": {}, "options": {}, "prediction": name, "target": target, "value": float(value)}


def outcome(call):
    """What a call gives: a number, or the kind of error it raises."""
    try:
        return float(np.asarray(keras.ops.convert_to_numpy(call())).ravel()[0])
    except Exception as error:
        return type(error).__name__


def keras_slope_at_0():
    if on_tensorflow:
        x = tensorflow.Variable([0.0], dtype="float64")
        with tensorflow.GradientTape() as tape:
            value = keras.losses.MeanAbsoluteError()(np.zeros(1), x)
        return tape.gradient(value, x).numpy()[0]
    x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    keras.losses.MeanAbsoluteError()(torch.zeros(1, dtype=torch.float64), x).backward()
    return x.grad[0]


def keras_facts():
    L = keras.losses
    ones = np.ones((1, 3)) / 3
    return {
        "logits_at_minus_40": outcome(lambda: L.BinaryCrossentropy(from_logits=True)(np.array([[0.0]]), np.array([[-40.0]]))),
        "all_ignored": outcome(lambda: L.SparseCategoricalCrossentropy(ignore_class=-1)(np.array([-1]), ones)),
        "label_3_of_3": outcome(lambda: L.SparseCategoricalCrossentropy()(np.array([3]), ones)),
        "slope_of_abs_at_0": outcome(keras_slope_at_0),
        "weighted_by_class": outcome(lambda: L.SparseCategoricalCrossentropy()(np.array([0, 1]), np.array([[0.5, 0.5]] * 2), sample_weight=np.array([1.0, 3.0]))),
        "focal_balances_by_default": inspect.signature(L.BinaryFocalCrossentropy).parameters["apply_class_balancing"].default,
    }


def torch_facts():
    def slope_at_0():
        x = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        F.l1_loss(x, torch.zeros(1, dtype=torch.float64)).backward()
        return x.grad[0]

    logits = torch.zeros((1, 3), dtype=torch.float64)
    focal = inspect.signature(sigmoid_focal_loss).parameters
    return {
        "logits_at_minus_40": outcome(lambda: F.binary_cross_entropy_with_logits(torch.tensor([-40.0], dtype=torch.float64), torch.tensor([0.0], dtype=torch.float64))),
        "all_ignored": outcome(lambda: F.cross_entropy(logits, torch.tensor([-100]))),
        "label_3_of_3": outcome(lambda: F.cross_entropy(logits, torch.tensor([3]))),
        "slope_of_abs_at_0": outcome(slope_at_0),
        "weighted_by_class": outcome(lambda: F.cross_entropy(torch.zeros((2, 2), dtype=torch.float64), torch.tensor([0, 1]), weight=torch.tensor([1.0, 3.0], dtype=torch.float64))),
        "ignore_index_by_default": inspect.signature(F.cross_entropy).parameters["ignore_index"].default,
        "focal_by_default": {name: focal[name].default for name in ["alpha", "gamma", "reduction"]},
    }


def write(library, version, cases, facts):
    cases = list(cases)
    text = {name: values.tolist() for name, values in inputs.items()}
    facts = {name: "NaN" if fact != fact else fact for name, fact in facts.items()}
    document = {"library": library, "version": version, "inputs": text, "facts": facts, "cases": cases}
    (OUT / f"{library}.json").write_text(json.dumps(document, indent=1) + "\n")


if on_tensorflow:
    write("keras_tf", f"{keras.__version__}, tensorflow {tensorflow.__version__}", keras_tf_cases(), keras_facts())
else:
    write("torch", torch.__version__.split("+")[0], torch_cases(), torch_facts())
    write("keras", keras.__version__, keras_cases(), keras_facts())
