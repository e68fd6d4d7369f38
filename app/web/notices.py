"""What the pages « À propos », « Accessibilité », « Confidentialité » and « FAQ » say.

In French and in English; ``{…}`` are filled from the settings by :mod:`app.web.about`.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.web.texts import Text


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the paragraphs below it."""

    title: Text
    paragraphs: tuple[Text, ...]


NO_CONTACT = Text("Aucun contact n'est encore indiqué.", "No contact is given yet.")

ABOUT_TITLE = Text("À propos de l'assistant", "About the assistant")
WHAT = Section(
    Text("Ce que c'est", "What it is"),
    (
        Text(
            "Un système automatique, proposé par {agency}. Il cherche dans les sources de ce site "
            "et montre, pour chaque phrase, le passage d'où elle vient. Aucune personne ne lit ni "
            "n'écrit les réponses.",
            "An automatic system, offered by {agency}. It searches the sources of this site and "
            "shows, for each sentence, the passage it comes from. No person reads or writes the "
            "answers.",
        ),
    ),
)
QUOTED = Text(
    "Les réponses sont des extraits des sources, cités mot pour mot. Aucun modèle de langue "
    "n'écrit de texte.",
    "The answers are extracts of the sources, quoted word for word. No language model writes "
    "any text.",
)
WRITTEN = Text(
    "Les réponses sont rédigées par un modèle de langue ({model}) à partir des passages trouvés. "
    "Un programme vérifie chaque phrase dans le passage qu'elle cite ; ce qu'il ne confirme pas "
    "n'est pas montré comme un fait. Si trop peu est confirmé, ou si le modèle ne répond pas, les "
    "passages sont cités mot pour mot.",
    "The answers are written by a language model ({model}) from the passages found. A program "
    "checks each sentence against the passage it cites; what it does not confirm is not shown as "
    "fact. If too little is confirmed, or if the model does not answer, the passages are quoted "
    "word for word.",
)
ANSWERING = Section(
    Text("Comment il répond, et quand il s'abstient", "How it answers, and when it does not"),
    (
        Text(
            "Il peut se tromper : ouvrez la source avant de vous y fier. Quand les sources ne "
            "répondent pas, il le dit et montre les passages les plus proches. Il décline les "
            "conseils personnels et les questions qui portent sur autre chose.",
            "It may be wrong: open the source before you rely on it. When the sources do not "
            "answer, it says so and shows the nearest passages. It declines personal advice and "
            "questions about something else.",
        ),
    ),
)
PERSON = Text("Parler à une personne", "Talking to a person")

ACCESSIBILITY_TITLE = Text("Déclaration d'accessibilité", "Accessibility statement")
COMMITMENT = Text(
    "{Agency} s'engage à rendre ce service accessible, conformément à l'article 47 de la loi "
    "n° 2005-102 du 11 février 2005. Cette déclaration s'applique à l'assistant et à ses pages.",
    "{Agency} undertakes to make this service accessible, in accordance with article 47 of French "
    "law no. 2005-102 of 11 February 2005. This statement applies to the assistant and its pages.",
)
STATE = Text("État de conformité", "Compliance status")
STATED = Text(
    "Ce service est {found} avec le référentiel général d'amélioration de l'accessibilité (RGAA), "
    "version 4.",
    "This service is {found} with the French accessibility standard (RGAA), version 4.",
)
NOT_AUDITED = Text(
    "Aucun audit n'a encore été fait : il est donc déclaré non conforme. Des vérifications "
    "automatiques (axe-core) sont faites à chaque version ; elles ne remplacent pas un audit.",
    "No audit has been made yet: it is therefore declared not compliant. Automatic checks "
    "(axe-core) are made for each version; they do not replace an audit.",
)
FEEDBACK = Section(
    Text("Signaler une difficulté", "Reporting a difficulty"),
    (
        Text(
            "Si vous ne pouvez pas accéder à un contenu ou à un service, signalez-le pour être "
            "orienté vers une solution ou obtenir le contenu sous une autre forme. {contact}",
            "If you cannot reach a content or a service, report it to be directed to another "
            "solution or to obtain the content in another form. {contact}",
        ),
    ),
)
RECOURSE = Section(
    Text("Voies de recours", "Remedies"),
    (
        Text(
            "Si vous avez signalé un défaut d'accessibilité qui vous empêche d'accéder à un "
            "contenu et que vous n'avez pas obtenu de réponse satisfaisante, vous pouvez saisir le "
            "Défenseur des droits : par son formulaire (defenseurdesdroits.fr), auprès de son "
            "délégué dans votre région, ou par courrier gratuit, sans timbre : Défenseur des "
            "droits, Libre réponse 71120, 75342 Paris CEDEX 07.",
            "If you reported an accessibility defect that keeps you from a content and got no "
            "satisfactory answer, you may turn to the French Defender of Rights: by its form "
            "(defenseurdesdroits.fr), through its delegate in your region, or by post, free of "
            "charge: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.",
        ),
    ),
)

