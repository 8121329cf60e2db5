"""Which partner a country is taken from, where several offer it."""

from federation.choice.book import BookInMemory, OfferBook
from federation.choice.catalogued import CataloguedOffers
from federation.choice.choose import Candidate, Choice, choose
from federation.choice.narrow import only_of
from federation.choice.sharing import Share, Told, share_out

__all__ = [
    "BookInMemory",
    "Candidate",
    "CataloguedOffers",
    "Choice",
    "OfferBook",
    "Share",
    "Told",
    "choose",
    "only_of",
    "share_out",
]
