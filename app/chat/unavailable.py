"""Why the language model gives no answer, or not to its end. The citizen gets the quoted one."""

from __future__ import annotations

from typing import Literal, get_args

from ingest.errors import ModelError

Reason = Literal[
    "open", "busy", "budget", "refused", "dns", "tls", "timeout", "auth", "missing", "rejected",
    "rate", "server", "cut", "nonsense", "endless",
]  # fmt: skip
REASONS: tuple[Reason, ...] = get_args(Reason)

# What is worth asking again at once, and what says nothing of the server's health.
PASSING: frozenset[Reason] = frozenset({"refused", "dns", "rate", "server", "cut"})
OURS: frozenset[Reason] = frozenset({"open", "busy", "budget", "rejected"})

_SAID: dict[Reason, str] = {
    "open": (
        "Le modèle de langue vient d'échouer plusieurs fois : il est laissé au repos un moment."
    ),
    "busy": "Le modèle de langue est déjà occupé par d'autres questions.",
    "budget": (
        "Le budget du jour est atteint, ou son compte ne peut pas être tenu dans le dossier de "
        "l'index : voyez CHARTISTE_MODEL_DAILY_TOKENS."
    ),
    "refused": (
        "Le serveur du modèle de langue est injoignable : vérifiez qu'il est démarré, et son "
        "adresse dans CHARTISTE_MODEL_URL."
    ),
    "dns": (
        "Le nom du serveur du modèle de langue n'existe pas : vérifiez CHARTISTE_MODEL_URL, et "
        "l'accès au réseau."
    ),
    "tls": (
        "La connexion sécurisée au serveur du modèle de langue échoue : vérifiez son certificat, "
        "et si CHARTISTE_MODEL_URL commence par http:// ou https://."
    ),
    "timeout": (
        "Le modèle de langue n'a pas répondu à temps : prenez-en un plus rapide, ou augmentez "
        "CHARTISTE_MODEL_FIRST_TOKEN_SECONDS et CHARTISTE_MODEL_SECONDS."
    ),
    "auth": "Le serveur du modèle de langue refuse l'accès : vérifiez CHARTISTE_MODEL_KEY.",
    "missing": (
        "Le serveur ne connaît pas ce modèle de langue, ou pas cette adresse : vérifiez "
        "CHARTISTE_MODEL et CHARTISTE_MODEL_URL (l'adresse finit souvent par « /v1 »)."
    ),
    "rejected": (
        "Le serveur du modèle de langue refuse la demande : vérifiez CHARTISTE_MODEL_URL, et que "
        "ce modèle converse et lit des textes de 10 000 caractères."
    ),
    "rate": (
        "Le serveur du modèle de langue reçoit trop de demandes, ou votre quota est épuisé : "
        "attendez, ou changez d'offre."
    ),
    "server": "Le serveur du modèle de langue est en panne : consultez son journal.",
    "cut": "Le modèle de langue a été coupé avant la fin de sa réponse.",
    "nonsense": (
        "Le serveur du modèle de langue répond autre chose que du texte : vérifiez dans "
        "CHARTISTE_MODEL_URL que c'est un serveur compatible (l'adresse finit souvent par « /v1 »)."
    ),
    "endless": "Le modèle de langue n'en finissait pas : sa réponse a été arrêtée.",
}  # fmt: skip


class ModelUnavailable(ModelError):
    """The language model does not answer, for a ``reason``; the quoted answer takes its place.

    ``status`` is the HTTP status that said so, ``wait`` the seconds that the server asks for before
    it is asked again. It carries no word of the prompt, of the key or of the server.
    """

    def __init__(
        self, reason: Reason, *, status: int | None = None, wait: float | None = None
    ) -> None:
        said = _SAID[reason]
        super().__init__(said if status is None else f"{said[:-1]} ({status}).")
        self.reason: Reason = reason
        self.status = status
        self.wait = wait
