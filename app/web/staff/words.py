"""What the staff read on every page of theirs: these pages are in French alone."""

from __future__ import annotations

from app.faq.imports import words as imports
from app.staff.person import Role

SPACE = "Espace de l'équipe"
LOGOUT = "Déconnexion"
MENU = "Menu"
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
    "Votre session est terminée : rien n'a été enregistré. Connectez-vous : vous reviendrez à la "
    "page où vous étiez."
)
SENT = "Ce que vous aviez écrit"
SENT_HOW = "Copiez-le : il n'est gardé nulle part ailleurs que sur cette page."
SENT_CITATIONS = (
    "Les citations que vous veniez d'ajouter ne sont pas gardées : choisissez-les de nouveau."
)
FORMULATIONS = "Autres formulations"
GROUP, FORMULATION = "groupe", "formulation"  # the parts of an address that add some to an entry
# What people write in forms, as its page calls it
FIELDS = {
    "question": "Question",
    "variantes": FORMULATIONS,
    "theme": "Thème",
    "reponse": "Réponse",
    "pourquoi": "Ce que vous avez changé, ou pourquoi",
    "commentaire": "Votre commentaire",
    "texte": "Note",
}
LOG_IN = "Se connecter"
GO_ON = "Continuer"
GOING_ON = "Ouverture de la page…"

# Where nobody can log in yet
CLOSED = "L'espace de l'équipe n'est pas ouvert"
CLOSED_HOW = (
    "Il n'y a encore aucun compte. Sur la machine du serveur, lancez la commande ci-dessous ; le "
    "mot de passe sera demandé."
)
CLOSED_RESTART = "Redémarrez ensuite « chartiste serve »."
CLOSED_RELOAD = "Rechargez ensuite cette page."
FIRST_ACCOUNT = 'chartiste staff add "Prénom Nom" --role validator'

# Logging in
LOGIN = "Connexion"
NAME = "Nom du compte"
PASSWORD = "Mot de passe"
ERROR = "Erreur : "
WRONG = "Ce nom et ce mot de passe ne vont pas ensemble, ou le compte est fermé."
TOO_MANY = (
    "Trop d'essais : réessayez dans {wait}. Le mot de passe de cet essai n'a pas été regardé."
)
BUSY = "Trop de personnes se connectent à la fois : réessayez dans quelques secondes."
NO_COOKIE = (
    "Votre navigateur n'a pas renvoyé le cookie de cette page : acceptez les cookies de ce site, "
    "puis recommencez."
)
OPEN_HTTP = (
    "La connexion n'est pas protégée : ouvrez cette page en https (ou, pour essayer sur la machine "
    "du serveur, à l'adresse http://localhost). Rien n'a été vérifié."
)
SSO = "Se connecter avec l'authentification unique"
SSO_OR = "Ou"
SSO_LOST = (
    "Cette connexion n'a pas été commencée dans ce navigateur, ou l'a été il y a trop longtemps : "
    "recommencez."
)
SSO_REFUSED = "L'authentification unique n'a pas abouti : recommencez, ou voyez qui la tient."
SSO_ORIGIN = "Votre navigateur ne dit pas d'où vient cette demande : essayez avec un autre."
UNKNOWN = "Aucun compte ne vous correspond"
UNKNOWN_HOW = (
    "L'authentification unique vous a reconnu, mais aucun compte ouvert n'a votre identité. "
    "Transmettez cette ligne à la personne qui tient le serveur, avec votre nom :"
)
DONE = {
    "sortie": "Vous êtes déconnecté.",
    "partout": "Toutes les sessions de votre compte sont fermées.",
    "mot-de-passe": "Votre mot de passe est changé : connectez-vous avec le nouveau.",
}

# One's own account
ROLE = "Rôle"
SESSIONS = "Sessions"
SESSIONS_HOW = (
    "Une session se ferme après deux heures sans page, et après douze heures dans tous les cas."
)
EVERYWHERE = "Fermer toutes mes sessions"
CHANGE = "Changer le mot de passe"
CHANGE_HOW = "12 caractères au moins. Toutes vos sessions seront fermées, celle-ci comprise."
CURRENT = "Mot de passe actuel"
NEW = "Nouveau mot de passe"
AGAIN = "Nouveau mot de passe, une seconde fois"
WRONG_CURRENT = "Ce n'est pas votre mot de passe actuel."
NOT_TWICE = "Les deux nouveaux mots de passe ne sont pas les mêmes."
NO_PASSWORD = "Votre compte se connecte par l'authentification unique : il n'a pas de mot de passe."


def wait_of(seconds: int) -> str:
    """« 40 secondes », « 3 minutes »."""
    if seconds < 100:
        return f"{seconds} seconde{'s' if seconds > 1 else ''}"
    minutes = -(-seconds // 60)
    return f"{minutes} minutes"


# The FAQ as files
EXCHANGE = "Exporter, importer"
EXPORT = "Exporter"
EXPORT_HOW = "Les fiches dans un fichier, avec leurs sources et qui les a validées."
RETURNS = "Un fichier {formats} peut être réimporté ici. Les autres formats ne sont pas relus."
FORMAT = "Format"
WHICH = "Fiches"
DOWNLOAD = "Télécharger"
IMPORT = "Importer"
IMPORT_HOW = (
    "Chaque question du fichier devient un brouillon. L'assistant cherche dans les sources ce qui "
    "appuie sa réponse et propose des citations ; ce qu'il ne trouve pas est signalé sur la fiche. "
    "Une question qui a déjà sa fiche n'est pas importée deux fois."
)
FILE = "Fichier"
FILE_HOW = (
    "Un tableau (.csv, avec les colonnes « question » et « réponse »), du Markdown (.md, un titre "
    "par question) ou la page d'une FAQ enregistrée (.html) ; 2 Mo au plus."
)
ACCEPTED = ".csv,.tsv,.txt,.md,.markdown,.html,.htm"
TRIAL = "Essai : dire ce qui serait fait, sans rien enregistrer"
UPDATE = (
    "Mettre à jour les fiches qui existent déjà (une fiche publiée dont le texte change passe à "
    "revoir)"
)
NO_FILE = "Choisissez un fichier."
LARGE_FILE = (
    "« {name} » fait {size} Mo, et 2 Mo au plus sont pris : partagez ce fichier, ou demandez à la "
    "personne qui tient le serveur de lancer « chartiste faq import »."
)
NO_FORMAT = "Choisissez un format et des sortes de fiches qui existent."
NO_STATUS = "Cochez au moins une sorte de fiches à exporter."
NOT_FOUND = "Introuvable"
NO_IMPORT = "Cet import n'existe pas, ou n'est plus gardé : les fiches qu'il a faites le sont."
IMPORTING = "Import en cours"
DONE_SO_FAR = "Questions importées :"
REFRESH = "Actualiser"
GOES_ON = "L'import continue si vous quittez cette page."
IMPORTED = "Import terminé"
ANOTHER_FILE = "Revenir à l'export et à l'import"
TRIED = {"created": "Brouillons qui seraient créés", "updated": "Fiches qui seraient mises à jour"}
RESULTS = {
    "created": "Brouillons créés",
    "updated": "Fiches mises à jour",
    "same": "Fiches identiques",
    "skipped": "Questions laissées de côté",
    "bad": imports.BAD,
}
SUPPORTED = "Dont chaque phrase est appuyée par une citation"
SAME = "Identiques"
UNCITED = "Sans citation : choisissez-en sur la fiche"
AND_MORE = "Et {count} de plus."
