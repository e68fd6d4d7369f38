"""Rules that turn a sentence's negation, its modality or its quantities."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.rules.place import Place, swapped, swaps

_INFINITIVE = r"(?=(?:être|avoir|se |s['’]|l['’]|y |en |(?:aussi|donc|ainsi|également) )?[a-zéèêîçô]*(?:er|ir|re|oir|être|avoir)\b)"  # noqa: E501
_NOT_OBJECT = r"(?<!\ben )(?<!\by )(?<!\blui )(?<!\bleur )(?<!\bne )(?<!\bl['’])(?<!\bd['’])"
_SUBJECT = r"(?<=[a-zà-ÿ0-9)»] )"

_NEGATED = swaps(
    (rf"{_SUBJECT}{_NOT_OBJECT}(?<!\b[àlL]['’])\best (?!en partie)", "n'est pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\best (?=[a-z]+(?:é|ée|és|ées|it|ite|u|ue) )", "n'est jamais "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bsont ", "ne sont pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bsont ", "ne sont jamais "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bétait ", "n'était pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bétaient ", "n'étaient pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bfut ", "ne fut pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bfurent ", "ne furent jamais "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\ba (?=été |(?:[a-zéè]+(?:é|ée|it|u|is|ert)) )", "n'a pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\ba (?=été )", "n'a jamais "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bont (?=été |(?:[a-zéè]+(?:é|it|u|is|ert)) )", "n'ont pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bpeut {_INFINITIVE}", "ne peut pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bpeuvent {_INFINITIVE}", "ne peuvent pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bdoit {_INFINITIVE}", "ne doit pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bdoivent {_INFINITIVE}", "ne doivent pas "),
    (rf"{_SUBJECT}{_NOT_OBJECT}\bpermet (?=de |d['’]|à )", "ne permet pas "),
    (r"\bc~est (?!-)", "ce n'est pas "),
    (r"\bavec (?=(?:succès|l['’]aide|le soutien|l['’]accord|la participation|son|sa|ses|une?) )",
     "sans "),
    (r"\bavec (?=l['’](?:aide|accord|appui)\b)", "sans "),
)  # fmt: skip

_NO_MORE = (
    r"(?:pas|jamais|plus(?!.*\bqu['’e])) (?!que |de |des? plus|d['’]|qu['’]|seulement |un seul"
    r"|uniquement |encore |loin |moins |plus |non plus)"
)
_CLITIC = r"se |le |la |les |lui |leur |y |en |nous |vous |s['’]|l['’]|m['’]"
_AFFIRMED = swaps(
    (rf"\bce n~(est|était|étaient) {_NO_MORE}", r"c'\1 "),
    (rf"(?<!\bce )\bn~(?!en |y )(\w+) {_NO_MORE}", r"\1 "),
    (rf"\bne (?!{_CLITIC})(\w+) {_NO_MORE}", r"\1 "),
    (rf"\bne (se |s['’]|le |la |les |lui |leur |l['’])(\w+) {_NO_MORE}", r"\1\2 "),
    (r"\bn~(a|ont|avait|avaient|eut|y a) aucun(?= (?!des? ))", r"\1 un"),
    (r"\bn~(a|ont|avait|avaient|eut|y a) aucune(?= (?!des? ))", r"\1 une"),
    (r"\bne (\w+) aucun(e?)(?= (?!des? ))", r"\1 un\2"),
    (r"\bsans (?=(?:difficulté|succès|effet|limite|frais|intervention|accord|l['’]|la |le |son "
     r"|sa |les |ses |une? ))", "avec "),
    (r"\bne pas (?=[a-zéèê]+(?:er|ir|re)\b)", ""),
)  # fmt: skip

_MODALITY = swaps(
    (rf"(?<!ne )(?<!s['’]il )\bpeut {_INFINITIVE}", "doit "),
    (rf"(?<!ne )\bpeuvent {_INFINITIVE}", "doivent "),
    (rf"(?<!ne )\bdoit {_INFINITIVE}", "peut "),
    (rf"(?<!ne )\bdoivent {_INFINITIVE}", "peuvent "),
    (rf"(?<!ne )\bpouvait {_INFINITIVE}", "devait "),
    (rf"(?<!ne )\bpouvaient {_INFINITIVE}", "devaient "),
    (rf"(?<!ne )\bdevait {_INFINITIVE}", "pouvait "),
    (rf"(?<!ne )\bdevaient {_INFINITIVE}", "pouvaient "),
    (rf"\bpourrait {_INFINITIVE}", "va "),
    (rf"\bpourraient {_INFINITIVE}", "vont "),
    (rf"\bpourrait {_INFINITIVE}", "doit "),
    (r"\bpourrait être\b", "est"),
    (r"\bpourraient être\b", "sont"),
    (r"\bpeut être\b(?! que)", "est"),
    (r"\bpeuvent être\b", "sont"),
    (r"\bserait\b(?! de|-)", "est"),
    (r"\bseraient\b", "sont"),
    (r"\baurait (?=[a-zéè]+(?:é|ée|it|u|is|ert|té)\b)", "a "),
    (r"\bauraient (?=[a-zéè]+(?:é|it|u|is|ert|té)\b)", "ont "),
    (rf"\bdevrait {_INFINITIVE}", "doit "),
    (rf"\bdevraient {_INFINITIVE}", "doivent "),
    (r"\bil est possible\b", "il est certain"),
    (r"\bil est probable\b", "il est certain"),
    (r"\bprobablement\b", "certainement"),
    (r"\bpeut-être\b", "certainement"),
    (r"\bsans doute\b", "sans aucun doute"),
    (r"\bvraisemblablement\b", "avec certitude"),
    (r"\bsemble être\b", "est"),
    (r"\bsemblent être\b", "sont"),
    (r"\bsemble avoir\b", "a"),
    (r"\bsemblent avoir\b", "ont"),
    (r"\bsemble (?=[a-z]+(?:er|ir|re)\b)", "va "),
    (rf"\bvise à {_INFINITIVE}", "réussit à "),
    (rf"\bvisent à {_INFINITIVE}", "réussissent à "),
    (r"\bpropose de\b", "impose de"),
    (r"\bpropose d~", "impose d'"),
    (r"\brecommande\b", "impose"),
    (r"\brecommandé", "imposé"),
    (r"\bconseille\b(?! d['’]| de )", "ordonne"),
    (r"\bimpose\b(?! comme)(?<!s['’]impose)", "recommande"),
    (r"\bimposé(?=e?s? (?:par|à|aux|au) )", "recommandé"),
    (r"\bobligent\b", "autorisent"),
    (r"\boblige\b", "autorise"),
    (r"\bautorise (?=le |la |les |l['’])", "oblige "),
    (r"\bpermet de (?=[a-z]+(?:er|ir|re)\b)", "oblige à "),
    (r"\bpermettent de (?=[a-z]+(?:er|ir|re)\b)", "obligent à "),
    (r"\bsouhaite (?=[a-z]+(?:er|ir|re)\b)", "va "),
    (rf"\bprévoit de {_INFINITIVE}", "a réussi à "),
    (rf"\bessaie de {_INFINITIVE}", "réussit à "),
    (rf"\btente de {_INFINITIVE}", "réussit à "),
    (rf"\btentent de {_INFINITIVE}", "réussissent à "),
    (rf"\bil faut (?![aeiouyhéêâ]){_INFINITIVE}", "il est permis de "),
    (rf"\bil faut (?=[aeiouéêâ]){_INFINITIVE}", "il est permis d'"),
)

_QUANTITY = swaps(
    (r"\btous les (?!deux|trois|quatre|cinq|six|sept|ans|mois|jours|\d)", "certains "),
    (r"\btoutes les (?!deux|trois|quatre|cinq|\d)", "certaines "),
    (r"\bcertains (?=[a-zéèê]+s )", "tous les "),
    (r"\bcertaines (?=[a-zéèê]+s )", "toutes les "),
    (r"\bla plupart des ", "quelques "),
    (r"\bla plupart de ses ", "quelques-uns de ses "),
    (r"\bquelques (?!années|mois|jours|temps|milliers|kilomètres|mètres|heures|semaines|minutes"
     r"|siècles|secondes|fois|millions)(?=[a-zéèê]+s )", "tous les "),
    (r"\bplusieurs (?!années|mois|jours|siècles|fois|heures|mètres|kilomètres|milliers"
     r"|millions|centaines|dizaines|semaines|décennies|reprises)(?=[a-zéèê]+s )", "tous les "),
    (r"\bplus (?=de (?:\d|deux|trois|quatre|la moitié|cent|mille))(?<!en plus )(?<!ne plus )",
     "moins "),
    (r"\bmoins (?=de (?:\d|deux|trois|quatre|la moitié|cent|mille))", "plus "),
    (r"(?<=\ble )plus (?=[a-zéèê]+ )(?!tard|tôt|souvent|possible)", "moins "),
    (r"(?<=\bla )plus (?=[a-zéèê]+ )", "moins "),
    (r"(?<=\bles )plus (?=[a-zéèê]+ )", "moins "),
    (r"\bau moins (?=\d|une?\b|deux|trois|la moitié)", "au plus "),
    (r"\bau plus (?=\d|deux|trois)", "au moins "),
    (r"\benviron (?=\d)", "exactement "),
    (r"\bprès de (?=\d)", "plus de "),
    (r"\bplus de (?=\d)", "exactement "),
    (r"\bune dizaine d(?:e |['’])", "exactement 10 "),
    (r"\bune quinzaine d(?:e |['’])", "exactement 15 "),
    (r"\bune vingtaine d(?:e |['’])", "exactement 20 "),
    (r"\bune trentaine d(?:e |['’])", "exactement 30 "),
    (r"\bune quarantaine d(?:e |['’])", "exactement 40 "),
    (r"\bune cinquantaine d(?:e |['’])", "exactement 50 "),
    (r"\bune centaine d(?:e |['’])", "exactement 100 "),
    (r"\bla majorité\b", "la minorité"),
    (r"(?<!['’])\baugment(?=e\b|ent\b|er\b|é\b|a\b|ait\b)", "diminu"),
    (r"\bd~augmenter\b", "de diminuer"),
    (r"\bl~augmentation\b", "la diminution"),
    (r"\bune augmentation\b", "une diminution"),
    (r"(?<!de )\bdiminu(?=e\b|ent\b|er\b|é\b|a\b|ait\b)", "augment"),
    (r"\bla diminution\b", "l'augmentation"),
    (r"\bune diminution\b", "une augmentation"),
    (r"\bla hausse\b", "la baisse"),
    (r"\bla baisse\b", "la hausse"),
    (r"\bune hausse\b", "une baisse"),
    (r"\bune baisse\b", "une hausse"),
    (r"\bsupérieur(?=e?s? à)", "inférieur"),
    (r"\binférieur(?=e?s? à)", "supérieur"),
    (r"\bmaximum\b", "minimum"),
    (r"\bminimum\b", "maximum"),
    (r"\bpresque tou(?=s |te)", "tou"),
    (r"\bbeaucoup d(?=e |['’])", "peu d"),
    (r"\bde nombreu(?:x|ses) (?![aeiouyhéèêâîô])", "peu de "),
    (r"\bpeu de ", "beaucoup de "),
    (r"\bla moitié d(?=e |u |es )", "la totalité d"),
    (r"\bla totalité d(?=e |u |es )", "la moitié d"),
    (r"\btoujours\b(?<!pas toujours)", "parfois"),
    (r"\bparfois\b", "toujours"),
    (r"\bsouvent\b", "rarement"),
    (r"\brarement\b", "souvent"),
    (r"\bprincipalement\b", "exclusivement"),
    (r"(?<!['’])\bune partie d(?=e la |u |es )", "la totalité d"),
    (r"\bd~une partie d(?=e la |u |es )", "de la totalité d"),
)  # fmt: skip

_OPPOSITE = swaps(
    (r"(?<=\ble )premier (?=[a-zéèê]+ )(?!ministre|plan)", "dernier "),
    (r"(?<=\bla )première (?=[a-zéèê]+ )(?!guerre)", "dernière "),
    (r"(?<=\ble )dernier (?=[a-zéèê]+ )", "premier "),
    (r"(?<!d['’])\baprès (?=la |le |les |l['’]|sa |son |avoir |une? )", "avant "),
    (r"\bau début d(?=e |u |es |['’])", "à la fin d"),
    (r"\bà la fin d(?=e |u |es |['’])", "au début d"),
    (r"\bau nord\b", "au sud"),
    (r"\bau sud\b", "au nord"),
    (r"\bà l~est\b", "à l'ouest"),
    (r"\bà l~ouest\b", "à l'est"),
    (r"\bgagne\b", "perd"),
    (r"\bremporte\b", "perd"),
    (r"\bperd\b", "gagne"),
    (r"\baccepte\b", "refuse"),
    (r"\brefuse\b", "accepte"),
    (r"\baccepté", "refusé"),
    (r"\brefusé", "accepté"),
    (r"\bvictoire\b", "défaite"),
    (r"\bdéfaite\b", "victoire"),
    (r"\binternational", "municipal"),
    (r"\bmasculin", "féminin"),
    (r"\bélevé(?=e?s?\b)", "modéré"),
)  # fmt: skip


def negation(place: Place) -> Iterator[str]:
    """A negation that was not there."""
    yield from swapped(place.text, _NEGATED)


def affirmation(place: Place) -> Iterator[str]:
    """A negation taken away."""
    yield from swapped(place.text, _AFFIRMED)


def modality(place: Place) -> Iterator[str]:
    """What may be as what must be, what is possible as what is certain, and the reverse."""
    yield from swapped(place.text, _MODALITY)


def quantity(place: Place) -> Iterator[str]:
    """All as some, more as less, about as exactly."""
    yield from swapped(place.text, _QUANTITY)


def opposite(place: Place) -> Iterator[str]:
    """A word as its contrary."""
    yield from swapped(place.text, _OPPOSITE)
