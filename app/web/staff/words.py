"""What the staff read on every page of theirs: these pages are in French alone."""

from __future__ import annotations

from app.staff.person import Role

SPACE = "Espace de l'équipe"
LOGOUT = "Déconnexion"
ACCOUNT = "Mon compte"
ROLES: dict[Role, str] = {"redactor": "rédaction", "validator": "validation"}

# What the gate says
REFUSED = "Accès refusé"
NOT_ALLOWED = (
    "Votre rôle ne permet pas cette action : elle est réservée à la validation. Demandez-la à une "
    "personne qui valide."
)
FOREIGN = (
    "Cette demande ne vient pas d'une page de cet espace : ouvrez la page et recommencez depuis "
    "elle."
)
STALE = (
    "Cette page a été ouverte pendant une autre session : rechargez-la, puis recommencez. Rien n'a "
    "été enregistré."
)
UNREADABLE = "Le formulaire ne peut pas être lu : revenez en arrière et recommencez."
ENDED = "Session terminée"
ENDED_HOW = (
    "Votre session est terminée : rien n'a été enregistré. Connectez-vous, puis recommencez."
)
SENT = "Ce que vous aviez écrit"
LOG_IN = "Se connecter"
GO_ON = "Continuer"
GOING_ON = "Ouverture de la page…"

# Where nobody can log in yet
CLOSED = "L'espace de l'équipe n'est pas ouvert"
CLOSED_HOW = (
    "Il n'y a encore aucun compte. Sur la machine du serveur, lancez la commande ci-dessous, puis "
    "redémarrez « chartiste serve »."
)
FIRST_ACCOUNT = 'chartiste staff add "Prénom Nom" --role validator'
