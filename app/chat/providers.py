"""LangChain's chat models enter here and nowhere else.

The address of the settings is all that is contacted: no redirect is followed, no variable of the
providers' own is read, and the proxy of the environment is left aside for a server near by.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.chat.choice import ModelSettings
from app.chat.line import hooks
from ingest.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_NO_KEY = "none"
_EXTRAS = {"openai": "openai", "mistralai": "mistral", "ollama": "ollama"}
# Ollama's own default would silently drop the beginning of the prompt.
_OLLAMA_CONTEXT = 8_192  # tokens
_OLLAMA_KEPT = "30m"  # in memory after a question


def chat_model(chosen: ModelSettings) -> BaseChatModel:
    """The model of the settings, of which nothing is asked yet.

    Raises:
        ModelError: the provider's package is missing, or does not take these settings.
    """
    from langchain.chat_models import init_chat_model

    build = _OPTIONS[chosen.provider]
    try:
        model: BaseChatModel = init_chat_model(
            chosen.name, model_provider=chosen.provider, temperature=0, **build(chosen)
        )
    except ImportError as error:
        raise ModelError(
            f"Ce qu'il faut pour « {chosen.provider}: » n'est pas installé : "
            f"pip install 'chartiste[{_EXTRAS[chosen.provider]}]'."
        ) from error
    except Exception as error:
        # Without its cause, which may show the key.
        raise ModelError(
            f"Le modèle « {chosen.model} » ne peut pas être préparé ({type(error).__name__}) : "
            "vérifiez CHARTISTE_MODEL et CHARTISTE_MODEL_URL."
        ) from None
    return model


def _openai(chosen: ModelSettings) -> dict[str, Any]:
    from openai import DefaultHttpxClient
    from pydantic import SecretStr

    most = chosen.model_output_tokens
    return {
        # What OpenAI calls max_completion_tokens, other servers know by its first name alone.
        **({"extra_body": {"max_tokens": most}} if chosen.model_url else {"max_tokens": most}),
        "api_key": SecretStr(_NO_KEY),  # the hooks put the true one
        "base_url": chosen.address,
        "http_client": DefaultHttpxClient(**_client(chosen)),
        "http_socket_options": (),
        "max_retries": 0,
        "openai_proxy": None,
        "stream_usage": True,
        "timeout": chosen.model_seconds,
        "use_responses_api": False,
    }


def _mistral(chosen: ModelSettings) -> dict[str, Any]:
    import httpx
    from pydantic import SecretStr

    return {
        "api_key": SecretStr(_NO_KEY),
        "base_url": chosen.address,
        "client": httpx.Client(base_url=chosen.address, **_client(chosen)),
        "max_retries": 1,
        "max_tokens": chosen.model_output_tokens,
    }


def _ollama(chosen: ModelSettings) -> dict[str, Any]:
    return {
        "base_url": chosen.address,
        "keep_alive": _OLLAMA_KEPT,
        "num_ctx": _OLLAMA_CONTEXT,
        "num_predict": chosen.model_output_tokens,
        "reasoning": False,
        "sync_client_kwargs": _client(chosen),
    }


_OPTIONS: dict[str, Callable[[ModelSettings], dict[str, Any]]] = {
    "openai": _openai,
    "mistralai": _mistral,
    "ollama": _ollama,
}


def _client(chosen: ModelSettings) -> dict[str, Any]:
    return {
        "event_hooks": hooks(chosen.model_key),
        "follow_redirects": False,
        "trust_env": not is_near(chosen.address),
    }


def is_near(address: str) -> bool:
    """Whether the server is on this machine or its network, where a proxy leads astray."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
