"""The product's settings with one address more: the bare page that the others are measured against."""

from config.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "bench.urls"
