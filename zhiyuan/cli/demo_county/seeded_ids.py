"""Public ids drawn from the seed, so that a county made twice has the same addresses. For a demo only."""

from random import Random

from zhiyuan.domain.foundation.ids import ALPHABET

_PAIRS = tuple(a + b for a in ALPHABET for b in ALPHABET)


class Ids:
    """As `random_id`, of an even length; each is drawn once."""

    def __init__(self, rng: Random) -> None:
        self._bits = rng.getrandbits
        self._drawn: set[str] = set()

    def public(self) -> str:
        return self.of(16)

    def capability(self) -> str:
        return self.of(26)

    def of(self, length: int) -> str:
        bits = self._bits(5 * length)
        drawn = "".join([_PAIRS[bits >> shift & 1023] for shift in range(0, 5 * length, 10)])
        if drawn in self._drawn:
            return self.of(length)
        self._drawn.add(drawn)
        return drawn
