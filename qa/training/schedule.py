"""The learning rate over a training."""


def rate_at(step: int, progress: float, warm_up: int) -> float:
    """Return the share of the full learning rate: a linear rise, and a linear fall to 0.

    Args:
        step: Steps done.
        progress: Share of the training that is done.
        warm_up: Steps of the rise.
    """
    return min((step + 1) / warm_up, max(0.0, 1 - progress))
