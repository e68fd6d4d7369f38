"""Every sentence a person reads on the pages and in HTTP errors, in French and in English.

The pages are French; English stands beside it for whoever serves another public, and for
readers of the code. ``{…}`` are filled by :func:`filled`; quotations are never in here.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from app import wording
from app.settings import QUESTION_LIMIT

Language = Literal["fr", "en"]


class Text(NamedTuple):
    """One sentence in both languages."""

    fr: str
    en: str

    def said(self, language: str) -> str:
        """The sentence in English when that is asked for, else in French."""
        return self.en if language == "en" else self.fr


def chosen(lang: object) -> Language:
    """The language of a page from its ``?lang=``: English by choice, else French."""
    return "en" if lang == "en" else "fr"


def filled(text: Text, language: str = "fr", **values: object) -> str:
    """The sentence with its ``{names}`` replaced, without any other formatting."""
    shown = text.said(language)
    for name, value in values.items():
        shown = shown.replace("{" + name + "}", str(value))
    return shown


def counted_days(count: int, language: str = "fr") -> str:
    """« 1 jour », « 7 jours »."""
    return filled(DAY if count == 1 else DAYS, language, count=count)


def kept(text: Text, count: int, language: str = "fr") -> str:
    """A sentence about the journal, with its days."""
    return filled(text, language, days=counted_days(count, language))


# The assistant's page
NAME = Text("Chartiste", "Chartiste")
TITLE = Text("Chartiste : questions sur la charte", "Chartiste: questions about the charter")
DESCRIPTION = Text(
    "Posez une question sur la charte et l'alliance : l'assistant répond en citant ses sources.",
    "Ask a question about the charter and the alliance: the assistant answers from its sources.",
)
TAGLINE = Text(
    "Vos questions sur la charte, des réponses qui montrent leurs sources.",
    "Your questions about the charter, answers that show their sources.",
)
SKIP = Text("Aller au contenu", "Skip to content")
SKIP_TO_QUESTION = Text("Aller à la question", "Skip to the question")
WELCOME = Text("Bonjour, que voulez-vous savoir ?", "Hello, what would you like to know?")
AGENCY = Text("Proposé par {agency}", "Offered by {agency}")
AUTOMATIC = Text(
    "Vous échangez avec un système automatique, pas avec une personne.",
    "You are talking with an automatic system, not with a person.",
)
NO_PERSONAL_DATA = Text(
    "N'écrivez aucune donnée personnelle : ni nom, ni adresse, ni information de santé.",
    "Do not enter personal data: no name, no address, no health information.",
)
HOW = Text(
    "Je réponds avec des extraits des sources, cités mot pour mot, et je montre d'où ils viennent.",
    "I answer with extracts of the sources, quoted word for word, and show where they come from.",
)
HOW_WRITTEN = Text(
    "Un modèle de langue rédige les réponses à partir des passages trouvés dans les sources ; "
    "chaque phrase est vérifiée dans le passage qu'elle cite. Sans réponse vérifiée, je cite les "
    "passages mot pour mot.",
    "A language model writes the answers from the passages found in the sources; each sentence is "
    "checked against the passage it cites. Without a checked answer, I quote the passages word "
    "for word.",
)
HONEST = Text(
    "Quand les sources ne disent rien, je le dis et je montre les passages les plus proches. "
    "Je décline ce qui n'est pas de mon rôle, comme un conseil personnel.",
    "When the sources say nothing, I say so and show the nearest passages. "
    "I decline what is not my role, such as personal advice.",
)
HELP = Text("Quand je réponds, quand je m'abstiens", "When I answer, when I do not")
HELP_THRESHOLD = Text(
    "Je réponds quand la probabilité que les sources répondent atteint {threshold} %. Ce seuil est "
    "réglé sur des questions dont elles ne disent rien : au plus {risk} % d'entre elles reçoivent "
    "une réponse.",
    "I answer when the probability that the sources do reaches {threshold} %. This threshold is "
    "set on questions about which they say nothing: at most {risk} % of them get an answer.",
)
HELP_SURE = Text(
    "Entre {threshold} et {sure} %, j'annonce une réponse « possible, à vérifier ». En dessous de "
    "{threshold} %, je montre les passages les plus proches et ce qui semble y manquer, ou je dis "
    "que la question porte sur autre chose.",
    "Between {threshold} and {sure} %, I call the answer possible, to be checked. Below "
    "{threshold} %, I show the nearest passages and what they seem to lack, or say that the "
    "question is about something else.",
)
QUESTION_LABEL = Text("Votre question", "Your question")
QUESTION_PLACEHOLDER = Text("Écrivez ici", "Write here")
SEND = Text("Envoyer", "Send")
RESTART = Text("Nouvelle conversation", "New conversation")
EXAMPLES = Text("Exemples de questions", "Example questions")
SUGGESTIONS = Text("Pour continuer", "To go on")
SEARCHING = Text("Je cherche dans les sources…", "Searching the sources…")
YOU = Text("Vous :", "You:")
ANSWER = Text("Réponse :", "Answer:")
ANSWERED = Text("Trouvé dans les sources", "Found in the sources")
FROM_FAQ = Text("Réponse de la foire aux questions", "Answer from the FAQ")
NEAR_ONLY = Text("Pas de réponse dans les sources", "No answer in the sources")
DECLINED = Text("Question déclinée", "Question declined")
QUOTED = Text(
    "Cité mot pour mot. Les numéros mènent aux sources.",
    "Quoted word for word. The numbers lead to the sources.",
)
GENERATED = Text(
    "Rédigé par un modèle de langue ; chaque phrase est vérifiée dans le passage qu'elle cite.",
    "Written by a language model; each sentence is checked against the passage it cites.",
)
VALIDATED = Text(*wording.VALIDATED)
WRITING = Text("Je rédige la réponse…", "Writing the answer…")
NOT_CONFIRMED = Text("Phrase non confirmée :", "Sentence not confirmed:")
STREAM = Text(
    "Des évènements `citation` et `statement`, puis `done` avec la réponse entière, ou `error`.",
    "`citation` and `statement` events, then `done` with the whole reply, or `error`.",
)
DEGRADED = Text(
    "La recherche par le sens est indisponible pour le moment : "
    "seuls les mots de votre question sont cherchés.",
    "Search by meaning is unavailable for now: only the words of your question are searched.",
)
COPY = Text("Copier la réponse", "Copy the answer")
COPIED = Text("Réponse copiée.", "Answer copied.")
SHARE = Text("Copier le lien vers la question", "Copy the link to the question")
SHARED = Text("Lien copié.", "Link copied.")
COPY_BY_HAND = Text("À copier :", "To copy:")
HELPFUL = Text("Cette réponse vous aide-t-elle ?", "Does this answer help you?")
YES = Text("Oui", "Yes")
NO = Text("Non", "No")
REASON = Text(
    "Pourquoi ? (facultatif, sans donnée personnelle)", "Why? (optional, no personal data)"
)
SEND_OPINION = Text("Envoyer l'avis", "Send the opinion")
THANKS = Text("Merci pour votre avis.", "Thank you for your opinion.")
NOT_SENT = Text(
    "Votre avis n'a pas pu être envoyé. Réessayez dans un instant.",
    "Your opinion could not be sent. Please try again in a moment.",
)
# What is said where the journal is on; {days} is « 7 jours »
JOURNAL = Text(
    "Votre question est gardée {days} au plus, données personnelles masquées, pour améliorer les "
    "réponses.",
    "Your question is kept for {days} at most, personal data masked, to improve the answers.",
)
OPINION_KEPT = Text(
    "Gardé avec votre question, {days} au plus, données personnelles masquées.",
    "Kept with your question, for {days} at most, personal data masked.",
)
FOOTER_JOURNAL = Text(
    "Aucun cookie. La conversation reste en mémoire pendant la visite, et au plus une heure après "
    "la visite. Les questions sont gardées {days} au plus, données personnelles masquées.",
    "No cookie. The conversation stays in memory during the visit, and at most one hour after the "
    "visit. Questions are kept for {days} at most, personal data masked.",
)
DAY, DAYS = Text("1 jour", "1 day"), Text("{count} jours", "{count} days")
OPINION = Text(
    "Compté, puis oublié : rien de cet avis n'est enregistré par défaut.",
    "Counted, then forgotten: nothing of this opinion is stored by default.",
)
FOOTER_SOURCES = Text("Toutes les sources", "All sources")
FOOTER_ABOUT = Text("À propos", "About")
FOOTER_FAQ = Text("Foire aux questions", "Frequently asked questions")
FOOTER_PERSONAL = Text("Confidentialité", "Privacy")
FOOTER_NAVIGATION = Text("Pages d'information", "Information pages")
FOOTER_PRIVACY = Text(
    "Aucun cookie. La conversation n'est enregistrée ni sur le serveur ni dans votre navigateur : "
    "elle reste en mémoire pendant la visite, et au plus une heure après la visite.",
    "No cookie. The conversation is saved neither on the server nor in your browser: "
    "it stays in memory during the visit, and at most one hour after the visit.",
)
FOOTER_ACCESSIBILITY = Text("Accessibilité", "Accessibility")
COMPLIANCE = {
    "non": Text("non conforme", "not compliant"),
    "partiellement": Text("partiellement conforme", "partially compliant"),
    "totalement": Text("totalement conforme", "fully compliant"),
}
STATED = Text("Accessibilité : {found}", "Accessibility: {found}")
OTHER_LANGUAGE = Text("English", "Français")
CLOSE = Text("Fermer", "Close")
CONTACT = Text("Pour parler à une personne : {contact}", "To talk to a person: {contact}")

LOST_TITLE = Text("Erreur", "Error")
LOST = Text(
    "La connexion avec le serveur est coupée, ou il est très demandé. Réessayez dans un instant ; "
    "si cela dure, rechargez la page.",
    "The connection with the server is lost, or it is very busy. Please try again in a moment; "
    "if it lasts, reload the page.",
)

CROWDED_TITLE = Text("Un instant", "One moment")
CROWDED = Text(
    "L'assistant est très demandé en ce moment. Merci de renvoyer votre question dans un instant.",
    "The assistant is in great demand just now. Please send your question again in a moment.",
)
REFUSED_NOW = Text(
    "Trop de demandes arrivent en ce moment. Merci de renvoyer votre question dans {seconds} s.",
    "Too many requests are coming in just now. Please send your question again in {seconds} s.",
)
QUEUED = Text(
    "L'assistant est très demandé en ce moment : votre question attend son tour.",
    "The assistant is in great demand just now: your question waits for its turn.",
)

# The panel of sources
PANEL = Text("Sources de la réponse", "Sources of the answer")
PANEL_NEAR = Text("Passages qui peuvent aider", "Passages that may help")
PANEL_EMPTY = Text(
    "Les passages cités s'afficheront ici, avec leur titre, leur éditeur et leur date.",
    "The quoted passages will show here, with their title, publisher and date.",
)
PANEL_NONE = Text("Cette réponse ne cite aucune source.", "This answer quotes no source.")
PANEL_EARLIER = Text("Réponse à « {question} »", "Answer to “{question}”")
PANEL_RELEASE = Text(
    "{count} sources, dans leur version du {date}.", "{count} sources, as of {date}."
)
READ = Text("Lire dans la source", "Read in the source")
OPEN_ORIGINAL = Text("Ouvrir l'original", "Open the original")
BACK = Text("Revenir à la réponse", "Back to the answer")
NEW_TAB = Text("(nouvel onglet)", "(new tab)")
CITATION = Text("Source", "Source")

# The pages of the sources
CITE = Text("Pour citer ce texte", "To cite this text")
CITE_HOW = Text(
    "Un clic ou un appui sélectionne la ligne entière.", "A click or a tap selects the whole line."
)
SOURCES = Text("Les sources", "The sources")
SOURCES_INTRO = Text(
    "Les réponses de l'assistant s'appuient sur ces textes, et eux seuls.",
    "The assistant's answers rest on these texts and no others.",
)
BACK_TO_ASSISTANT = Text("Poser une question", "Ask a question")
NAVIGATION = Text("Pages de l'assistant", "Pages of the assistant")
CONTENTS = Text("Sommaire", "Contents")
ABOUT = Text("À propos de ce texte", "About this text")
SHEET = Text("Fiche de synthèse", "Summary sheet")
SHEET_NOTICE = Text(
    "Ce texte résume des documents publics ; eux seuls font foi.",
    "This text sums up public documents; they alone are authoritative.",
)
ORIGINALS = Text("Documents originaux", "Original documents")
COPIES = Text("Le même texte est aussi publié à :", "The same text is also published at:")
PAGE = Text("p. {page}", "p. {page}")
PAGE_QUOTED = Text("Page du passage", "Page of the passage")
PUBLISHER = Text("Éditeur", "Publisher")
AUTHOR = Text("Auteur", "Author")
DATE = Text("Date", "Date")
UNDATED = Text("sans date", "undated")
KIND = Text("Nature", "Kind")
LANGUAGE = Text("Langue", "Language")
MOVED = Text(
    "Ce texte a changé depuis la création de ce lien : "
    "le passage cité n'y est plus à la même place.",
    "This text has changed since this link was made: "
    "the quoted passage is no longer in the same place.",
)
GO_TO_PASSAGE = Text("Aller au passage cité", "Go to the quoted passage")
KINDS = {
    "charte": Text("Charte", "Charter"),
    "article": Text("Article", "Article"),
    "page": Text("Page", "Page"),
    "faq": Text("Foire aux questions", "Frequently asked questions"),
}
LANGUAGES = {
    "fr": Text("français", "French"),
    "en": Text("anglais", "English"),
    "de": Text("allemand", "German"),
    "es": Text("espagnol", "Spanish"),
}

# Errors
EMPTY_QUESTION = Text("Écrivez une question.", "Write a question.")
LONG_QUESTION = Text(
    f"La question dépasse {QUESTION_LIMIT} caractères : raccourcissez-la.",
    f"The question is over {QUESTION_LIMIT} characters: please shorten it.",
)
UNAVAILABLE = Text(
    "Les sources ne peuvent pas être consultées pour le moment. Réessayez dans quelques minutes.",
    "The sources cannot be consulted for now. Please try again in a few minutes.",
)
UNEXPECTED = Text(
    "Une erreur inattendue est survenue. Réessayez dans quelques minutes.",
    "An unexpected error occurred. Please try again in a few minutes.",
)
UNKNOWN_SOURCE = Text(
    "Cette source n'existe pas, ou n'est plus dans la version en service.",
    "This source does not exist, or is no longer in the release in service.",
)
PAGE_NOT_FOUND = Text("Cette page n'existe pas.", "This page does not exist.")
METHOD_NOT_ALLOWED = Text(
    "Cette adresse n'accepte pas la méthode {method}.",
    "This address does not accept the method {method}.",
)
OTHER_ORIGIN = Text(
    "Les pages d'autres sites ne peuvent pas appeler ce service.",
    "Pages of other sites cannot call this service.",
)
TOO_OFTEN = Text(
    "Trop de demandes viennent de votre connexion : réessayez dans {seconds} s.",
    "Too many requests come from your connection: please try again in {seconds} s.",
)
BUSY = Text(
    "L'assistant est très demandé en ce moment : réessayez dans {seconds} s.",
    "The assistant is in great demand just now: please try again in {seconds} s.",
)
TOO_SLOW = Text(
    "La requête a mis trop de temps à arriver. Réessayez.",
    "The request took too long to arrive. Please try again.",
)
TOO_LARGE = Text("La requête est trop longue.", "The request is too long.")
NOT_JSON_TYPE = Text(
    "Le corps de la requête doit être du JSON (Content-Type: application/json).",
    "The body of the request must be JSON (Content-Type: application/json).",
)
NOT_JSON = Text(
    "Le corps de la requête n'est pas du JSON valide.",
    "The body of the request is not valid JSON.",
)
MISSING = Text("« {field} » manque.", "“{field}” is missing.")
NOT_TEXT = Text("« {field} » doit être un texte.", "“{field}” must be text.")
LONG_FIELD = Text(
    "« {field} » dépasse {limit} caractères : raccourcissez-le.",
    "“{field}” is over {limit} characters: please shorten it.",
)
NOT_IN_BOUNDS = Text(
    "« {field} » doit être un nombre entier entre 1 et 50.",
    "“{field}” must be a whole number between 1 and 50.",
)
NOT_OBJECT = Text(
    "Le corps de la requête doit être un objet JSON avec « question ».",
    "The body of the request must be a JSON object with “question”.",
)
NOT_VALID = Text("« {field} » n'est pas valide.", "“{field}” is not valid.")
REFUSED = Text("La requête ne peut pas être traitée.", "The request cannot be processed.")
PROBLEMS = {
    400: Text("Requête incorrecte", "Bad request"),
    403: Text("Accès refusé", "Forbidden"),
    404: Text("Introuvable", "Not found"),
    405: Text("Méthode refusée", "Method not allowed"),
    408: Text("Requête trop lente", "Request timeout"),
    413: Text("Requête trop longue", "Content too large"),
    415: Text("Format refusé", "Unsupported media type"),
    422: Text("Requête à corriger", "Unprocessable content"),
    429: Text("Trop de demandes", "Too many requests"),
    500: Text("Erreur interne", "Internal error"),
    503: Text("Service indisponible", "Service unavailable"),
}

# The widget
WIDGET_TITLE = Text("Vos questions sur la charte", "Your questions about the charter")
WIDGET_LAUNCHER = Text("Une question ?", "Any question?")
WIDGET_FAILED = Text(
    "L'assistant n'a pas pu s'ouvrir. Réessayez dans un instant.",
    "The assistant could not open. Please try again in a moment.",
)
WIDGET_CONVERSATION = Text("Conversation", "Conversation")
WIDGET_CLOSE = Text("Fermer", "Close")
WIDGET_WHOLE = Text("Ouvrir en pleine page", "Open on a whole page")
WIDGET_LOST = Text(
    "La connexion avec le serveur est coupée, ou il est très demandé. Réessayez dans un instant.",
    "The connection with the server is lost, or it is very busy. Please try again in a moment.",
)

# The page on which the widget is tried
TRIAL = Text("Poser l'assistant sur un site", "Put the assistant on a site")
TRIAL_INTRO = Text(
    "Choisissez son apparence, puis copiez une ligne dans les pages de votre site. "
    "Le bouton en bas de cette page montre le résultat.",
    "Choose how it looks, then copy one line into the pages of your site. "
    "The button at the bottom of this page shows the result.",
)
TRIAL_LOOK = Text("Apparence", "Look")
TRIAL_TITLE = Text("Titre", "Title")
TRIAL_LABEL = Text("Texte du bouton", "Text of the button")
TRIAL_GREETING = Text("Premier message", "First message")
TRIAL_LANGUAGE = Text("Langue", "Language")
TRIAL_POSITION = Text("Place du bouton", "Place of the button")
TRIAL_RIGHT = Text("à droite", "right")
TRIAL_LEFT = Text("à gauche", "left")
TRIAL_COLOR = Text("Couleur", "Colour")
TRIAL_KEEP = Text(
    "Garder la conversation d'une page à l'autre, dans le navigateur du visiteur et jusqu'à la "
    "fermeture de l'onglet (sans cette case, rien n'est enregistré)",
    "Keep the conversation from one page to the next, in the visitor's browser and until the tab "
    "is closed (without this, nothing is stored)",
)
TRIAL_APPLY = Text("Essayer", "Try")
TRIAL_LINE = Text("La ligne à coller avant la fin de la page", "The line to paste before </body>")
TRIAL_FRAME = Text("Si votre site n'accepte qu'un cadre", "If your site only accepts a frame")
TRIAL_POLICY = Text(
    "Si votre site a une politique de sécurité (Content-Security-Policy), ajoutez-y",
    "If your site has a Content-Security-Policy, add to it",
)
TRIAL_ALLOWED = Text("Sites autorisés", "Allowed sites")
TRIAL_NONE = Text(
    "Aucun site n'est encore autorisé : le bouton ne s'affiche que sur cette page. Donnez "
    "l'adresse du vôtre au serveur, par exemple",
    "No site is allowed yet: the button only shows on this page. Tell the server yours, as in",
)
TRIAL_SOME = Text(
    "Le bouton s'affiche sur ces sites, et nulle part ailleurs :",
    "The button shows on these sites, and nowhere else:",
)

# The server
PORT_TAKEN = Text(
    "Le port {port} est déjà pris : arrêtez l'autre programme ou choisissez --port.",
    "Port {port} is already taken: stop the other program or choose --port.",
)
PORT_FORBIDDEN = Text(
    "Le port {port} est réservé au système : choisissez --port au-dessus de 1024.",
    "Port {port} is reserved: choose --port above 1024.",
)
HOST_UNKNOWN = Text(
    "L'adresse « {host} » n'est pas celle de cette machine : corrigez --host.",
    "The address “{host}” is not one of this machine's: correct --host.",
)
API_DESCRIPTION = Text(
    "Réponses citées, ou rédigées puis vérifiées, avec la source de chaque passage. "
    "Les erreurs sont des « problem details » (RFC 9457) dont `detail` est une phrase en français.",
    "Answers quoted, or written and then checked, with the source of each passage.",
)
