"""Values given as how often each occurs: scores are few different ones, so thousands of people add up in a few steps.

Every figure is the same, to its last digit, as one value after the other would give.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain, repeat

from backtolife.reporting.analysis.basics.basis import Pair

Counted = Mapping[float, int]


def total(counted: Counted) -> int:
    """How many values there are."""
    return sum(counted.values())


def exact_sum(terms: Iterable[tuple[float, int]]) -> float:
    """The sum of terms, each as often as it occurs, rounded once."""
    return math.fsum(chain.from_iterable(repeat(term, times) for term, times in terms))


def mean(counted: Counted) -> float:
    """The mean of one value or more."""
    return exact_sum(counted.items()) / total(counted)


def spread(counted: Counted) -> float:
    """The sample standard deviation of two values or more, from sums in whole numbers: nothing is lost on the way."""
    ratios = [(*value.as_integer_ratio(), times) for value, times in counted.items()]
    unit = math.lcm(*(below for _, below, _ in ratios))
    whole = [(above * (unit // below), times) for above, below, times in ratios]
    n = total(counted)
    first, second = sum(each * times for each, times in whole), sum(each * each * times for each, times in whole)
    return math.sqrt((n * second - first * first) / (n * (n - 1) * unit * unit))


def correlation(pairs: Mapping[Pair, int]) -> float | None:
    """How two values of one person go together, -1 to 1; None where one of them does not vary."""
    ones, twos = sides(pairs)
    if len(ones) == 1 or len(twos) == 1:
        return None
    one, two = mean(ones), mean(twos)
    both = exact_sum(((before - one) * (after - two), times) for (before, after), times in pairs.items())
    firsts = exact_sum(((value - one) ** 2, times) for value, times in ones.items())
    seconds = exact_sum(((value - two) ** 2, times) for value, times in twos.items())
    return both / math.sqrt(firsts * seconds)


def sides(pairs: Mapping[Pair, int]) -> tuple[Counter[float], Counter[float]]:
    """The first values and the second ones, each counted."""
    ones: Counter[float] = Counter()
    twos: Counter[float] = Counter()
    for (before, after), times in pairs.items():
        ones[before] += times
        twos[after] += times
    return ones, twos
