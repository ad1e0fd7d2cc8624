"""The few probability functions the figures need. scipy loads at first use: most pages never need it."""

from statistics import NormalDist
from types import ModuleType

from backtolife.reporting.analysis.basics.refusals import NotInstalled


def special() -> ModuleType:
    """scipy's special functions. Raises NotInstalled without the extra."""
    try:
        import scipy.special
    except ImportError as missing:
        message = "Install the statistics extra to see these figures: pip install 'backtolife[statistics]'."
        raise NotInstalled(message) from missing
    found: ModuleType = scipy.special
    return found


def normal_quantile(probability: float) -> float:
    """The standard normal value with `probability` below it."""
    return NormalDist().inv_cdf(probability)


def t_quantile(probability: float, freedom: float) -> float:
    """Student's t with `freedom` degrees of freedom (above 0; need not be whole) with `probability` below it."""
    return float(special().stdtrit(freedom, probability))


def noncentrality(statistic: float, freedom: float, below: float) -> float:
    """The non-centrality under which a t of `freedom` falls below `statistic` with probability `below`."""
    return float(special().nctdtrinc(freedom, below, statistic))


def binomial_at_most(count: int, n: int, share: float) -> float:
    """The chance of `count` or fewer of `n` when each happens with probability `share`."""
    return 0.0 if count < 0 else 1.0 if count >= n else float(special().bdtr(count, n, share))


def poisson_at_most(count: int, expected: float) -> float:
    """The chance of `count` or fewer where `expected` are expected."""
    return 0.0 if count < 0 else float(special().pdtr(count, expected))


def poisson_at_least(count: int, expected: float) -> float:
    """The chance of `count` or more where `expected` are expected."""
    return 1.0 if count <= 0 else float(special().pdtrc(count - 1, expected))
