"""Tests of the networks' rules and adapters."""

import pytest

pytest.register_assert_rewrite("tests.networks.contract", "tests.networks.rules_contract")
