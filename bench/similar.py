"""How long it takes to find a near-duplicate among many texts, by the index and by comparing with all in the same run.

`python -m bench.similar [--texts 10000] [--asked 60] [--json]`. Uses a database of its own in a temporary folder; the
index is asked as the scheduler asks it, through the database. The comparison with all holds every text's shingles in
memory already, which is the best case for it. Half of what is asked is a planted near-duplicate, half is new.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a model can be imported only once Django is set up
    from scheduler.models import Channel

WORDS = 3000
CHANNELS = 50


def main() -> int:
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="chorus-bench-") as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "CHORUS_DATA": folder, "CHORUS_TESTING": "1"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        told = measure(asked.texts, asked.asked, asked.seed)
    print(json.dumps(told) if asked.json else _lines(told))
    return 0 if told["index"]["missed"] == 0 and told["speed-up"] > 1 else 1


def measure(texts: int, questions: int, seed: int) -> dict[str, Any]:
    """The numbers of one run, in milliseconds."""
    random.seed(seed)
    from scheduler.services.signature import ALIKE, plain_words, shingles

    vocabulary = [_word() for _ in range(WORDS)]
    said = [_text(vocabulary) for _ in range(texts)]
    building = time.perf_counter()
    channel = _fill(said)
    built = time.perf_counter() - building
    known = [shingles(plain_words(text)) for text in said]
    planted = [_altered(random.choice(said), vocabulary) for _ in range(questions // 2)]
    fresh = [_text(vocabulary) for _ in range(questions - questions // 2)]

    def by_all(text: str) -> bool:
        mine = shingles(plain_words(text))
        return max(len(mine & one) / len(mine | one) for one in known) >= ALIKE

    def by_index(text: str) -> bool:
        from scheduler.services import similar

        return similar.nearest(channel, "en", text) is not None

    index, everything = _asked(by_index, planted + fresh), _asked(by_all, planted + fresh)
    missed = sum(right and not found for right, found in zip(everything[1], index[1], strict=True))
    return {
        "texts": texts,
        "asked": questions,
        "built_ms_each": round(built / texts * 1000, 3),
        "index": {**_times(index[0]), "found": sum(index[1]), "missed": missed},
        "all_pairs": {**_times(everything[0]), "found": sum(everything[1])},
        "speed-up": round(statistics.median(everything[0]) / statistics.median(index[0]), 1),
    }


def _fill(said: list[str]) -> "Channel":
    """Items with these texts on many channels, written in bulk as `remember` writes one; another channel to ask from."""
    from scheduler.models import Channel, ScheduledItem, SimilarBand, SimilarText, Transport
    from scheduler.services.signature import band_keys, plain_words
    from tests import factories

    world = factories.make_world("x", Transport.API)
    channels = [factories.channel(world.organisation, "x", Transport.API) for _ in range(CHANNELS)]
    model = factories.item(world.post, world.channel, state="cancelled")
    items = []
    for number in range(len(said)):
        columns = {field.attname: getattr(model, field.attname) for field in ScheduledItem._meta.concrete_fields}
        columns |= {"id": None, "channel_id": channels[number % CHANNELS].pk, "occurrence": number // CHANNELS + 1}
        items.append(ScheduledItem(**columns | {"state": "scheduled"}))
    made = ScheduledItem.objects.bulk_create(items, batch_size=500)
    plain = [plain_words(text) for text in said]
    rows = [SimilarText(item=one, channel=one.channel, words=words) for one, words in zip(made, plain, strict=True)]
    texts = SimilarText.objects.bulk_create(rows, batch_size=500)
    bands = [SimilarBand(text=text, key=key) for text in texts for key in band_keys(text.words, "en")]
    SimilarBand.objects.bulk_create(bands, batch_size=2000)
    return Channel.objects.get(pk=world.channel.pk)


def _asked(ask: Callable[[str], bool], texts: list[str]) -> tuple[list[float], list[bool]]:
    took, found = [], []
    for text in texts:
        began = time.perf_counter()
        found.append(ask(text))
        took.append((time.perf_counter() - began) * 1000)
    return took, found


def _times(took: list[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {"p50_ms": round(statistics.median(ordered), 3), "p95_ms": round(ordered[int(len(ordered) * 0.95)], 3)}


def _word() -> str:
    return "".join(random.choices("etaoinshrdlucmfwypvbgk", k=random.randint(2, 10)))


def _text(vocabulary: list[str]) -> str:
    return " ".join(random.choices(vocabulary, k=random.randint(20, 40)))


def _altered(text: str, vocabulary: list[str]) -> str:
    """The text with two words of another choice."""
    words = text.split()
    for at in random.sample(range(len(words)), 2):
        words[at] = random.choice(vocabulary)
    return " ".join(words)


def _lines(told: dict[str, object]) -> str:
    return "\n".join(f"{name:>14}  {value}" for name, value in told.items())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--asked", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    sys.exit(main())
