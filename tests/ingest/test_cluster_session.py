"""What a person is told where Ray is missing or does not answer; with Ray: ``test_cluster.py``."""

from __future__ import annotations

import os
import sys
from types import ModuleType, SimpleNamespace

import pytest

from ingest.cluster.crew import Cluster
from ingest.cluster.session import session, stopped
from ingest.errors import ClusterError
from tests.fakes import FakeModel


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a session sets for Ray ends with the test."""
    monkeypatch.setattr(os, "environ", dict(os.environ))


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A Ray that is not connected, and fails to be."""

    def init(**options: object) -> None:
        raise ConnectionError(str(options["address"]))

    module, data = ModuleType("ray"), ModuleType("ray.data")
    module.init, module.is_initialized, module.data = init, lambda: False, data  # type: ignore[attr-defined]
    context = SimpleNamespace(enable_progress_bars=True)
    data.DataContext = SimpleNamespace(get_current=lambda: context)  # type: ignore[attr-defined]
    for name, part in (("ray", module), ("ray.data", data)):
        monkeypatch.setitem(sys.modules, name, part)
    return module


def test_where_ray_is_missing_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ClusterError, match=r"pip install 'chartiste\[ray\]'"), Cluster(FakeModel):
        pass


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1:9", "ConnectionRefusedError"),
        ("ray://127.0.0.1:9", "ConnectionRefusedError"),
        ("un:deux", "ValueError"),
        ("auto", "ConnectionError"),
    ],
)
def test_a_cluster_that_does_not_answer_is_named(ray: ModuleType, address: str, why: str) -> None:
    os.environ["RAY_ADDRESS"] = address
    with pytest.raises(ClusterError) as error, session():
        pass
    assert str(error.value) == (
        f"Le cluster Ray de RAY_ADDRESS (« {address} ») ne répond pas ({why})."
    )


def test_a_cluster_that_is_connected_already_stays_so(ray: ModuleType) -> None:
    ray.is_initialized = lambda: True  # type: ignore[attr-defined]
    with session() as found:
        assert found is ray  # it has no shutdown: to call one would fail


def test_ray_is_told_to_tell_nothing_before_it_is_imported(ray: ModuleType) -> None:
    ray.is_initialized = lambda: True  # type: ignore[attr-defined]
    with session():
        assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
        assert os.environ["RAY_AUTH_MODE"] == "token"
        assert len(os.environ["RAY_AUTH_TOKEN"]) == 64


def test_the_cluster_that_is_joined_keeps_its_own_keys(ray: ModuleType) -> None:
    os.environ["RAY_ADDRESS"] = "auto"
    ray.is_initialized = lambda: True  # type: ignore[attr-defined]
    with session():
        assert "RAY_AUTH_TOKEN" not in os.environ


def test_work_that_stopped_is_said_with_what_to_do() -> None:
    assert str(stopped(MemoryError())) == (
        "Le travail que Ray répartit s'est arrêté (MemoryError). Les vecteurs déjà calculés sont "
        "gardés : relancez la même commande."
    )