PRIVACY_TITLE = Text("Confidentialité", "Privacy")
KEPT = Section(
    Text("Ce qui est gardé", "What is kept"),
    (
        Text(
            "Aucun cookie, aucune mesure d'audience, aucun appel à un autre site : ni police, ni "
            "script, ni image de tiers. Rien n'est enregistré dans votre navigateur.",
            "No cookie, no audience measurement, no call to another site: no font, script or "
            "image of a third party. Nothing is stored in your browser.",
        ),
        Text(
            "La conversation reste en mémoire du serveur pendant la visite, et au plus une heure "
            "après la dernière question. Les questions et les réponses ne sont pas enregistrées.",
            "The conversation stays in the server's memory during the visit, and at most one hour "
            "after the last question. Questions and answers are not stored.",
        ),
        Text(
            "Si vous donnez un avis, le serveur note seulement qu'un avis favorable ou non a été "
            "donné, sur quel genre de réponse et quelle version des sources ; le texte que vous y "
            "joignez n'est pas enregistré.",
            "If you give an opinion, the server only notes that a good or bad one was given, on "
            "which kind of answer and which version of the sources; the text that you add is not "
            "stored.",
        ),
        Text(
            "Un lien copié par « Copier le lien vers la question » contient votre question : ne "
            "le partagez que si vous le voulez bien.",
            "A link made by “Copy the link to the question” holds your question: share it only "
            "if you mean to.",
        ),
    ),
)
KEPT_IN_JOURNAL = Section(
    KEPT.title,
    (
        KEPT.paragraphs[0],
        Text(
            "La conversation reste en mémoire du serveur pendant la visite, et au plus une heure "
            "après la dernière question. Les réponses ne sont pas enregistrées.",
            "The conversation stays in the server's memory during the visit, and at most one hour "
            "after the last question. Answers are not stored.",
        ),
        Text(
            "Un journal est tenu pour améliorer les réponses, et {agency} seule le lit : la "
            "question, l'heure, la sorte de réponse, les sources citées et la durée. Un programme "
            "y masque d'abord les données personnelles qu'il reconnaît (noms, adresses, numéros…) "
            "; il ne les reconnaît pas toutes. Ni votre adresse IP ni rien qui désigne votre "
            "appareil n'y figure. Chaque ligne est effacée au bout de {days}.",
            "A journal is kept to improve the answers, and {agency} alone reads it: the question, "
            "the time, the kind of answer, the sources cited and the duration. A program first "
            "masks the personal data that it recognises (names, addresses, numbers…); it does not "
            "recognise all of them. Neither your IP address nor anything that tells your device is "
            "in it. Each line is deleted after {days}.",
        ),
        Text(
            "Si vous donnez un avis, il est gardé avec cette ligne, ainsi que le texte que vous y "
            "joignez, masqué de la même façon.",
            "If you give an opinion, it is kept with that line, and so is the text that you add, "
            "masked in the same way.",
        ),
        KEPT.paragraphs[-1],
    ),
)
ALONE = Text(
    "Votre question n'est envoyée à aucun autre service.",
    "Your question is sent to no other service.",
)
SENT_TO_MODEL = Text(
    "Pour rédiger la réponse, votre question et les passages trouvés sont envoyés au serveur du "
    "modèle de langue : {server}.",
    "To write the answer, your question and the passages found are sent to the server of the "
    "language model: {server}.",
)
SENT_TO_EMBEDDING = Text(
    "Pour chercher par le sens, votre question est envoyée au serveur {server}.",
    "To search by meaning, your question is sent to the server {server}.",
)
SENT = Text("Où va votre question", "Where your question goes")
RIGHTS = Section(
    Text("Vos droits", "Your rights"),
    (
        Text(
            "N'écrivez aucune donnée personnelle. Le responsable de ce service est {agency}. "
            "{contact} Vous pouvez adresser une réclamation à la CNIL (cnil.fr).",
            "Do not enter personal data. {Agency} is responsible for this service. {contact} "
            "You may lodge a complaint with the CNIL (cnil.fr).",
        ),
    ),
)

FAQ_TITLE = Text("Foire aux questions", "Frequently asked questions")
FAQ_EMPTY = Text(
    "Aucune fiche n'est publiée pour le moment. Posez votre question à l'assistant.",
    "No entry is published for now. Ask the assistant your question.",
)
FAQ_UNAVAILABLE = Text(
    "La foire aux questions n'est pas disponible pour le moment. Réessayez dans quelques minutes.",
    "The frequently asked questions are unavailable for now. Please try again in a few minutes.",
)
FAQ_SEARCH = Text("Chercher dans les questions", "Search the questions")
FAQ_FIND = Text("Chercher", "Search")
FAQ_NONE_FOUND = Text("Aucune réponse pour « {asked} ».", "No answer for “{asked}”.")
FAQ_ONE_FOUND = Text("Une réponse pour « {asked} ».", "One answer for “{asked}”.")
FAQ_FOUND = Text("{count} réponses pour « {asked} ».", "{count} answers for “{asked}”.")
FAQ_ALL = Text("Voir toutes les questions", "See all questions")
FAQ_ASK = Text("Poser la question à l'assistant", "Ask the assistant")
FAQ_CONTENTS = Text("Thèmes", "Topics")
FAQ_NO_THEME = Text("Autres questions", "Other questions")
FAQ_SOURCES = Text("Sources", "Sources")
FAQ_VALIDATED = Text("Validé le {date} par {agency}", "Validated on {date} by {agency}")
